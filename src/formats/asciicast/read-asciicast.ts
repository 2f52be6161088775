import type { RenderChunk } from '../../render/model/line.js';
import { textLines } from '../model/text-lines.js';
import type { TimedChunk, TimedRecording } from '../model/timed-recording.js';
import { asciicastEvent, iterationLabel } from './asciicast-event.js';
import type { AsciicastHeader } from './asciicast-header.js';

/**
 * What the screen is sent by an asciicast of version 2 or 3. `onDamage` is called for each line that is not an event; it is
 * left out.
 */
export async function* asciicastChunks(
  bytes: AsyncIterable<Uint8Array>,
  onDamage: () => void,
): AsyncGenerator<RenderChunk, void, void> {
  for await (const events of eventsOf(bytes, onDamage)) {
    // An event may be a single byte: what came together is handed on together.
    let output: Uint8Array[] = [];
    for (const event of events) {
      if (event.type === 'output') output.push(event.bytes);
      else if (event.type === 'resize') {
        yield Buffer.concat(output);
        output = [];
        yield { type: 'resize', cols: event.cols, rows: event.rows };
      }
    }
    if (output.length > 0) yield Buffer.concat(output);
  }
}

/** An asciicast of version 2 or 3 at its times; `onDamage` is called for each line that is not an event. */
export function readAsciicast(
  header: AsciicastHeader,
  bytes: AsyncIterable<Uint8Array>,
  onDamage: () => void,
): TimedRecording {
  return { ...factsOf(header), chunks: timed(bytes, { isRelative: header.version === 3, onDamage }) };
}

/** What the header of any version says of the recording. */
export function factsOf(header: AsciicastHeader | undefined): Omit<TimedRecording, 'chunks'> {
  const { size, timestamp, title, command } = header ?? {};
  const started = timestamp === undefined ? undefined : timestamp * 1000;
  return { format: 'asciicast', size, started, title, command };
}

async function* timed(
  bytes: AsyncIterable<Uint8Array>,
  { isRelative, onDamage }: { readonly isRelative: boolean; readonly onDamage: () => void },
): AsyncGenerator<TimedChunk, void, void> {
  let seconds = 0;
  let begun = 0;
  for await (const events of eventsOf(bytes, onDamage)) {
    for (const event of events) {
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
          // As orch export writes them; other markers mean nothing to orch.
          if (event.label === iterationLabel(begun + 1)) yield { type: 'iteration', ms, iteration: ++begun };
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

type ReadEvent = Exclude<ReturnType<typeof asciicastEvent>, string>;

/** The events behind the header, as many at a time as came together. */
async function* eventsOf(
  bytes: AsyncIterable<Uint8Array>,
  onDamage: () => void,
): AsyncGenerator<readonly ReadEvent[], void, void> {
  let isHeader = true;
  for await (const lines of textLines(bytes)) {
    const events: ReadEvent[] = [];
    for (const line of lines) {
      const event = isHeader ? 'passed' : asciicastEvent(line);
      isHeader = false;
      if (event === 'damaged') onDamage();
      else if (event !== 'passed') events.push(event);
    }
    yield events;
  }
}
