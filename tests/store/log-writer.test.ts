import fc from 'fast-check';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Gap } from '../../src/core/events.js';
import type { LogLimits } from '../../src/core/log-limits.js';
import type { LogFileSystem } from '../../src/store/log/log-files.js';
import { type LogTrouble, LogWriter, type WriterEvent } from '../../src/store/log/log-writer.js';
import type { Removed } from '../../src/store/log/sealed-segments.js';
import { sealedLogStart } from '../../src/store/log/segment-names.js';
import { ManualClock } from '../fixtures/manual-clock.js';
import { runs } from '../fixtures/runs.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const FOLDER = '/task';
const LOG = `${FOLDER}/backend.log`;

type Call = 'open' | 'write' | 'rename' | 'remove' | 'makeFolder';
type Fault = { readonly call: Call; readonly nth: number; readonly code: string };

/** Files without a disk, which fails where a script says. */
class FaultyFiles implements LogFileSystem {
  readonly files = new Map<string, { bytes: Buffer }>();
  readonly open_ = new Map<number, { bytes: Buffer }>();
  /** How many bytes one write takes at most. */
  shortWrites = Infinity;
  /** How many bytes fit on the disk; a write that fits in part is short. */
  room = Infinity;
  #faults: readonly Fault[];
  readonly #count = new Map<Call, number>();
  #nextFd = 10;

  constructor(faults: readonly Fault[] = []) {
    this.#faults = faults;
  }

  set faults(faults: readonly Fault[]) {
    this.#faults = faults;
    this.#count.clear();
  }

  open(path: string): number {
    this.#step('open');
    const file = this.files.get(path) ?? { bytes: Buffer.alloc(0) };
    this.files.set(path, file);
    this.open_.set(this.#nextFd, file);
    return this.#nextFd++;
  }

  write(fd: number, bytes: Uint8Array): number {
    this.#step('write');
    const count = Math.min(bytes.length, this.shortWrites, this.room);
    if (count === 0) throw failed('ENOSPC');
    this.room -= count;
    const file = this.#file(fd);
    file.bytes = Buffer.concat([file.bytes, bytes.subarray(0, count)]);
    return count;
  }

  read(fd: number, buffer: Uint8Array, position: number): number {
    return this.#file(fd).bytes.copy(buffer, 0, position);
  }

  /** A packed copy has the same bytes here: what packing does to them is tested elsewhere. */
  readSegment(path: string, buffer: Uint8Array, position: number): number {
    const file = this.files.get(path);
    if (file === undefined) throw failed('ENOENT');
    return file.bytes.copy(buffer, 0, position);
  }

  sync(): void {
    this.#step('write');
  }

  syncLater(): Promise<void> {
    return Promise.resolve();
  }

  closeSynced(fd: number): void {
    this.close(fd);
  }

  size(path: string): number {
    return this.files.get(path)?.bytes.length ?? 0;
  }

  rename(from: string, to: string): void {
    this.#step('rename');
    const file = this.files.get(from);
    if (file === undefined) throw failed('ENOENT');
    this.files.delete(from);
    this.files.set(to, file);
  }

  remove(path: string): void {
    this.#step('remove');
    this.files.delete(path);
  }

  makeFolder(): void {
    this.#step('makeFolder');
  }

  close(fd: number): void {
    if (!this.open_.delete(fd)) throw failed('EBADF');
  }

  isThere(fd: number, path: string, bytes: number): boolean {
    const file = this.#file(fd);
    return this.files.get(path) === file && file.bytes.length >= bytes;
  }

  #file(fd: number): { bytes: Buffer } {
    const file = this.open_.get(fd);
    if (file === undefined) throw failed('EBADF');
    return file;
  }

  #step(call: Call): void {
    const nth = this.#count.get(call) ?? 0;
    this.#count.set(call, nth + 1);
    const fault = this.#faults.find((candidate) => candidate.call === call && candidate.nth === nth);
    if (fault !== undefined) throw failed(fault.code);
  }
}

const failed = (code: string): Error => Object.assign(new Error(`${code}: a test made it fail`), { code });
/** The byte that belongs at an offset. */
const byteAt = (offset: number): number => (offset * 131 + (offset >> 8)) % 256;
const bytesFrom = (offset: number, length: number): Buffer =>
  Buffer.from(Uint8Array.from({ length }, (_, at) => byteAt(offset + at)));

/** A writer that is fed bytes by their place in the recording. */
function writing(files: FaultyFiles, limits?: LogLimits) {
  const clock = new ManualClock();
  const troubles: LogTrouble[] = [];
  const removed: Removed[] = [];
  /** Bytes in each segment, as whoever hashes them is told. */
  const grown = new Map<number, number>();
  let newest = 0;
  const writer = new LogWriter(FOLDER, {
    clock,
    files,
    limits,
    emit: (event) => {
      if (event.type === 'sealed') troubles.push({ type: 'rotate', offset: event.offset, reason: 'size' });
      else if (event.type === 'removing') removed.push({ offset: event.offset, bytes: event.bytes });
      else troubles.push(event);
    },
    segments: {
      begun: (start) => {
        newest = start;
        grown.set(start, 0);
      },
      grown: (count) => grown.set(newest, (grown.get(newest) ?? 0) + count),
      gone: (start) => grown.delete(start),
    },
  });
  const append = (length: number): void => {
    writer.append(bytesFrom(writer.offset, length));
  };
  return { clock, troubles, writer, append, grown, removed };
}

/** Fails unless what is on the disk and the gaps are, side by side, the whole recording, and every byte is right. */
function expectPartition(
  files: FaultyFiles,
  writer: LogWriter,
  troubles: readonly LogTrouble[],
  removed: readonly Removed[] = [],
): Map<number, number> {
  const rotations = troubles.flatMap((trouble) => (trouble.type === 'rotate' ? [trouble.offset] : []));
  const parts = [...files.files].flatMap(([path, { bytes }]) => {
    const start = path === LOG ? (rotations.at(-1) ?? 0) : sealedLogStart(basename(path));
    return start === undefined || (path.endsWith('.gz') && files.files.has(path.slice(0, -3)))
      ? []
      : [{ start, length: bytes.length, bytes }];
  });
  for (const { start, bytes } of parts) expect(bytes.equals(bytesFrom(start, bytes.length))).toBe(true);
  const gaps = writer.gaps.map(({ offset, bytes }: Gap) => ({ start: offset, length: bytes }));
  for (const gap of gaps) expect(gap.length).toBeGreaterThan(0);
  const filled = parts.filter(({ length }) => length > 0);
  const all = [...filled, ...gaps].sort((a, b) => a.start - b.start);
  const first = all[0]?.start ?? 0;
  // What is missing in front was told before it went, or is a gap in front of the first part.
  if (first > 0) expect(Math.max(...removed.map(({ offset, bytes }) => offset + bytes))).toBeGreaterThanOrEqual(first);
  let at = first;
  for (const { start, length } of all) {
    expect(start).toBe(at);
    at += length;
  }
  expect(at).toBe(writer.offset);
  expect(troubles.filter(({ type }) => type === 'gap')).toHaveLength(writer.gaps.length);
  // What is not in a gap can be read back, and what can be read back is right.
  for (let offset = 0; offset < writer.offset; ) {
    const buffer = Buffer.alloc(97);
    const read = writer.read(buffer, offset);
    if (read.type === 'bytes') {
      expect(read.count).toBeGreaterThan(0);
      expect(buffer.subarray(0, read.count).equals(bytesFrom(offset, read.count))).toBe(true);
      offset += read.count;
    } else {
      expect(read.until).toBeGreaterThan(offset);
      for (let missing = offset; missing < read.until; missing += 1)
        expect(missing < first || gaps.some(({ start, length }) => missing >= start && missing < start + length)).toBe(
          true,
        );
      offset = read.until;
    }
  }
  return new Map(filled.map(({ start, length }) => [start, length]));
}

describe('whatever fails', () => {
  const calls = ['open', 'write', 'rename', 'remove', 'makeFolder'] as const;
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ type: fc.constant('append' as const), length: fc.integer({ min: 0, max: 300 }) }),
    },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 1500 }) }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('check' as const) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('lost' as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({ type: fc.constant('room' as const), bytes: fc.integer({ min: 0, max: 400 }) }),
    },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('free' as const) }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('pack' as const), which: fc.nat(5) }) },
    {
      weight: 1,
      arbitrary: fc.record({ type: fc.constant('short' as const), bytes: fc.integer({ min: 1, max: 50 }) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        type: fc.constant('faults' as const),
        faults: fc.array(
          fc.record({
            call: fc.constantFrom(...calls),
            nth: fc.integer({ min: 0, max: 4 }),
            code: fc.constantFrom('EIO', 'ENOSPC', 'EACCES', 'EROFS'),
          }),
          { maxLength: 4 },
        ),
      }),
    },
  );

  const limits = fc.option(
    fc.record({ segmentBytes: fc.integer({ min: 50, max: 400 }), maxBytes: fc.constantFrom(500, 1000, Infinity) }),
    { nil: undefined },
  );
  /** As the thread that packs: a copy under another name, then its place among the segments. */
  const pack = (files: FaultyFiles, writer: LogWriter, which: number): void => {
    const sealed = [...files.files.keys()].filter((path) => path !== LOG && path.endsWith('.log')).sort();
    const path = sealed[which % Math.max(1, sealed.length)];
    const start = path === undefined ? undefined : sealedLogStart(basename(path));
    const file = path === undefined ? undefined : files.files.get(path);
    if (start === undefined || file === undefined) return;
    files.files.set(`${FOLDER}/copy`, file);
    writer.adopt(start, `${FOLDER}/copy`);
  };

  test('the segments and the gaps are exactly the recording, and every byte that is there is right', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), limits, (steps, given) => {
        const files = new FaultyFiles();
        const { writer, append, clock, troubles, grown, removed } = writing(files, given);
        for (const now of steps) {
          if (now.type === 'append') append(now.length);
          else if (now.type === 'wait') clock.advance(now.ms);
          else if (now.type === 'check') writer.check();
          else if (now.type === 'lost') files.files.delete(LOG);
          else if (now.type === 'room') files.room = now.bytes;
          else if (now.type === 'free') files.room = Infinity;
          else if (now.type === 'pack') pack(files, writer, now.which);
          else if (now.type === 'short') files.shortWrites = now.bytes;
          else files.faults = now.faults;
        }
        writer.end();
        const parts = expectPartition(files, writer, troubles, removed);
        const told = [...grown].filter(([, length]) => length > 0);
        // A segment that could not be removed is there although it was told that it goes.
        expect(told.filter(([start, length]) => parts.get(start) !== length)).toEqual([]);
        writer[Symbol.dispose]();
        expect(files.open_.size).toBe(0);
      }),
      { numRuns: runs(1000) },
    );
  });

  test.each(Array.from({ length: 61 }, (_, room) => room))('a disk with room for %i of 60 bytes', (room) => {
    const files = new FaultyFiles();
    files.room = room;
    const { writer, append, troubles } = writing(files);
    for (let at = 0; at < 6; at += 1) append(10);
    writer.end();
    expect(files.files.get(LOG)?.bytes).toHaveLength(room);
    expect(writer.gaps.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(60 - room);
    expectPartition(files, writer, troubles);
  });

  test('a try that fails leaves what was recorded as it is, and the next goes on behind the gap', () => {
    for (const call of calls) {
      for (let nth = 0; nth < 2; nth += 1) {
        const files = new FaultyFiles();
        const { writer, append, clock, troubles } = writing(files);
        append(100);
        files.faults = [{ call: 'write', nth: 0, code: 'EIO' }];
        append(50);
        files.faults = [{ call, nth, code: 'EIO' }];
        clock.advance(1000);
        append(20);
        files.faults = [];
        clock.advance(1000);
        append(30);
        writer.end();
        expectPartition(files, writer, troubles);
        expect(files.files.get(`${FOLDER}/backend.0000000000000000.log`)?.bytes).toHaveLength(100);
      }
    }
  });

  test('a log that is lost while nothing can be written is missing with the rest', () => {
    const files = new FaultyFiles();
    const { writer, append, clock, troubles } = writing(files);
    append(100);
    files.room = 0;
    append(10);
    files.files.delete(LOG);
    files.room = Infinity;
    clock.advance(1000);
    append(20);
    writer.end();
    expect(writer.gaps).toEqual([expect.objectContaining({ offset: 0, bytes: 110 })]);
    expectPartition(files, writer, troubles);
  });

  test('a log that is lost just before the end is noticed at the end', () => {
    const files = new FaultyFiles();
    const { writer, append, troubles } = writing(files);
    append(100);
    files.files.delete(LOG);
    writer.end();
    expect(writer.gaps).toEqual([expect.objectContaining({ offset: 0, bytes: 100 })]);
    expectPartition(files, writer, troubles);
  });

  test('while nothing can be written the disk is tried once a second', () => {
    const files = new FaultyFiles();
    const { append, clock, troubles, grown } = writing(files);
    files.room = 0;
    let tries = 0;
    const open = files.open.bind(files);
    files.open = (path) => {
      tries += 1;
      return open(path);
    };
    for (let ms = 0; ms < 10_000; ms += 10) {
      append(10);
      clock.advance(10);
    }
    expect(tries).toBeGreaterThanOrEqual(9);
    expect(tries).toBeLessThanOrEqual(10);
    expect(grown).toEqual(new Map([[0, 0]]));
    expect(troubles).toEqual([{ type: 'gap.open', offset: 0, reason: 'ENOSPC: a test made it fail' }]);
  });

  test('a log that is removed again and again holds one file open, and says which are lost', () => {
    const files = new FaultyFiles();
    const { writer, grown } = writing(files);
    for (let at = 0; at < 500; at += 1) {
      writer.append(Buffer.from('x'));
      files.files.delete(LOG);
      writer.check();
    }
    expect(files.open_.size).toBe(1);
    expect([...grown.values()]).toEqual([0]);
    writer[Symbol.dispose]();
    expect(files.open_.size).toBe(0);
  });
});

describe('on a real disk', () => {
  function realWriter(folder: string) {
    const troubles: WriterEvent[] = [];
    const writer = new LogWriter(folder, { clock: new ManualClock(), emit: (event) => troubles.push(event) });
    return { writer, troubles };
  }

  test('the bytes are in the file when append returns, for its owner alone', () => {
    using folder = temporaryFolder();
    using writer = realWriter(folder.path).writer;
    writer.append(Buffer.from([0, 255, 10, 13]));
    expect(readFileSync(join(folder.path, 'backend.log'))).toEqual(Buffer.from([0, 255, 10, 13]));
    expect(statSync(join(folder.path, 'backend.log')).mode & 0o777).toBe(0o600);
  });

  test.each(['removed', 'renamed', 'replaced', 'cut short', 'removed with its folder'])(
    'a log that is %s is noticed',
    (how) => {
      using folder = temporaryFolder();
      const task = join(folder.path, 'task');
      mkdirSync(task);
      const opened = realWriter(task);
      using writer = opened.writer;
      const { troubles } = opened;
      const log = join(task, 'backend.log');
      writer.append(Buffer.from('before'));
      writer.check();
      expect(troubles).toEqual([]);
      if (how === 'removed') rmSync(log);
      if (how === 'cut short') truncateSync(log, 3);
      if (how === 'renamed') renameSync(log, join(task, 'mine.log'));
      if (how === 'replaced') {
        rmSync(log);
        writeFileSync(log, 'somebody else');
      }
      if (how === 'removed with its folder') rmSync(task, { recursive: true });
      writer.check();
      writer.append(Buffer.from('after'));
      writer.end();
      expect(readFileSync(log, 'utf8')).toBe('after');
      expect(writer.gaps).toEqual([expect.objectContaining({ offset: 0, bytes: 6 })]);
      expect(troubles.map(({ type }) => type)).toEqual(['gap.open', 'gap', 'rotate']);
      expect(readdirSync(task).filter((name) => name.endsWith('.next'))).toEqual([]);
    },
  );

  test('a link in the place of the log is not followed', () => {
    using folder = temporaryFolder();
    const victim = join(folder.path, 'victim');
    symlinkSync(victim, join(folder.path, 'backend.log'));
    expect(() => realWriter(folder.path)).toThrow('ELOOP');
    expect(existsSync(victim)).toBe(false);
  });
});
