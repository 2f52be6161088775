import { textLines } from '../model/text-lines.js';
import type { TimedChunk, TimedRecording } from '../model/timed-recording.js';
import { jsonChunk } from './json-chunk.js';
import type { JsonHeader } from './json-header.js';

/** What `orch export --format json` wrote. `onDamage` is called for each line that is nothing of it; it is left out. */
export function readJsonLines(
  header: JsonHeader,
  bytes: AsyncIterable<Uint8Array>,
  onDamage: () => void,
): TimedRecording {
  return { format: 'json', ...header, chunks: chunksOf(bytes, onDamage) };
}

async function* chunksOf(
  bytes: AsyncIterable<Uint8Array>,
  onDamage: () => void,
): AsyncGenerator<TimedChunk, void, void> {
  let isHeader = true;
  let last = 0;
  for await (const lines of textLines(bytes)) {
    for (const line of lines) {
      if (!isHeader && line !== '') {
        const chunk = line === undefined ? undefined : jsonChunk(line);
        if (chunk === undefined) onDamage();
        else {
          last = Math.max(last, chunk.ms);
          yield { ...chunk, ms: last };
        }
      }
      isHeader = false;
    }
  }
}
