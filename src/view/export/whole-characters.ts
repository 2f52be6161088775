import { Utf8Text } from '../../render/model/utf8-text.js';
import type { ExportPiece, OutputPiece } from './export-source.js';

/** Output whose text is known. */
export interface TextPiece extends OutputPiece {
  /** `bytes` as UTF-8, U+FFFD for what is not: `bytes` itself where all of it is. */
  readonly text: Uint8Array;
}

/**
 * The same, but no piece of output ends inside a character: what is unfinished comes with its rest, at the time of that.
 * A character that is never finished comes where that is known.
 */
export async function* wholeCharacters(
  pieces: AsyncIterable<ExportPiece>,
): AsyncGenerator<TextPiece | Exclude<ExportPiece, OutputPiece>, void, void> {
  const utf8 = new Utf8Text();
  /** The offset and time of the last output. */
  let place = { ms: 0, offset: 0 };
  const flush = (): TextPiece => {
    const { source, text } = utf8.flush();
    return { type: 'output', ...place, offset: place.offset - source.length, bytes: source, text };
  };
  for await (const piece of pieces) {
    if (piece.type !== 'output') {
      if (utf8.waiting > 0 && (piece.type === 'missing' || piece.type === 'exit')) yield flush();
      yield piece;
      continue;
    }
    const offset = piece.offset - utf8.waiting;
    const { source, text } = utf8.push(piece.bytes);
    place = { ms: piece.ms, offset: piece.offset + piece.bytes.length };
    if (source.length > 0) yield { type: 'output', ms: piece.ms, offset, bytes: source, text };
  }
  if (utf8.waiting > 0) yield flush();
}

export function textOf(text: Uint8Array): string {
  return Buffer.from(text.buffer, text.byteOffset, text.length).toString();
}

/** How many of a piece's bytes are not in its text: U+FFFD, which may have been printed as well, stands for them. */
export function replacedBytes({ bytes, text }: Pick<TextPiece, 'bytes' | 'text'>): number {
  if (text === bytes) return 0;
  const replacements = countOf(text, REPLACEMENT) - countOf(bytes, REPLACEMENT);
  return bytes.length - (text.length - replacements * REPLACEMENT.length);
}

function countOf(bytes: Uint8Array, wanted: Uint8Array): number {
  const searched = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let count = 0;
  for (let at = searched.indexOf(wanted); at !== -1; at = searched.indexOf(wanted, at + wanted.length)) count++;
  return count;
}

const REPLACEMENT: Uint8Array = Buffer.from('\ufffd');
