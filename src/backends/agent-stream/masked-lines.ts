import { LF } from '../../core/terminal/codes.js';
import { Redactor, type RedactorOptions } from '../../core/redact/redactor.js';

/** Bytes; a longer line holds a whole message, not a piece of one. */
const PIECE_BYTES = 64 * 1024;
/** Matches an event that holds a piece of a message: of claude and qwen; of pi; of copilot. */
const PIECE =
  /"type":\s*"(?:content_block_delta|message_update|assistant\.\w+_delta|tool\.(?:execution_partial_result|shell_output))"/;
const WORDS =
  /"(text|partial_json|thinking|signature|delta|deltaContent|inputDelta|partialOutput)":(\s*)"((?:[^"\\]|\\.)*)"/g;

/**
 * Masks lines of JSON without changing their length. A message is streamed in pieces first, and a value may be split over
 * several, with JSON in between, where it cannot be found: so the texts of pieces are masked completely. The whole message
 * follows.
 */
export class MaskedLines {
  readonly #redactor: Redactor;
  #line: Buffer[] = [];
  #length = 0;

  constructor(options: RedactorOptions) {
    this.#redactor = new Redactor(options);
  }

  /** Takes bytes; returns what may be passed on. */
  feed(bytes: Uint8Array): Uint8Array {
    return this.#lines(Buffer.from(this.#redactor.feed(bytes)));
  }

  /** Ends the stream: returns the rest. */
  end(): Uint8Array {
    const last = this.#lines(Buffer.from(this.#redactor.end()));
    return Buffer.concat([last, this.#take()]);
  }

  #lines(bytes: Buffer): Uint8Array {
    const out: Buffer[] = [];
    for (let at = 0; at < bytes.length; ) {
      const end = bytes.indexOf(LF, at);
      const piece = bytes.subarray(at, end === -1 ? bytes.length : end + 1);
      this.#line.push(piece);
      this.#length += piece.length;
      if (end !== -1 || this.#length > PIECE_BYTES) out.push(this.#take());
      at += piece.length;
    }
    return Buffer.concat(out);
  }

  #take(): Buffer {
    const line = Buffer.concat(this.#line);
    this.#line = [];
    this.#length = 0;
    return line.length <= PIECE_BYTES && PIECE.test(line.toString('latin1')) ? withoutWords(line) : line;
  }
}

/** As Latin-1 a byte is a character, so that the length stays. */
function withoutWords(line: Buffer): Buffer {
  const masked = line
    .toString('latin1')
    .replace(WORDS, (_, name: string, gap: string, words: string) => `"${name}":${gap}"${'*'.repeat(words.length)}"`);
  return Buffer.from(masked, 'latin1');
}
