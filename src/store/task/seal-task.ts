import type { Clock } from '../../core/clock.js';
import type { EventRecord } from '../../core/events.js';
import { releaseReserve } from '../layout/disk-reserve.js';
import { hashSegments } from '../log/hash-segments.js';
import { scanIndex } from '../times/index-scan.js';
import { type Manifest, writeManifest } from '../layout/manifest.js';
import { listSegments, type Segment } from '../log/segments.js';
import type { TaskFolder } from '../layout/task-folder.js';
import { TaskLog } from '../layout/task-log.js';

/** The result of sealing a task: its manifest now has an end, or the task was left unchanged. */
export type Sealing =
  | { readonly type: 'sealed'; readonly bytes: number; readonly ended: string }
  /** Another process still writes to it. */
  | { readonly type: 'written' }
  | { readonly type: 'aborted' };

export interface SealOptions {
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Gives a lost task the end that its recorder could not note: failed, with the bytes that are there, their hash, the gaps
 * that were noted, and the time of what was written last. There is no `exit`, because none was observed. task.log says who did it.
 * Throws the system's error where it cannot be written, the old manifest then untouched.
 *
 * @throws OrchError LOG_UNREADABLE
 */
export async function sealTask(
  folder: TaskFolder,
  { manifest, events }: { readonly manifest: Manifest; readonly events: readonly EventRecord[] },
  { clock, signal }: SealOptions,
): Promise<Sealing> {
  const segments = listSegments(folder.path);
  const hashes = await hashSegments(segments, events, signal);
  if (hashes === undefined) return { type: 'aborted' };
  const { chain, sha256 } = hashes;
  // From inside a container, or outside of one, a task that runs looks lost.
  if (!isSame(segments, listSegments(folder.path))) return { type: 'written' };
  const gaps = events.flatMap((event) =>
    event.type === 'gap' ? [{ offset: event.offset, bytes: event.bytes, reason: event.reason }] : [],
  );
  const ends = [
    ...segments.map(({ start, bytes }) => start + bytes),
    ...gaps.map(({ offset, bytes }) => offset + bytes),
  ];
  const times = [manifest.started, ...events.slice(-1).map(({ ts }) => ts)].map((time) => Date.parse(time));
  const ended = new Date(Math.max(...times, ...segments.map(({ modified }) => Math.round(modified)))).toISOString();
  const bytes = Math.max(0, ...ends);
  // Where the index tells when the last of it came, a wall clock that was set meanwhile does not count.
  const lastMs = lastTime(folder.path);
  const durationMs = lastMs === undefined ? {} : { durationMs: Math.round(lastMs) };
  releaseReserve(folder.path);
  const activity = { status: 'failed', source: 'exit', since: ended } as const;
  writeManifest(folder.path, {
    ...manifest,
    status: 'failed',
    activity,
    ended,
    ...durationMs,
    bytes,
    ...(sha256 && { sha256 }),
    chain,
    gaps,
  });
  using log = new TaskLog(folder, clock, () => undefined);
  log.warn(`orch verify --repair gave this lost task an end: failed, ${bytes} bytes, the last written at ${ended}`);
  return { type: 'sealed', bytes, ended };
}

function isSame(before: readonly Segment[], after: readonly Segment[]): boolean {
  const identity = (segments: readonly Segment[]): string =>
    segments.map(({ inode, start, bytes }) => `${inode}:${start}:${bytes}`).join();
  return identity(before) === identity(after);
}

function lastTime(folder: string): number | undefined {
  const index = scanIndex(folder);
  return index.type === 'read' && index.entries > 0 ? index.endMs : undefined;
}
