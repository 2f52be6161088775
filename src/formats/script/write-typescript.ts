import { shellExitCode } from '../../core/exit-status.js';
import type { WrittenBytes, WrittenRecording } from '../model/written-recording.js';
import { scriptTime } from './script-time.js';
import { resizeRecord, TimingHeader, timingLine, type TimingRecord } from './timing-records.js';
import { typescriptEnd, typescriptFirstLine } from './typescript-lines.js';

/**
 * A typescript of script(1), and beside it its timing file in the advanced format, as util-linux 2.35 and later write and
 * scriptreplay(1) reads them. The bytes are exact; the time has milliseconds.
 */
export async function* writeTypescript(recording: WrittenRecording): AsyncGenerator<WrittenBytes, void, void> {
  const { size, started = 0 } = recording;
  const command = oneLine(recording.command ?? '');
  yield Buffer.from(`${typescriptFirstLine(started, command, size)}\n`);
  yield beside(
    header('started', scriptTime(started)),
    header('cols', `${size.cols}`),
    header('rows', `${size.rows}`),
    header('command', command),
  );
  let last = 0;
  let exitCode: string | undefined;
  for await (const chunk of recording.chunks()) {
    const delay = (chunk.ms - last) / 1000;
    switch (chunk.type) {
      case 'output':
      case 'redraw':
        yield chunk.bytes;
        yield beside({ type: 'output', delay, bytes: chunk.bytes.length });
        break;
      case 'resize':
        yield beside(resizeRecord(delay, chunk));
        break;
      case 'exit':
        exitCode = `${shellExitCode({ exitCode: chunk.code, signal: chunk.signal })}`;
        break;
      case 'iteration':
      case 'missing':
        // Nothing of it is in a typescript; the time until then counts with what follows.
        continue;
    }
    last = chunk.ms;
  }
  yield Buffer.from(typescriptEnd(started + last, exitCode));
  const duration = header('duration', (last / 1000).toFixed(6));
  yield exitCode === undefined ? beside(duration) : beside(duration, header('exitCode', exitCode));
}

function beside(...records: readonly TimingRecord[]): WrittenBytes {
  return { beside: Buffer.from(records.map(timingLine).join('')) };
}

function header(name: keyof typeof TimingHeader, value: string): TimingRecord {
  return { type: 'header', delay: 0, name: TimingHeader[name], value };
}

/** A line feed would begin another record; other control characters would act on a terminal that the file is printed on. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ');
}
