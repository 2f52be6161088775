import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { chainHash, hashParts } from '../../src/store/hash-parts.js';
import { listSegments } from '../../src/store/segments.js';
import { sealedLogName } from '../../src/store/segment-names.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const MIB = 1024 * 1024;

/** A folder with parts of these sizes, in their order, and the hash of what is in them. */
function parts(folder: string, sizes: readonly number[]): string {
  let chain: string | undefined;
  let offset = 0;
  for (const [at, size] of sizes.entries()) {
    const bytes = randomBytes(size);
    if (size > 0 || sizes.length === 1) chain = chainHash(chain, createHash('sha256').update(bytes).digest('hex'));
    writeFileSync(join(folder, at === sizes.length - 1 ? 'backend.log' : sealedLogName(offset)), bytes);
    offset += size;
  }
  return chain ?? '';
}

describe('the hash of all parts', () => {
  test.each([[[0]], [[1]], [[MIB]], [[3 * MIB + 1]], [[1, 2 * MIB, 5 * MIB - 1, 0]]])(
    'is that of %j bytes, chained from part to part',
    async (sizes) => {
      using folder = temporaryFolder();
      const wanted = parts(folder.path, sizes);
      expect((await hashParts(listSegments(folder.path), []))?.chain).toBe(wanted);
    },
  );

  test('is of nothing where there is no part', async () => {
    expect((await hashParts([], []))?.chain).toBe(createHash('sha256').digest('hex'));
  });

  test('is not to be had of a part that became shorter', async () => {
    using folder = temporaryFolder();
    parts(folder.path, [3 * MIB]);
    const listed = listSegments(folder.path);
    truncateSync(join(folder.path, 'backend.log'), MIB + 5);
    await expect(hashParts(listed, [])).rejects.toThrow(
      /backend\.log cannot be read: it ends at 1048581 of its 3145728 bytes/,
    );
  });

  test('ends early when it is not wanted any more, and leaves nothing open', async () => {
    using folder = temporaryFolder();
    parts(folder.path, [3 * MIB, 3 * MIB]);
    const open = (): number => readdirSync('/proc/self/fd').length;
    const before = open();
    expect(await hashParts(listSegments(folder.path), [], AbortSignal.abort())).toBeUndefined();
    expect(open()).toBe(before);
  });
});
