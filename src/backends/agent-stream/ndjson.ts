import { isUtf8 } from 'node:buffer';
import { type InputLine, LineSplitter } from './lines.js';

/** The longest line that is read, in bytes: far above any tool's result, far below what JSON.parse could not hold. */
const MAX_NDJSON_LINE = 64 * 1024 * 1024;

/** One line of NDJSON, by its kind. Empty lines are skipped. */
export type NdjsonLine =
  | { readonly type: 'value'; readonly value: unknown }
  /** Text that is no JSON: a program that fails early says why in plain words. */
  | { readonly type: 'not-json'; readonly text: string }
  /** `bytes`: the length of the line that was passed over. */
  | { readonly type: 'not-utf8'; readonly bytes: number }
  | { readonly type: 'too-long'; readonly bytes: number };

/** Reads NDJSON from chunks cut anywhere. Nothing makes it throw; what cannot be read is reported and passed over. */
export class NdjsonReader {
  readonly #lines: LineSplitter;

  constructor(maxLine = MAX_NDJSON_LINE) {
    this.#lines = new LineSplitter(maxLine);
  }

  push(chunk: Buffer): NdjsonLine[] {
    return this.#lines.push(chunk).flatMap(readLine);
  }

  /** The last line, where the stream ended without a newline. */
  end(): NdjsonLine[] {
    return this.#lines.end().flatMap(readLine);
  }
}

function readLine({ bytes, length }: InputLine): NdjsonLine[] {
  if (length > bytes.length) return [{ type: 'too-long', bytes: length }];
  if (!isUtf8(bytes)) return [{ type: 'not-utf8', bytes: length }];
  const text = bytes.toString();
  if (text.trim() === '') return [];
  try {
    return [{ type: 'value', value: JSON.parse(text) as unknown }];
  } catch {
    return [{ type: 'not-json', text }];
  }
}
