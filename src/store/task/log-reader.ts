import { existsSync } from 'node:fs';
import { type Clock, systemClock } from '../../core/clock.js';
import { errors, type OrchError } from '../../core/errors.js';
import { FolderWatcher } from '../files/folder-watcher.js';
import { ALIVE_MS, Liveness } from './liveness.js';
import { MANIFEST_FILE } from '../layout/manifest.js';
import { type LogChunk, SegmentCursor } from '../log/segment-cursor.js';
import { LOG_NAME, sealedLogStart } from '../log/segment-names.js';
import { listSegments, recordedEnd } from '../log/segments.js';
import type { TaskFolder } from '../layout/task-folder.js';

export interface ReadLogOptions {
  /** Absolute offset of the first byte wanted; default 0. */
  readonly from?: number;
  /** Absolute offset behind the last byte wanted; default: where the recording ends when reading begins. */
  readonly to?: number;
  /** Of the largest chunk; default 64 KiB. */
  readonly chunkBytes?: number;
  /** Goes on with what is recorded meanwhile, until the task no longer runs; default false. */
  readonly follow?: boolean;
  /** Ends the reading at once, without an error. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/**
 * The bytes of a recording, in chunks, read when the consumer asks for them: it may be as slow as it
 * likes, and nothing but the chunk at hand is in memory. Sealed segments come first, then backend.log.
 *
 * @throws OrchError LOG_UNREADABLE, also where no log is left and none is to come
 */
export async function* readLog(folder: TaskFolder, options: ReadLogOptions = {}): AsyncGenerator<LogChunk, void, void> {
  const { from = 0, to, chunkBytes, follow = false, signal, clock = systemClock } = options;
  const end = to ?? (follow ? Infinity : recordedEnd(folder.path));
  await using cursor = new SegmentCursor(folder.path, from, chunkBytes);
  using watcher = follow ? new FolderWatcher(folder.path, matters, clock) : undefined;
  const liveness = new Liveness(folder, clock);
  for (;;) {
    // Asked before reading: what was recorded before the task ended is then read after it, and nothing is missed.
    const more = watcher !== undefined && liveness.isRunning();
    if (!more && listSegments(folder.path).length === 0) throw missing(folder.path);
    for (let chunk = await cursor.read(end); chunk !== undefined; chunk = await cursor.read(end)) {
      if (signal?.aborted === true) return;
      yield chunk;
      if (chunk.offset + chunk.bytes.length >= end) return;
    }
    if (!more || signal?.aborted === true) return;
    await watcher.wait(ALIVE_MS, signal);
  }
}

/** A recording that is not there. */
function missing(folder: string): OrchError {
  return existsSync(folder) ? errors.logMissing(folder) : errors.logRemoved(folder);
}

/** The log, and the manifest, which is replaced when the task ends. */
function matters(name: string): boolean {
  return name === LOG_NAME || name === MANIFEST_FILE || sealedLogStart(name) !== undefined;
}
