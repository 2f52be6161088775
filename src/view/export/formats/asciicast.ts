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
  for await (const chunk of wholeCharacters(source.chunks())) {
    switch (chunk.type) {
      case 'output':
        if (chunk.text !== chunk.bytes) onReplaced(replacedBytes(chunk));
        yield event(chunk.ms, 'o', chunk.text);
        break;
      case 'redraw':
        yield event(chunk.ms, 'o', chunk.bytes);
        break;
      case 'resize':
        yield event(chunk.ms, 'r', `${chunk.cols}x${chunk.rows}`);
        break;
      case 'iteration':
        yield event(chunk.ms, 'm', `iteration ${chunk.iteration}`);
        break;
      case 'exit':
        if (version === 3)
          yield event(chunk.ms, 'x', `${shellExitCode({ exitCode: chunk.code, signal: chunk.signal })}`);
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
