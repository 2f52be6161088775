import { ESC } from '../../core/terminal/codes.js';
import type { EscapeToken } from '../../core/terminal/escape-sequences.js';
import type { ByteSink } from './byte-sink.js';
import { SequenceSieve } from './sequence-sieve.js';
import { TerminalModes } from './terminal-modes.js';

/** Ends colours and styles (SGR 0). Harmless where none is set, so that they need not be followed. */
const PLAIN = '\x1b[m';
/** XTWINOPS 22: pushes the titles of the window and of its icon. */
const SAVE_TITLES = Buffer.from('\x1b[22;0t');
/** Ends the sequence that a terminal is in the middle of. */
const CAN = Buffer.from('\x18');
/** Begins a string sequence. */
const OSC = Buffer.from('\x1b]');

/** A terminal that an agent's output goes to, and that is left in the modes it was found in. */
export class TerminalOutput implements ByteSink {
  readonly #sink: ByteSink;
  readonly #onUndo: (undo: string) => void;
  /** The sequences that {@link TerminalModes} follows, few among those of a drawing. */
  readonly #sieve = new SequenceSieve({ csi: 'hlrqupgWt' });
  readonly #modes = new TerminalModes();
  /** Bytes that were scanned and that the terminal has not taken yet: the next write begins with them. */
  #ahead = 0;
  /** Bytes of the output that the terminal has taken. */
  #taken = 0;
  /** The sequence that saves titles, to be written before the output's byte `at`. */
  #saving: { readonly at: number; bytes: Uint8Array } | undefined;
  #hasDrawn = false;
  #besides = '';

  /** `onUndo` is called with the sequences that put the terminal back, before any byte that changes it is written. */
  constructor(sink: ByteSink, onUndo: (undo: string) => void = () => undefined) {
    this.#sink = sink;
    this.#onUndo = onUndo;
  }

  write(bytes: Uint8Array): number {
    this.#follow(bytes.subarray(Math.min(this.#ahead, bytes.length)));
    this.#ahead = Math.max(this.#ahead, bytes.length);
    const before = this.#saving === undefined ? bytes.length : this.#saving.at - this.#taken;
    if (before >= bytes.length) return this.#take(bytes);
    const taken = this.#take(bytes.subarray(0, before));
    return taken === before && this.#areTitlesSaved() ? taken + this.#take(bytes.subarray(before)) : taken;
  }

  whenWritable(run: () => void): void {
    this.#sink.whenWritable(run);
  }

  flush(): Promise<void> {
    return this.#sink.flush();
  }

  /** Sets a text that is written in addition when the terminal is put back. */
  undoBesides(text: string): void {
    this.#besides = text;
    this.#onUndo(this.#undo());
  }

  /** What puts the terminal's modes back, to be written: what is written next finds them as they were at first. */
  get undo(): string {
    return this.#undo();
  }

  /** Puts the terminal's modes back for a while. */
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

  #take(bytes: Uint8Array): number {
    const taken = bytes.length === 0 ? 0 : this.#sink.write(bytes);
    this.#ahead -= taken;
    this.#taken += taken;
    return taken;
  }

  /** Saves titles when all bytes before the agent's first one have been taken; false: the terminal has not taken all yet. */
  #areTitlesSaved(): boolean {
    if (this.#saving === undefined) return true;
    this.#saving.bytes = this.#saving.bytes.subarray(this.#sink.write(this.#saving.bytes));
    if (this.#saving.bytes.length > 0) return false;
    this.#saving = undefined;
    return true;
  }

  #follow(bytes: Uint8Array): void {
    const tokens = this.#sieve.push(bytes);
    for (const token of tokens) {
      if (this.#saving === undefined && this.#modes.losesTitle(token)) this.#saveTitles(token);
      this.#modes.apply(token);
    }
    const isFirst = !this.#hasDrawn && bytes.includes(ESC);
    this.#hasDrawn ||= isFirst;
    if (isFirst || tokens.length > 0) this.#onUndo(this.#undo());
  }

  /** Before `token` sets a title: cancels the bytes of it that the terminal has taken, and begins it again. */
  #saveTitles(token: EscapeToken): void {
    const begun = Math.max(0, this.#taken - token.start);
    if (token.type !== 'osc') return;
    // A title longer than the kept payload cannot be written again: then the previous one is not restored.
    if (begun > 0 && token.payloadBytes > token.payload.length) return;
    const sequence = Buffer.concat([OSC, token.payload, Uint8Array.of(ESC)]);
    const again = begun === 0 ? [SAVE_TITLES] : [CAN, SAVE_TITLES, sequence.subarray(0, begun)];
    this.#saving = { at: token.start + begun, bytes: Buffer.concat(again) };
    this.#modes.titlesSaved();
  }

  #undo(): string {
    return `${this.#hasDrawn ? `${this.#modes.undo()}${PLAIN}` : ''}${this.#besides}`;
  }
}
