import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/core/clock.js';
import { chainHash, type RecordingDigest } from '../../src/store/log/recording-hash.js';
import type * as LogKeeperModule from '../../src/store/log/segment-hasher.js';
import type { HashedSegment, PackedCopy } from '../../src/store/log/segment-hasher-protocol.js';
import { sealedLogName } from '../../src/store/log/segment-names.js';
import { withDeadline } from '../fixtures/deadline.js';
import { eventually } from '../fixtures/eventually.js';
import { ManualClock } from '../fixtures/manual-clock.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

/** The built one: its thread is a file of its own, which is JavaScript only there. */
const built = pathToFileURL(join(import.meta.dirname, '../../dist/store/log/segment-hasher.js')).href;
const { SegmentHasher } = (await import(built)) as typeof LogKeeperModule;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const digestOf = (hasher: LogKeeperModule.SegmentHasher): Promise<RecordingDigest | undefined> =>
  withDeadline(hasher.digest({ clock: systemClock, signal: new AbortController().signal }), () => 'the digest');
const openFiles = (): number => readdirSync('/proc/self/fd').length;

/** Writes segments as a log does, in pieces of any size, and tells the hasher. */
class Segments {
  readonly hashed: HashedSegment[] = [];
  readonly packed: PackedCopy[] = [];
  readonly hasher: LogKeeperModule.SegmentHasher;
  readonly #folder: string;
  #start = 0;
  #bytes = 0;

  constructor(folder: string) {
    this.#folder = folder;
    this.hasher = new SegmentHasher({
      folder,
      onHashed: (segment) => this.hashed.push(segment),
      onPacked: (copy) => this.packed.push(copy),
    });
  }

  begin(): string {
    this.#start += this.#bytes;
    this.#bytes = 0;
    const path = join(this.#folder, sealedLogName(this.#start));
    appendFileSync(path, '');
    this.hasher.begun(this.#start, path);
    return path;
  }

  write(path: string, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const piece = bytes.subarray(at, at + 1 + ((at * 7919) % 70_000));
      appendFileSync(path, piece);
      this.hasher.grown(piece.length);
      at += piece.length;
    }
    this.#bytes += bytes.length;
  }
}

describe('the hash of the log', () => {
  test.each([0, 1, 4095, 1024 * 1024 - 1, 1024 * 1024, 1024 * 1024 + 1, 5_000_000])(
    'is the SHA-256 of the %i bytes of its one segment',
    async (length) => {
      using folder = temporaryFolder();
      const segments = new Segments(folder.path);
      using hasher = segments.hasher;
      const bytes = randomBytes(length);
      segments.write(segments.begin(), bytes);
      expect(await digestOf(hasher)).toEqual({ chain: sha256(bytes), sha256: sha256(bytes) });
      expect(segments.hashed).toEqual([]);
    },
  );

  test.each([
    [[10, 20, 30]],
    [[3_000_000, 1, 2_000_000]],
    [[5, 0, 7]],
    [[2_000_000, 0]],
    [[0, 5]],
    [[1_000_000, 1_000_000, 1_000_000, 0]],
  ])('of segments of %j bytes is that of all together, and is chained from one to the next', async (sizes) => {
    using folder = temporaryFolder();
    const segments = new Segments(folder.path);
    using hasher = segments.hasher;
    const parts = sizes.map((size) => randomBytes(size));
    for (const part of parts) segments.write(segments.begin(), part);
    const filled = parts.filter(({ length }) => length > 0);
    let chain: string | undefined;
    const chains = filled.map((part) => (chain = chainHash(chain, sha256(part))));
    expect(await digestOf(hasher)).toEqual({ chain, sha256: sha256(Buffer.concat(parts)) });
    const isLastFilled = (sizes.at(-1) ?? 0) > 0;
    const complete = isLastFilled ? filled.slice(0, -1) : filled;
    expect(segments.hashed.map(({ sha256: hash, chain: reached, bytes }) => ({ hash, reached, bytes }))).toEqual(
      complete.map((part, at) => ({ hash: sha256(part), reached: chains[at], bytes: part.length })),
    );
  });

  test('leaves out a segment that went before it was complete', async () => {
    using folder = temporaryFolder();
    const segments = new Segments(folder.path);
    using hasher = segments.hasher;
    const [first, second, third] = [2_000_000, 3_000_000, 4_000_000].map((size) => randomBytes(size));
    segments.write(segments.begin(), first ?? Buffer.alloc(0));
    const path = segments.begin();
    segments.write(path, second ?? Buffer.alloc(0));
    rmSync(path);
    hasher.gone(2_000_000);
    segments.write(segments.begin(), third ?? Buffer.alloc(0));
    const chain = chainHash(sha256(first ?? Buffer.alloc(0)), sha256(third ?? Buffer.alloc(0)));
    expect(await digestOf(hasher)).toEqual({ chain, sha256: undefined });
  });

  test('is a chain alone when a segment was removed that had been hashed', async () => {
    using folder = temporaryFolder();
    const segments = new Segments(folder.path);
    using hasher = segments.hasher;
    const parts = [2_000_000, 3_000_000].map((size) => randomBytes(size));
    for (const part of parts) segments.write(segments.begin(), part);
    await eventually(() => segments.hashed.length === 1, 'the first segment');
    hasher.gone(0);
    const [first = '', second = ''] = parts.map(sha256);
    expect(await digestOf(hasher)).toEqual({ chain: chainHash(first, second), sha256: undefined });
  });

  test('of a log that went before there was much in it is that of what came then', async () => {
    using folder = temporaryFolder();
    const segments = new Segments(folder.path);
    using hasher = segments.hasher;
    segments.write(segments.begin(), Buffer.from('gone'));
    hasher.gone(0);
    segments.write(segments.begin(), Buffer.from('there'));
    expect(await digestOf(hasher)).toEqual({ chain: sha256(Buffer.from('there')), sha256: undefined });
  });

  test.each([1000, 3_000_000])(
    'rejects, and does not wait for ever, when %i bytes were cut off the file',
    async (length) => {
      using folder = temporaryFolder();
      const path = join(folder.path, 'log');
      appendFileSync(path, Buffer.alloc(length));
      truncateSync(path, 10);
      using hasher = new SegmentHasher({ folder: folder.path });
      hasher.begun(0, path);
      for (let at = 0; at < length; at += 1000) hasher.grown(1000);
      await expect(digestOf(hasher)).rejects.toThrow('the log ended');
    },
  );

  test('rejects where the log could not be opened again', async () => {
    using folder = temporaryFolder();
    using hasher = new SegmentHasher({ folder: folder.path });
    hasher.begun(0, join(folder.path, 'missing'));
    hasher.grown(10);
    await expect(digestOf(hasher)).rejects.toThrow('could not be opened again');
  });
});

describe('in a flood', () => {
  /** Of eight million zeros that came at once; `atMost` bytes are waited for. */
  const digestOfFlood = (segments: Segments, hasher: LogKeeperModule.SegmentHasher, atMost: number) => {
    appendFileSync(segments.begin(), Buffer.alloc(8_000_000));
    hasher.grown(8_000_000);
    return hasher.digest({ clock: systemClock, signal: new AbortController().signal, atMost });
  };

  test('nothing is hashed, and at the end that is said where more is left than is waited for', async () => {
    using folder = temporaryFolder();
    const before = openFiles();
    {
      const segments = new Segments(folder.path);
      using hasher = segments.hasher;
      const digest = digestOfFlood(segments, hasher, 7_999_999);
      expect(await withDeadline(digest, () => 'the answer')).toBeUndefined();
    }
    await eventually(() => openFiles() <= before, 'the files are closed');
  });

  test('all is hashed at the end that no more is left of than is waited for', async () => {
    using folder = temporaryFolder();
    const segments = new Segments(folder.path);
    using hasher = segments.hasher;
    const digest = digestOfFlood(segments, hasher, 8_000_000);
    const hash = sha256(Buffer.alloc(8_000_000));
    expect(await withDeadline(digest, () => 'the digest')).toEqual({ chain: hash, sha256: hash });
  });

  test('what came in it is hashed when it is over', async () => {
    using folder = temporaryFolder();
    const segments = new Segments(folder.path);
    using hasher = segments.hasher;
    segments.write(segments.begin(), randomBytes(8_000_000));
    segments.write(segments.begin(), Buffer.from('quiet'));
    await eventually(() => segments.hashed.length === 1, 'the first segment');
    expect((await digestOf(hasher))?.sha256).toHaveLength(64);
  });
});

describe('a thread that hangs', () => {
  const hanging = (program: string, folder: string): LogKeeperModule.SegmentHasher => {
    const path = join(folder, 'log');
    appendFileSync(path, Buffer.alloc(3_000_000));
    const hasher = new SegmentHasher({
      folder,
      program: new URL(`data:text/javascript,${encodeURIComponent(program)}`),
    });
    hasher.begun(0, path);
    hasher.grown(3_000_000);
    return hasher;
  };
  /** Deaf, as one is that hangs. */
  const hangs = 'for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000)';

  test('is given up when it has told nothing for half a minute', async () => {
    using folder = temporaryFolder();
    using hasher = hanging(hangs, folder.path);
    const clock = new ManualClock();
    const given = hasher.digest({ clock, signal: new AbortController().signal });
    const seen = expect(withDeadline(given, () => 'the end of waiting')).rejects.toThrow(
      'has made no progress for 30 s',
    );
    await eventually(() => clock.waiting > 0, 'the wait');
    clock.advance(30_000);
    await seen;
    expect(clock.waiting).toBe(0);
  });

  test('is waited for as long as it gets on', async () => {
    using folder = temporaryFolder();
    const program = `import { parentPort } from 'node:worker_threads';
      parentPort.on('message', ({ id, content: { type } }) => {
        if (type !== 'end') return;
        parentPort.postMessage({ content: { type: 'progress' } });
        const digest = { chain: 'done', sha256: undefined };
        setImmediate(() => parentPort.postMessage({ id, content: { type: 'digest', digest } }));
      });`;
    using hasher = hanging(program, folder.path);
    const clock = new ManualClock();
    expect(await hasher.digest({ clock, signal: new AbortController().signal })).toEqual({
      chain: 'done',
      sha256: undefined,
    });
    expect(clock.waiting).toBe(0);
  });

  test('is given up at once by somebody who does without', async () => {
    using folder = temporaryFolder();
    using hasher = hanging(hangs, folder.path);
    const without = new AbortController();
    const given = hasher.digest({ clock: new ManualClock(), signal: without.signal });
    const seen = expect(withDeadline(given, () => 'the end of waiting')).rejects.toThrow('interrupted');
    without.abort();
    await seen;
  });
});

describe('packing', () => {
  test('makes a copy of each segment that is complete, which gzip reads too, and leaves no file open', async () => {
    using folder = temporaryFolder();
    const before = openFiles();
    const segments = new Segments(folder.path);
    {
      using hasher = segments.hasher;
      const parts = [1_000_000, 300_000, 5].map((size) => Buffer.alloc(size, 'all work and no play '));
      for (const part of parts) segments.write(segments.begin(), part);
      segments.write(segments.begin(), Buffer.from('the last'));
      await eventually(() => segments.packed.length === 3, 'three copies');
      await digestOf(hasher);
      const copies = [...segments.packed].sort((a, b) => a.start - b.start);
      expect(copies.map(({ start }) => start)).toEqual([0, 1_000_000, 1_300_000]);
      for (const [at, { path }] of copies.entries()) {
        expect(gunzipSync(readFileSync(path)).equals(parts[at] ?? Buffer.alloc(0))).toBe(true);
        expect(basename(path)).toMatch(/^backend\.\d{16}\.log\.gz\.part$/);
      }
    }
    await eventually(() => openFiles() <= before, 'the files are closed');
  });

  test('that the end comes before leaves nothing behind', async () => {
    using folder = temporaryFolder();
    const segments = new Segments(folder.path);
    using hasher = segments.hasher;
    for (const size of [4_000_000, 4_000_000, 10]) segments.write(segments.begin(), randomBytes(size));
    await digestOf(hasher);
    const told = segments.packed.map(({ path }) => basename(path));
    const there = readdirSync(folder.path).filter((name) => name.endsWith('.part'));
    expect(there.sort()).toEqual(told.sort());
  });

  test('of a segment that was removed meanwhile is given up', async () => {
    using folder = temporaryFolder();
    const segments = new Segments(folder.path);
    using hasher = segments.hasher;
    const path = segments.begin();
    segments.write(path, randomBytes(8_000_000));
    segments.write(segments.begin(), Buffer.from('second'));
    hasher.gone(0);
    segments.write(segments.begin(), Buffer.from('third'));
    await eventually(() => segments.packed.some(({ start }) => start === 8_000_000), 'the second copy');
    await digestOf(hasher);
    for (const copy of segments.packed) if (copy.start === 0) rmSync(copy.path);
    expect(existsSync(`${path}.gz.part`)).toBe(false);
  });
});
