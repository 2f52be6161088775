import { wholeCharacters } from '../model/whole-characters.js';
import type { WrittenRecording } from '../model/written-recording.js';
import { jsonOfChunk } from './json-chunk.js';
import { jsonOfHeader } from './json-header.js';

/** Everything that is known of a recording, a JSON object a line; no byte is lost. */
export async function* writeJsonLines(recording: WrittenRecording): AsyncGenerator<Uint8Array, void, void> {
  yield line(jsonOfHeader(recording));
  for await (const chunk of wholeCharacters(recording.chunks())) yield line(jsonOfChunk(chunk));
}

function line(value: object): Uint8Array {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}
