import { errors } from '../../core/errors.js';
import { isList, parseObject } from '../model/json.js';
import type { TimedChunk, TimedRecording } from '../model/timed-recording.js';
import { asciicastHeader } from './asciicast-header.js';
import { factsOf } from './read-asciicast.js';

/**
 * Reads version 1: one JSON object, its output in `stdout` as `[delay, data]`, the delay in seconds. It is held as a whole.
 *
 * @throws OrchError ASCIICAST_UNREADABLE; what `bytes` throws
 */
export async function readVersion1(bytes: AsyncIterable<Uint8Array>): Promise<TimedRecording> {
  const text = await wholeText(bytes);
  const json = parseObject(text);
  const events = json?.['stdout'];
  if (!isList(events)) throw errors.asciicastUnreadable('it is torn, or not JSON');
  return { ...factsOf(asciicastHeader(text)), chunks: chunksOf(events) };
}

async function wholeText(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const held: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    length += chunk.length;
    if (length > MAX_BYTES) throw errors.asciicastUnreadable('version 1 is read as a whole, 256 MiB at most');
    held.push(chunk);
  }
  return Buffer.concat(held).toString();
}

// eslint-disable-next-line @typescript-eslint/require-await -- a list, to be read as the other formats are
async function* chunksOf(events: readonly unknown[]): AsyncGenerator<TimedChunk, void, void> {
  let seconds = 0;
  for (const event of events) {
    if (!isList(event)) continue;
    const [delay, data] = event;
    if (typeof data !== 'string') continue;
    seconds += typeof delay === 'number' && delay >= 0 ? delay : 0;
    yield { type: 'output', ms: seconds * 1000, bytes: Buffer.from(data) };
  }
}

const MAX_BYTES = 256 * 1024 * 1024;
