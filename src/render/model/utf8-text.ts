import { byteAt } from '../../core/items/element-at.js';
import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import type { Resumable } from '../../core/resumable.js';

/**
 * Makes the text of a stream well-formed UTF-8: what is not becomes U+FFFD, one for each maximal subpart, as the WHATWG
 * Encoding Standard has it. A character split by a chunk edge waits for its rest.
 */
export class Utf8Text implements Resumable<string> {
  #held: Uint8Array = NOTHING;

  /** How many bytes of an unfinished character wait for its rest. */
  get waiting(): number {
    return this.#held.length;
  }

  /** The bytes of an unfinished character, as base64. */
  save(): string {
    return Buffer.from(this.#held).toString('base64');
  }

  resume(held: string): void {
    this.#held = held === '' ? NOTHING : Uint8Array.from(Buffer.from(held, 'base64'));
  }

  push(bytes: Uint8Array): Utf8Piece {
    const all = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    const end = unfinishedStart(all);
    this.#held = end === all.length ? NOTHING : Uint8Array.from(all.subarray(end));
    const source = end === all.length ? all : all.subarray(0, end);
    return { source, text: isUtf8(source) ? source : Buffer.from(DECODER.decode(source)) };
  }

  /** A control sequence or the end comes: an unfinished character will not be finished any more. */
  flush(): Utf8Piece {
    const held = this.#held;
    this.#held = NOTHING;
    return { source: held, text: held.length === 0 ? NOTHING : REPLACEMENT };
  }
}

export interface Utf8Piece {
  /** Bytes of the stream up to the end of a character, from where the piece before ended. */
  readonly source: Uint8Array;
  /** What they are as text: `source` itself where that is well-formed. */
  readonly text: Uint8Array;
}

/** Where in `source` ends what became `text` and begins at `from`. */
export function sourceEnd(source: Uint8Array, from: number, text: string): number {
  let at = from;
  for (const character of text) {
    at += character === '\ufffd' ? maximalSubpart(source, at).length : Buffer.byteLength(character);
  }
  return at;
}

const NOTHING = new Uint8Array(0);
const REPLACEMENT: Uint8Array = Buffer.from('\ufffd');
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });

/** Where the character at the end of `bytes` begins, if some of it may still be missing; else their length. */
function unfinishedStart(bytes: Uint8Array): number {
  for (let at = Math.max(0, bytes.length - MAX_UNFINISHED); at < bytes.length; at++) {
    if (byteAt(bytes, at) >= 0xc2 && maximalSubpart(bytes, at).unfinished) return at;
  }
  return bytes.length;
}

/**
 * The maximal subpart at `at`: a whole character, or as much as one may begin with (Unicode, table 3-7).
 * `unfinished`: nothing but the end of `bytes` speaks against it.
 */
function maximalSubpart(bytes: Uint8Array, at: number): { readonly length: number; readonly unfinished: boolean } {
  const lead = byteAt(bytes, at);
  const whole = lead < 0xc2 || lead > 0xf4 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  for (let length = 1; length < whole; length++) {
    const byte = bytes[at + length];
    if (byte === undefined) return { length, unfinished: true };
    const [first, last] = length === 1 ? secondBytes(lead) : ANY_CONTINUATION;
    if (byte < first || byte > last) return { length, unfinished: false };
  }
  return { length: whole, unfinished: false };
}

/** No overlong forms, no surrogates, nothing above U+10FFFF. */
function secondBytes(lead: number): readonly [number, number] {
  if (lead === 0xe0) return [0xa0, 0xbf];
  if (lead === 0xed) return [0x80, 0x9f];
  if (lead === 0xf0) return [0x90, 0xbf];
  return lead === 0xf4 ? [0x80, 0x8f] : ANY_CONTINUATION;
}

const ANY_CONTINUATION: readonly [number, number] = [0x80, 0xbf];
const MAX_UNFINISHED = 3;
