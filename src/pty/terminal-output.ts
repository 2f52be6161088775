import { EscapeScanner } from '../core/escape-sequences.js';
import type { ByteSink } from './byte-sink.js';
import { TerminalModes } from './terminal-modes.js';

/** A terminal that an agent's output goes to, and that is left in the modes it was found in. */
export class TerminalOutput implements ByteSink {
  readonly #sink: ByteSink;
  readonly #onUndo: (undo: string) => void;
  readonly #scanner = new EscapeScanner();
  readonly #modes = new TerminalModes();
  /** Bytes that were scanned and that the terminal has not taken yet: the next write begins with them. */
  #ahead = 0;

  /** `onUndo` is told what will put the terminal back, before anything is written that changes it. */
  constructor(sink: ByteSink, onUndo: (undo: string) => void = () => undefined) {
    this.#sink = sink;
    this.#onUndo = onUndo;
  }

  write(bytes: Uint8Array): number {
    const tokens = this.#scanner.push(bytes.subarray(Math.min(this.#ahead, bytes.length)));
    for (const token of tokens) this.#modes.apply(token);
    if (tokens.length > 0) this.#onUndo(this.#modes.undo());
    const taken = this.#sink.write(bytes);
    this.#ahead = Math.max(this.#ahead, bytes.length) - taken;
    return taken;
  }

  whenWritable(run: () => void): void {
    this.#sink.whenWritable(run);
  }

  flush(): Promise<void> {
    return this.#sink.flush();
  }

  /** Puts the terminal's modes back. One try, for the process may be about to end: a terminal that takes nothing gets nothing. */
  [Symbol.dispose](): void {
    try {
      this.#sink.write(Buffer.from(this.#modes.undo()));
    } catch {
      // It has hung up.
    }
    this.#sink[Symbol.dispose]();
  }
}
