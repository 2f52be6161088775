import { shellExitCode } from '../../../core/exit-status.js';
import { jsonString } from '../../../core/text/json-string.js';
import type { WriteOptions } from '../export-format.js';
import type { ExportSource } from '../export-source.js';
import { replacedBytes, wholeCharacters } from '../whole-characters.js';

/** asciicast version 2 (https://docs.asciinema.org/manual/asciicast/v2/): times count from the start. */
export function writeAsciicast2(source: ExportSource, options: WriteOptions): AsyncIterable<Uint8Array> {
  const { size, title, command } = source;
  const header = { version: 2, width: size.cols, height: size.rows, ...timestampOf(source), title, command };
  return asciicast(source, header, { version: 2, ...options });
}

/** Version 3 (https://docs.asciinema.org/manual/asciicast/v3/): each time counts from the event before. */
export function writeAsciicast3(source: ExportSource, options: WriteOptions): AsyncIterable<Uint8Array> {
  const { size, title, command } = source;
  const term = { cols: size.cols, rows: size.rows };
  return asciicast(source, { version: 3, term, ...timestampOf(source), title, command }, { version: 3, ...options });
}

function timestampOf({ started }: ExportSource): { readonly timestamp?: number } {
  return started === undefined ? {} : { timestamp: Math.floor(started / 1000) };
}

async function* asciicast(
  source: ExportSource,
  header: object,
  { version, onReplaced }: { readonly version: 2 | 3 } & WriteOptions,
): AsyncGenerator<Uint8Array, void, void> {
  yield Buffer.from(`${JSON.stringify(header)}\n`);
  let last = 0;
  const event = (ms: number, code: string, data: Uint8Array | string): Uint8Array => {
    const time = version === 2 ? ms : ms - last;
    last = ms;
    return jsonString(typeof data === 'string' ? Buffer.from(data) : data, `[${secondsText(time)}, "${code}", `, ']\n');
  };
  for await (const piece of wholeCharacters(source.pieces())) {
    switch (piece.type) {
      case 'output':
        if (piece.text !== piece.bytes) onReplaced(replacedBytes(piece));
        yield event(piece.ms, 'o', piece.text);
        break;
      case 'redraw':
        yield event(piece.ms, 'o', piece.bytes);
        break;
      case 'resize':
        yield event(piece.ms, 'r', `${piece.cols}x${piece.rows}`);
        break;
      case 'iteration':
        yield event(piece.ms, 'm', `iteration ${piece.iteration}`);
        break;
      case 'exit':
        if (version === 3)
          yield event(piece.ms, 'x', `${shellExitCode({ exitCode: piece.code, signal: piece.signal })}`);
        break;
      case 'missing':
        break;
    }
  }
}

/** To the millisecond, which is what a time index knows. */
function secondsText(ms: number): string {
  return (ms / 1000).toFixed(3);
}
