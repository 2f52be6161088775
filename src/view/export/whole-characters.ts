import { Utf8Text } from '../../render/model/utf8-text.js';
import type { ExportChunk, OutputChunk } from './export-source.js';

/** Output whose text is known. */
export interface TextChunk extends OutputChunk {
  /** `bytes` as UTF-8, U+FFFD for what is not: `bytes` itself where all of it is. */
  readonly text: Uint8Array;
}

/**
 * The same, but no chunk of output ends inside a character: what is unfinished comes with its rest, at the time of that.
 * A character that is never finished comes where that is known.
 */
export async function* wholeCharacters(
  chunks: AsyncIterable<ExportChunk>,
): AsyncGenerator<TextChunk | Exclude<ExportChunk, OutputChunk>, void, void> {
  const utf8 = new Utf8Text();
  /** The offset and time of the last output. */
  let place = { ms: 0, offset: 0 };
  const flush = (): TextChunk => {
    const { source, text } = utf8.flush();
    return { type: 'output', ...place, offset: place.offset - source.length, bytes: source, text };
  };
  for await (const chunk of chunks) {
    if (chunk.type !== 'output') {
      if (utf8.waiting > 0 && (chunk.type === 'missing' || chunk.type === 'exit')) yield flush();
      yield chunk;
      continue;
    }
    const offset = chunk.offset - utf8.waiting;
    const { source, text } = utf8.push(chunk.bytes);
    place = { ms: chunk.ms, offset: chunk.offset + chunk.bytes.length };
    if (source.length > 0) yield { type: 'output', ms: chunk.ms, offset, bytes: source, text };
  }
  if (utf8.waiting > 0) yield flush();
}

export function textOf(text: Uint8Array): string {
  return Buffer.from(text.buffer, text.byteOffset, text.length).toString();
}

/** How many of a chunk's bytes are not in its text: U+FFFD, which may have been printed as well, stands for them. */
export function replacedBytes({ bytes, text }: Pick<TextChunk, 'bytes' | 'text'>): number {
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
