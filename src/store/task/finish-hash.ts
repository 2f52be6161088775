import { closeSync, constants, fdatasyncSync, openSync } from 'node:fs';
import { type Clock, sleep } from '../../core/clock.js';
import { OrchError } from '../../core/errors.js';
import type { Gap } from '../../core/events.js';
import { type Exposure, exposureText } from '../../core/redact/secret-watch.js';
import type { Secret } from '../../core/redact/secret-variables.js';
import { readEvents } from '../events/event-reader.js';
import { type KnownProcess, type Manifest, writeManifest } from '../layout/manifest.js';
import { readManifest } from '../layout/manifest-reader.js';
import { isSameProcess } from '../layout/process-identity.js';
import type { TaskFolder } from '../layout/task-folder.js';
import { TaskLog } from '../layout/task-log.js';
import { hashSegments } from '../log/hash-segments.js';
import { LogWatch } from '../log/log-watch.js';
import type { RecordingDigest } from '../log/recording-hash.js';
import { listSegments, type Segment, trimmedTo } from '../log/segments.js';

/** What a recorder leaves to do. */
export interface HashRequest {
  readonly folder: TaskFolder;
  /** What to look for in the recording, beside well-known tokens; undefined: nothing. */
  readonly secrets?: readonly Secret[] | undefined;
  /** Force the recording to the disk first. */
  readonly sync: boolean;
}

/** How often it is seen whether the recorder has named this process in the manifest, ms; it does so at its end. */
const NAMED_MS = 20;

/**
 * Computes the hash of a recording that has ended, and notes it in the manifest, which names `me`, or will in a moment. What is
 * found in the recording that should perhaps not be there is noted in task.log. True where the hash is noted. False, and
 * nothing is written, where the manifest names another process, or there is none any more; false too, and task.log says so, where the
 * recording is not whole.
 *
 * Throws the system's error where something cannot be written.
 *
 * @throws OrchError LOG_UNREADABLE
 */
export async function finishHash(request: HashRequest, me: KnownProcess, clock: Clock): Promise<boolean> {
  const { folder, secrets, sync } = request;
  const begun = await manifestNaming(me, folder, clock);
  if (begun === undefined) return false;
  const segments = listSegments(folder.path);
  if (sync) segments.forEach(forceToDisk);
  const { events } = readEvents(folder.path);
  const watch = secrets && new LogWatch(secrets);
  let exposure: Exposure | undefined;
  const hashes = await hashSegments(segments, events, undefined, (bytes, offset) => {
    exposure ??= watch?.look(bytes, offset);
  });
  exposure ??= watch?.end(begun.bytes);
  // It may have been removed meanwhile, or its hash computed by `verify --repair`.
  const manifest = await manifestNaming(me, folder, clock);
  if (manifest === undefined || hashes === undefined) return false;
  const isWhole = covers(segments, manifest, trimmedTo(events));
  using log = new TaskLog(folder, clock, () => undefined);
  if (exposure !== undefined) log.warn(exposureText(exposure));
  if (!isWhole) log.warn('the recording has no hash: it is not what was recorded any more');
  // Last: a process that waits for the hash finds all that is known.
  writeManifest(folder.path, withHashes(manifest, isWhole ? hashes : undefined));
  return isWhole;
}

function withHashes(manifest: Manifest, hashes: RecordingDigest | undefined): Manifest {
  const ended: { -readonly [Key in keyof Manifest]: Manifest[Key] } = { ...manifest };
  delete ended.hashing;
  if (hashes === undefined) return ended;
  const { chain, sha256 } = hashes;
  return { ...ended, ...(sha256 === undefined ? {} : { sha256 }), chain };
}

/** The manifest of a task that has ended, once it names `me`; undefined where it never will. */
async function manifestNaming(me: KnownProcess, folder: TaskFolder, clock: Clock): Promise<Manifest | undefined> {
  for (;;) {
    const manifest = tryReadManifest(folder);
    const { hashing } = manifest ?? {};
    if (hashing !== undefined) return hashing.pid === me.pid && hashing.pidStart === me.pidStart ? manifest : undefined;
    const isComing = manifest?.status === 'running' && isSameProcess(manifest.pid, manifest.pidStart);
    if (!isComing) return undefined;
    await sleep(clock, NAMED_MS);
  }
}

function tryReadManifest({ path }: TaskFolder): Manifest | undefined {
  try {
    return readManifest(path);
  } catch (error) {
    if (error instanceof OrchError) return undefined;
    throw error;
  }
}

/** What fails is as it would be without: the system writes it some time. */
function forceToDisk({ path }: Segment): void {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      fdatasyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch {
    // It was packed, or removed.
  }
}

/** Whether segments and gaps are all that was recorded, except what was removed in front of `removedTo`. */
function covers(segments: readonly Segment[], { bytes, gaps }: Manifest, removedTo: number): boolean {
  const ranges: Omit<Gap, 'reason'>[] = [
    ...segments.map((segment) => ({ offset: segment.start, bytes: segment.bytes })),
    ...gaps,
  ];
  let end = removedTo;
  for (const range of ranges.sort((a, b) => a.offset - b.offset))
    if (range.offset <= end) end = Math.max(end, range.offset + range.bytes);
  return end === bytes;
}
