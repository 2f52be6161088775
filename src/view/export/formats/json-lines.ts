import { JSON_EXPORT_VERSION } from '../../../render/readers/timed/timed-json.js';
import type { ExportPiece, ExportSource } from '../export-source.js';
import { type TextPiece, textOf, wholeCharacters } from '../whole-characters.js';

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
  for await (const piece of wholeCharacters(source.pieces())) yield line(jsonOf(piece));
}

function jsonOf(piece: TextPiece | Exclude<ExportPiece, { readonly type: 'output' }>): object {
  const { ms, offset } = piece;
  switch (piece.type) {
    case 'output':
      return piece.text === piece.bytes
        ? { ms, offset, text: textOf(piece.bytes) }
        : { ms, offset, base64: Buffer.from(piece.bytes).toString('base64') };
    case 'redraw':
      return { ms, offset, redraw: textOf(piece.bytes) };
    case 'resize':
      return { ms, offset, resize: { cols: piece.cols, rows: piece.rows } };
    case 'iteration':
      return { ms, offset, iteration: piece.iteration };
    case 'missing':
      return { ms, offset, missing: piece.bytes };
    case 'exit':
      return { ms, offset, exit: { code: piece.code, signal: piece.signal } };
  }
}

function line(value: object): Uint8Array {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}
