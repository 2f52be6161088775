import { Utf8Text } from '../../render/model/utf8-text.js';
import type { PlacedChunk } from './written-recording.js';

/** A chunk, and the text of what is printed. */
export type TextChunk = Text | Exclude<PlacedChunk, PrintedChunk>;

type PrintedChunk = Extract<PlacedChunk, { readonly type: 'output' | 'redraw' }>;

type Text = PrintedChunk & {
  /** `bytes` as UTF-8, U+FFFD for what is not: `bytes` itself where all of it is. */
  readonly text: Uint8Array;
};

/**
 * The same, but no chunk of output ends inside a character: what is unfinished comes with its rest, at the time of that.
 * A character that is never finished comes where that is known.
 */
export async function* wholeCharacters(chunks: AsyncIterable<PlacedChunk>): AsyncGenerator<TextChunk, void, void> {
  const utf8 = new Utf8Text();
  /** The end of the last output, and the time that has been reached: it never goes back. */
  let place = { ms: 0, offset: 0 };
  const flush = (): Text => {
    const { source, text } = utf8.flush();
    return { type: 'output', ms: place.ms, offset: place.offset - source.length, bytes: source, text };
  };
  for await (const chunk of chunks) {
    const { type, ms } = chunk;
    if (type === 'output' || type === 'redraw') {
      const offset = chunk.offset - utf8.waiting;
      const { source, text } = utf8.push(chunk.bytes);
      // What is drawn is of no bytes of the recording; where it ends in a character, the recording goes on in that.
      place = { ms, offset: type === 'output' ? chunk.offset + chunk.bytes.length : chunk.offset };
      if (source.length > 0) yield { type, ms, offset, bytes: source, text };
    } else {
      if (utf8.waiting > 0 && (type === 'missing' || type === 'exit')) yield flush();
      place = { ...place, ms };
      yield chunk;
    }
  }
  if (utf8.waiting > 0) yield flush();
}

export function textOf(text: Uint8Array): string {
  return Buffer.from(text.buffer, text.byteOffset, text.length).toString();
}

/** How many of a chunk's bytes are not in its text: U+FFFD, which may have been printed as well, stands for them. */
export function replacedBytes({ bytes, text }: Pick<Text, 'bytes' | 'text'>): number {
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
