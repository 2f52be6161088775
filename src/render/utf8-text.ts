import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';

/**
 * Makes the text of a stream well-formed UTF-8: what is not becomes U+FFFD, one for each maximal part, as the WHATWG
 * Encoding Standard has it. A character split by a chunk edge waits for its rest.
 */
export class Utf8Text {
  #decoder: TextDecoder | undefined;

  /** Whether a character may be unfinished. */
  get isWaiting(): boolean {
    return this.#decoder !== undefined;
  }

  /** `bytes` itself where it is well-formed and nothing waits; otherwise a copy, which may lack an unfinished end. */
  push(bytes: Uint8Array): Uint8Array {
    if (this.#decoder === undefined) {
      if (isUtf8(bytes)) return bytes;
      this.#decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    }
    const text = this.#decoder.decode(bytes, { stream: true });
    if (isComplete(bytes)) this.#decoder = undefined;
    return Buffer.from(text);
  }

  /** A control sequence or the end comes: an unfinished character will not be finished any more. */
  flush(): Uint8Array {
    if (this.#decoder === undefined) return NOTHING;
    const text = this.#decoder.decode();
    this.#decoder = undefined;
    return Buffer.from(text);
  }
}

const NOTHING = new Uint8Array(0);

/** ASCII at the end: nothing can wait. After anything else the decoder is kept, which is right and only slower. */
function isComplete(bytes: Uint8Array): boolean {
  const last = bytes[bytes.length - 1];
  return last !== undefined && last < 0x80;
}
