import { type AsciicastHeader, asciicastEvent, readVersion1 } from '../asciicast.js';
import { textLines } from '../text-lines.js';
import type { TimedPiece, TimedRecording } from './timed-recording.js';

/** Versions 2 and 3; `onDamage` is told of each line that is no event. */
export function timedAsciicast(
  header: AsciicastHeader,
  bytes: AsyncIterable<Uint8Array>,
  onDamage: () => void,
): TimedRecording {
  return { ...aboutOf(header), pieces: piecesOf(bytes, { isRelative: header.version === 3, onDamage }) };
}

/** @throws OrchError ASCIICAST_UNREADABLE */
export async function timedVersion1(bytes: AsyncIterable<Uint8Array>): Promise<TimedRecording> {
  const { header, output } = await readVersion1(bytes);
  return { ...aboutOf(header), pieces: delayed(output) };
}

function aboutOf(header: AsciicastHeader | undefined): Omit<TimedRecording, 'pieces'> {
  const { size, timestamp, title, command } = header ?? {};
  const started = timestamp === undefined ? undefined : timestamp * 1000;
  return { format: 'asciicast', size, started, title, command };
}

async function* piecesOf(
  bytes: AsyncIterable<Uint8Array>,
  { isRelative, onDamage }: { readonly isRelative: boolean; readonly onDamage: () => void },
): AsyncGenerator<TimedPiece, void, void> {
  let isHeader = true;
  let seconds = 0;
  let begun = 0;
  for await (const lines of textLines(bytes)) {
    for (const line of lines) {
      const event = isHeader ? 'passed' : asciicastEvent(line);
      isHeader = false;
      if (event === 'damaged') onDamage();
      if (typeof event === 'string') continue;
      seconds = isRelative ? seconds + event.time : Math.max(seconds, event.time);
      const ms = seconds * 1000;
      switch (event.type) {
        case 'output':
          yield { type: 'output', ms, bytes: event.bytes };
          break;
        case 'resize':
          yield { type: 'resize', ms, cols: event.cols, rows: event.rows };
          break;
        case 'marker':
          // As orch export writes them; other marks mean nothing to orch.
          if (event.label === `iteration ${begun + 1}`) yield { type: 'iteration', ms, iteration: ++begun };
          break;
        case 'exit':
          yield { type: 'exit', ms, code: event.code, signal: 0 };
          break;
        case 'other':
          break;
      }
    }
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- an array, to be read as the other formats are
async function* delayed(
  output: readonly { readonly delay: number; readonly bytes: Uint8Array }[],
): AsyncGenerator<TimedPiece, void, void> {
  let seconds = 0;
  for (const { delay, bytes } of output) {
    seconds += delay;
    yield { type: 'output', ms: seconds * 1000, bytes };
  }
}
