import { JSON_EXPORT_VERSION } from '../../../render/readers/timed/timed-json.js';
import type { ExportChunk, ExportSource } from '../export-source.js';
import { type TextChunk, textOf, wholeCharacters } from '../whole-characters.js';

/** Everything that is known of a recording, a JSON object a line; no byte is lost. */
export async function* writeJsonLines(source: ExportSource): AsyncGenerator<Uint8Array, void, void> {
  const { entry, size, started, title, command } = source;
  yield line({
    v: JSON_EXPORT_VERSION,
    task: entry.folder.id,
    ...(started === undefined ? {} : { started: new Date(started).toISOString() }),
    size,
    title,
    command,
  });
  for await (const chunk of wholeCharacters(source.chunks())) yield line(jsonOf(chunk));
}

function jsonOf(chunk: TextChunk | Exclude<ExportChunk, { readonly type: 'output' }>): object {
  const { ms, offset } = chunk;
  switch (chunk.type) {
    case 'output':
      return chunk.text === chunk.bytes
        ? { ms, offset, text: textOf(chunk.bytes) }
        : { ms, offset, base64: Buffer.from(chunk.bytes).toString('base64') };
    case 'redraw':
      return { ms, offset, redraw: textOf(chunk.bytes) };
    case 'resize':
      return { ms, offset, resize: { cols: chunk.cols, rows: chunk.rows } };
    case 'iteration':
      return { ms, offset, iteration: chunk.iteration };
    case 'missing':
      return { ms, offset, missing: chunk.bytes };
    case 'exit':
      return { ms, offset, exit: { code: chunk.code, signal: chunk.signal } };
  }
}

function line(value: object): Uint8Array {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}
