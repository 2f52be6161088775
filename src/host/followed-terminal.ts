import { byteAt } from '../core/items/element-at.js';
import { SequenceSieve } from '../pty/terminal/sequence-sieve.js';
import { TerminalModes } from '../pty/terminal/terminal-modes.js';
import type { InputModes } from './input/input-turns.js';

/** A sequence that is still open behind this many bytes is data, such as a picture: it is not waited for. */
const MAX_OPEN_BYTES = 256 * 1024;
/** The longest character of UTF-8 but one byte. */
const MAX_TAIL_BYTES = 3;

/** Follows an agent's output for clients that come later: the modes it has set, and where its output can be cut. */
export class FollowedTerminal {
  readonly #sieve = new SequenceSieve({ csi: 'hlrqupgW', osc: '' });
  readonly #modes = new TerminalModes();
  #seen = 0;
  /** The last bytes, among which a character may have begun. */
  #tail: Uint8Array = new Uint8Array(0);

  /** The next bytes of the output. */
  show(bytes: Uint8Array): void {
    for (const token of this.#sieve.push(bytes)) this.#modes.apply(token);
    this.#seen += bytes.length;
    this.#tail =
      bytes.length >= MAX_TAIL_BYTES
        ? Uint8Array.from(bytes.subarray(-MAX_TAIL_BYTES))
        : Buffer.concat([this.#tail, bytes]).subarray(-MAX_TAIL_BYTES);
  }

  /** The sequences that set the modes in force; see {@link TerminalModes.redo}. */
  get modes(): string {
    return this.#modes.redo();
  }

  /** How the program reads what is typed. */
  get inputModes(): InputModes {
    return {
      isPasteBracketed: this.#modes.decMode(2004) === 'set',
      applicationCursor: this.#modes.decMode(1) === 'set',
      kittyFlags: this.#modes.kittyFlags,
    };
  }

  /** The last offset up to now at which neither a sequence nor a character is cut. */
  get boundary(): number {
    const { openAt } = this.#sieve;
    if (openAt < this.#seen && this.#seen - openAt <= MAX_OPEN_BYTES) return openAt;
    return this.#seen - unfinishedBytes(this.#tail);
  }
}

/** How many bytes at the end of `tail` are the beginning of a character of UTF-8. */
function unfinishedBytes(tail: Uint8Array): number {
  for (let back = 1; back <= tail.length; back++) {
    const byte = byteAt(tail, tail.length - back);
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}
