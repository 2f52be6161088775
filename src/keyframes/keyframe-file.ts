import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { LF } from '../core/terminal/codes.js';
import { errnoCode } from '../core/errors.js';
import { isCount } from '../core/guards.js';
import { openForAppend } from '../store/files/private-file.js';
import { keyframesName, keyframesStart } from '../store/log/segment-names.js';

/** A keyframe without its state: its offset, and the number of lines emitted up to there. */
export interface KeyframeEntry {
  /** The file it is in. */
  readonly path: string;
  /** The absolute offset that reading goes on at. */
  readonly offset: number;
  /** How many transcript lines had been emitted, for each treatment of full-screen programs. */
  readonly emitted: EmittedCounts;
  /** Where its state lies in the file, and how long it is there. */
  readonly position: number;
  readonly bytes: number;
  readonly hash: string;
}

/** Where the segment begins that its file belongs to. */
export function segmentOfKeyframe({ path }: KeyframeEntry): number {
  return keyframesStart(basename(path)) ?? 0;
}

interface EmittedCounts {
  readonly final: number;
  readonly diff: number;
  readonly none: number;
}

/** The keyframes of a recording, and what of their files is of no use. */
export interface KeyframeList {
  readonly entries: readonly KeyframeEntry[];
  /** A sentence for each file that is torn, damaged, or another version's. */
  readonly problems: readonly string[];
}

/** What a file begins with; `engine` names what made it, since states mean nothing to another one. */
interface Header {
  readonly v: 1;
  readonly engine: string;
}

/**
 * The keyframes that lie beside the segments, in the order of their offsets. Only the few bytes in front of each state are
 * read. Files of another `engine`, and what is torn or damaged, count as not there.
 */
export function listKeyframes(folder: string, engine: string): KeyframeList {
  const entries: KeyframeEntry[] = [];
  const problems: string[] = [];
  for (const start of keyframeStarts(folder)) {
    const found = entriesOf(join(folder, keyframesName(start)), engine);
    entries.push(...found.entries);
    if (found.problem !== undefined) problems.push(`${keyframesName(start)} ${found.problem}`);
  }
  return { entries, problems };
}

/** The same from the last on, each file read when it is come to: of a long recording there are hundreds. */
export function* keyframesBackward(folder: string, engine: string): Generator<KeyframeEntry, void, void> {
  for (const start of keyframeStarts(folder).toReversed()) {
    yield* entriesOf(join(folder, keyframesName(start)), engine).entries.toReversed();
  }
}

/** The state of a keyframe as it was written; undefined where it cannot be read, or is not what was written. */
export function readKeyframe({ path, position, bytes, hash, ...about }: KeyframeEntry): Buffer | undefined {
  return withFile(path, (fd) => {
    const state = Buffer.alloc(bytes);
    if (readSync(fd, state, 0, bytes, position) < bytes) return undefined;
    return hashOf(about, state) === hash ? state : undefined;
  });
}

/**
 * Appends a keyframe to those of the segment that begins at `start`, whose file is cut off where it is damaged from
 * some offset on. `known`: the length of the file that is known to be valid. Throws the system's error.
 */
export function appendKeyframe(
  folder: string,
  { start, engine, known }: { readonly start: number; readonly engine: string; readonly known?: number | undefined },
  { state, offset, emitted }: NewKeyframe,
): { readonly bytes: number; readonly length: number } {
  const path = join(folder, keyframesName(start));
  const fd = openForAppend(path);
  try {
    const { size } = fstatSync(fd);
    const usable = size === known ? size : entriesOf(path, engine).end;
    if (size > usable) ftruncateSync(fd, usable);
    const header: Header = { v: 1, engine };
    const begin = usable === 0 ? `${JSON.stringify(header)}\n` : '';
    const hash = hashOf({ offset, emitted }, state);
    const line = JSON.stringify([offset, emitted.final, emitted.diff, emitted.none, state.length, hash]);
    const record = Buffer.concat([Buffer.from(`${begin}${line}\n`), state, LINE_END]);
    // In one write, so that a reader sees all of it or a torn end.
    if (writeSync(fd, record) < record.length)
      throw new Error(`${path}: the disk is full: only the beginning was written`);
    return { bytes: record.length, length: usable + record.length };
  } finally {
    closeSync(fd);
  }
}

export interface NewKeyframe {
  readonly offset: number;
  readonly emitted: EmittedCounts;
  readonly state: Buffer;
}

/** Cuts off what is torn, damaged or another engine's, and leaves the rest. Throws the system's error. */
export function trimKeyframes(folder: string, engine: string): void {
  for (const start of keyframeStarts(folder)) {
    const path = join(folder, keyframesName(start));
    const { end, problem } = entriesOf(path, engine);
    if (problem !== undefined && end === 0) rmSync(path, { force: true });
    else if (problem !== undefined) truncateSync(path, end);
  }
}

/** Removes all keyframes of a recording. Throws the system's error. */
export function removeKeyframes(folder: string): void {
  for (const start of keyframeStarts(folder)) rmSync(join(folder, keyframesName(start)), { force: true });
}

function keyframeStarts(folder: string): readonly number[] {
  try {
    return readdirSync(folder)
      .flatMap((name) => keyframesStart(name) ?? [])
      .sort((a, b) => a - b);
  } catch (error) {
    if (errnoCode(error) === undefined) throw error;
    return [];
  }
}

interface Found {
  readonly entries: readonly KeyframeEntry[];
  /** Behind the last whole record; 0 where there is no header of this engine's. */
  readonly end: number;
  readonly problem: string | undefined;
}

function entriesOf(path: string, engine: string): Found {
  return (
    withFile(path, (fd): Found => {
      const { size } = fstatSync(fd);
      const entries: KeyframeEntry[] = [];
      const header = lineAt(fd, 0);
      if (header === undefined || !isHeader(parse(header.text), engine)) {
        return { entries, end: 0, problem: size === 0 ? undefined : 'was made by another version of orch' };
      }
      let end = header.end;
      while (end < size) {
        const line = lineAt(fd, end);
        const entry = line === undefined ? undefined : entryOf(parse(line.text), path, line.end);
        if (
          entry === undefined ||
          entry.position + entry.bytes + 1 > size ||
          entry.offset < (entries.at(-1)?.offset ?? 0)
        )
          return { entries, end, problem: `is torn or damaged at byte ${end}` };
        entries.push(entry);
        end = entry.position + entry.bytes + 1;
      }
      return { entries, end, problem: undefined };
    }) ?? { entries: [], end: 0, problem: undefined }
  );
}

function entryOf(line: unknown, path: string, position: number): KeyframeEntry | undefined {
  if (!Array.isArray(line) || line.length !== 6) return undefined;
  const [offset, final, diff, none, bytes, hash] = line as readonly unknown[];
  if (!isCount(offset) || !isCount(final) || !isCount(diff) || !isCount(none) || !isCount(bytes)) return undefined;
  if (typeof hash !== 'string' || bytes > MAX_STATE_BYTES) return undefined;
  return { path, offset, emitted: { final, diff, none }, position, bytes, hash };
}

/** Covers the numbers as well as the state: a damaged offset is as bad as a damaged state. */
function hashOf({ offset, emitted }: Omit<NewKeyframe, 'state'>, state: Uint8Array): string {
  const numbers = [offset, emitted.final, emitted.diff, emitted.none];
  return createHash('sha256').update(JSON.stringify(numbers)).update(state).digest('hex').slice(0, HASH_DIGITS);
}

function lineAt(fd: number, position: number): { readonly text: string; readonly end: number } | undefined {
  const read = readSync(fd, LINE, 0, LINE.length, position);
  const end = LINE.indexOf(LF);
  return end === -1 || end >= read ? undefined : { text: LINE.toString('latin1', 0, end), end: position + end + 1 };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isHeader(value: unknown, engine: string): value is Header {
  return (
    typeof value === 'object' &&
    value !== null &&
    'v' in value &&
    value.v === 1 &&
    'engine' in value &&
    value.engine === engine
  );
}

/** What `use` gives for the open file; undefined where there is none that can be read. */
function withFile<T>(path: string, use: (fd: number) => T): T | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    return use(fd);
  } catch (error) {
    if (errnoCode(error) === undefined) throw error;
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

const LINE_END = Buffer.of(LF);
/** Holds a line while it is read, for there may be thousands; more than the longest in front of a state. */
const LINE = Buffer.alloc(160);
/** Larger than any state: a larger number is damage. */
const MAX_STATE_BYTES = 256 * 1024 * 1024;
/** 64 bits: against damage, not against forgery. */
const HASH_DIGITS = 16;
