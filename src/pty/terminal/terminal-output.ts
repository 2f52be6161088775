import { ESC } from '../../core/terminal/codes.js';
import type { EscapeToken } from '../../core/terminal/escape-sequences.js';
import type { ByteSink } from './byte-sink.js';
import { SequenceSieve } from './sequence-sieve.js';
import { TerminalModes } from './terminal-modes.js';

/** Ends colours and the like (SGR 0). Harmless where there are none, so that none of the many has to be followed. */
const PLAIN = '\x1b[m';
/** XTWINOPS 22: the titles of the window and of its icon are put aside. */
const SAVE_TITLES = Buffer.from('\x1b[22;0t');
/** Ends the sequence that a terminal is in the middle of. */
const CAN = Buffer.from('\x18');
/** What a string sequence begins with. */
const OSC = Buffer.from('\x1b]');

/** A terminal that an agent's output goes to, and that is left in the modes it was found in. */
export class TerminalOutput implements ByteSink {
  readonly #sink: ByteSink;
  readonly #onUndo: (undo: string) => void;
  /** All that {@link TerminalModes} knows, which of what is drawn is little. */
  readonly #sieve = new SequenceSieve({ csi: 'hlrqupgWt' });
  readonly #modes = new TerminalModes();
  /** Bytes that were scanned and that the terminal has not taken yet: the next write begins with them. */
  #ahead = 0;
  /** Bytes of the output that the terminal has taken. */
  #taken = 0;
  /** What puts titles aside, in front of the byte of the output at `at`. */
  #saving: { readonly at: number; bytes: Uint8Array } | undefined;
  #hasDrawn = false;
  #besides = '';

  /** `onUndo` is told what will put the terminal back, before anything is written that changes it. */
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

  #take(bytes: Uint8Array): number {
    const taken = bytes.length === 0 ? 0 : this.#sink.write(bytes);
    this.#ahead -= taken;
    this.#taken += taken;
    return taken;
  }

  /** Puts titles aside when everything in front of the first of the agent's has been taken; false: not all of that was taken. */
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

  /** `token` is about to set a title. What of it the terminal has taken is cut off there, and begun again. */
  #saveTitles(token: EscapeToken): void {
    const begun = Math.max(0, this.#taken - token.start);
    if (token.type !== 'osc') return;
    // Of a title longer than anybody reads not all is known any more: the one before it is not given back.
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
