import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hashSegments } from '../../src/store/log/hash-segments.js';
import { chainHash } from '../../src/store/log/recording-hash.js';
import { listSegments } from '../../src/store/log/segments.js';
import { sealedLogName } from '../../src/store/log/segment-names.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const MIB = 1024 * 1024;

/** A folder with segments of these sizes, in their order, and the hashes of what is in them. */
function segments(folder: string, sizes: readonly number[]): { readonly chain: string; readonly sha256: string } {
  const whole = createHash('sha256');
  let chain: string | undefined;
  let offset = 0;
  for (const [at, size] of sizes.entries()) {
    const bytes = randomBytes(size);
    whole.update(bytes);
    if (size > 0 || sizes.length === 1) chain = chainHash(chain, createHash('sha256').update(bytes).digest('hex'));
    writeFileSync(join(folder, at === sizes.length - 1 ? 'backend.log' : sealedLogName(offset)), bytes);
    offset += size;
  }
  return { chain: chain ?? '', sha256: whole.digest('hex') };
}

describe('the hash of all segments', () => {
  test.each([[[0]], [[1]], [[MIB]], [[3 * MIB + 1]], [[1, 2 * MIB, 5 * MIB - 1, 0]]])(
    'is that of %j bytes together, and chained over the segments',
    async (sizes) => {
      using folder = temporaryFolder();
      const wanted = segments(folder.path, sizes);
      expect(await hashSegments(listSegments(folder.path), [])).toMatchObject(wanted);
    },
  );

  test('is a chain alone where the first segment was removed to make room', async () => {
    using folder = temporaryFolder();
    const { chain } = segments(folder.path, [MIB, 2 * MIB, 5]);
    const [first, second] = listSegments(folder.path);
    const base = { v: 1, ts: '2026-01-02T03:04:05.678Z', task: 'task-1-1' } as const;
    const sha256 = createHash('sha256')
      .update(readFileSync(first?.path ?? ''))
      .digest('hex');
    const events = [
      { ...base, type: 'segment', offset: 0, bytes: MIB, sha256, chain: sha256 },
      { ...base, type: 'trim', offset: 0, bytes: MIB },
    ] as const;
    rmSync(first?.path ?? '');
    const hashes = await hashSegments(listSegments(folder.path), events);
    expect([hashes?.chain, hashes?.sha256, hashes?.segments.has(second?.start ?? 0)]).toEqual([chain, undefined, true]);
  });

  test('is of nothing where there is no segment', async () => {
    expect((await hashSegments([], []))?.chain).toBe(createHash('sha256').digest('hex'));
  });

  test('is not to be had of a segment that became shorter', async () => {
    using folder = temporaryFolder();
    segments(folder.path, [3 * MIB]);
    const listed = listSegments(folder.path);
    truncateSync(join(folder.path, 'backend.log'), MIB + 5);
    await expect(hashSegments(listed, [])).rejects.toThrow(
      /backend\.log cannot be read: it ends at 1048581 of its 3145728 bytes/,
    );
  });

  test('ends early when it is not wanted any more, and leaves nothing open', async () => {
    using folder = temporaryFolder();
    segments(folder.path, [3 * MIB, 3 * MIB]);
    const open = (): number => readdirSync('/proc/self/fd').length;
    const before = open();
    expect(await hashSegments(listSegments(folder.path), [], AbortSignal.abort())).toBeUndefined();
    expect(open()).toBe(before);
  });
});
