import { shellExitCode } from '../../../core/exit-status.js';
import type { ExportBytes } from '../export-format.js';
import type { ExportSource } from '../export-source.js';

/**
 * A typescript of script(1), and beside it its timing file in the advanced format, as util-linux 2.35 and later write and
 * scriptreplay(1) reads them. The bytes are exact; the time has milliseconds.
 */
export async function* writeTypescript(source: ExportSource): AsyncGenerator<ExportBytes, void, void> {
  const { size, started, command } = source;
  const began = started ?? 0;
  const about = `[COMMAND=${JSON.stringify(oneLine(command ?? ''))} COLUMNS="${size.cols}" LINES="${size.rows}"]`;
  yield Buffer.from(`Script started on ${scriptTime(began)} ${about}\n`);
  yield beside(
    header('START_TIME', scriptTime(began)) +
      header('COLUMNS', `${size.cols}`) +
      header('LINES', `${size.rows}`) +
      header('COMMAND', oneLine(command ?? '')),
  );
  let last = 0;
  let exit = '';
  for await (const chunk of source.chunks()) {
    const delta = `${((chunk.ms - last) / 1000).toFixed(3)}000`;
    switch (chunk.type) {
      case 'output':
      case 'redraw':
        yield chunk.bytes;
        yield beside(`O ${delta} ${chunk.bytes.length}\n`);
        break;
      case 'resize':
        yield beside(`S ${delta} SIGWINCH ROWS=${chunk.rows} COLS=${chunk.cols}\n`);
        break;
      case 'exit':
        exit = `${shellExitCode({ exitCode: chunk.code, signal: chunk.signal })}`;
        last = chunk.ms;
        continue;
      default:
        // Nothing of it is in a typescript; the time until then counts with what follows.
        continue;
    }
    last = chunk.ms;
  }
  const code = exit === '' ? '' : ` [COMMAND_EXIT_CODE="${exit}"]`;
  yield Buffer.from(`\nScript done on ${scriptTime(began + last)}${code}\n`);
  yield beside(header('DURATION', (last / 1000).toFixed(6)) + (exit === '' ? '' : header('EXIT_CODE', exit)));
}

function beside(text: string): ExportBytes {
  return { beside: Buffer.from(text) };
}

function header(name: string, value: string): string {
  return `H 0.000000 ${name} ${value}\n`;
}

/** `2026-01-02 03:04:05+00:00`, as script(1) has it. */
function scriptTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}+00:00`;
}

/** A line feed would begin another record. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
