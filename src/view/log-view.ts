import { SafeView } from '../render/safe-view.js';
import type { LogChunk } from '../store/segment-cursor.js';

/** The bytes as they were recorded, for programs: on a terminal they can do whatever the agent made them do. */
export async function* rawLog(chunks: AsyncIterable<LogChunk>): AsyncGenerator<Uint8Array, void, void> {
  for await (const { bytes } of chunks) yield bytes;
}

/** What was recorded, for the viewer's terminal: only what is harmless there, and left as it was found. */
export async function* safeLog(chunks: AsyncIterable<LogChunk>): AsyncGenerator<Uint8Array, void, void> {
  const view = new SafeView();
  for await (const { bytes } of chunks) yield view.push(bytes);
  yield view.end();
}
