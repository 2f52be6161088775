import type { ByteSink } from './byte-sink.js';
import { SequenceSieve } from './sequence-sieve.js';
import { TerminalModes } from './terminal-modes.js';

const ESC = 0x1b;
/** Ends colours and the like (SGR 0). Harmless where there are none, so that none of the many has to be followed. */
const PLAIN = '\x1b[m';

/** A terminal that an agent's output goes to, and that is left in the modes it was found in. */
export class TerminalOutput implements ByteSink {
  readonly #sink: ByteSink;
  readonly #onUndo: (undo: string) => void;
  /** All that {@link TerminalModes} knows, which of what is drawn is little. */
  readonly #sieve = new SequenceSieve({ csi: 'hlrqup' });
  readonly #modes = new TerminalModes();
  /** Bytes that were scanned and that the terminal has not taken yet: the next write begins with them. */
  #ahead = 0;
  #hasDrawn = false;
  #besides = '';

  /** `onUndo` is told what will put the terminal back, before anything is written that changes it. */
  constructor(sink: ByteSink, onUndo: (undo: string) => void = () => undefined) {
    this.#sink = sink;
    this.#onUndo = onUndo;
  }

  write(bytes: Uint8Array): number {
    this.#follow(bytes.subarray(Math.min(this.#ahead, bytes.length)));
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

  /** What is to be written, besides, when the terminal is put back. */
  undoBesides(text: string): void {
    this.#besides = text;
    this.#onUndo(this.#undo());
  }

  /** Puts the terminal's modes back for a while: what is written next finds them as they were at first. */
  rest(): void {
    this.write(Buffer.from(this.#undo()));
  }

  /** Puts the terminal's modes back. One try, for the process may be about to end: a terminal that takes nothing gets nothing. */
  [Symbol.dispose](): void {
    try {
      this.#sink.write(Buffer.from(this.#undo()));
    } catch {
      // It has hung up.
    }
    this.#sink[Symbol.dispose]();
  }

  #follow(bytes: Uint8Array): void {
    const tokens = this.#sieve.push(bytes);
    for (const token of tokens) this.#modes.apply(token);
    const isFirst = !this.#hasDrawn && bytes.includes(ESC);
    this.#hasDrawn ||= isFirst;
    if (isFirst || tokens.length > 0) this.#onUndo(this.#undo());
  }

  #undo(): string {
    return `${this.#hasDrawn ? `${this.#modes.undo()}${PLAIN}` : ''}${this.#besides}`;
  }
}
