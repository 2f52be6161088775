import { createHash, randomBytes } from 'node:crypto';
import { closeSync, openSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import type * as LogHashModule from '../../src/store/log-hash.js';
import { withDeadline } from '../fixtures/deadline.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

/** The built one: its thread is a file of its own, which is JavaScript only there. */
const built = pathToFileURL(join(import.meta.dirname, '../../dist/store/log-hash.js')).href;
const { LogHash } = (await import(built)) as typeof LogHashModule;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('the hash of the log', () => {
  test.each([0, 1, 4095, 1024 * 1024 - 1, 1024 * 1024, 1024 * 1024 + 1, 5_000_000])(
    'is the SHA-256 of the %i bytes that were written',
    async (length) => {
      using folder = temporaryFolder();
      const bytes = randomBytes(length);
      const fds = ['one', 'two'].map((name) => openSync(join(folder.path, name), 'a+'));
      const hash = new LogHash();
      const positions = [0, 0];
      // In two files, as a log that was rotated, in pieces of any size.
      for (let at = 0; at < length; ) {
        const piece = bytes.subarray(at, at + 1 + ((at * 7919) % 70_000));
        const which = at < length / 3 ? 0 : 1;
        const fd = fds[which] ?? -1;
        writeSync(fd, piece);
        hash.add({ fd, position: positions[which] ?? 0, length: piece.length });
        positions[which] = (positions[which] ?? 0) + piece.length;
        at += piece.length;
      }
      expect(await withDeadline(hash.digest(), () => 'the digest')).toBe(sha256(bytes));
      for (const fd of fds) closeSync(fd);
    },
  );

  test.each([1000, 3_000_000])(
    'rejects, and does not wait for ever, when %i bytes were cut off the file',
    async (length) => {
      using folder = temporaryFolder();
      const path = join(folder.path, 'log');
      const fd = openSync(path, 'a+');
      writeSync(fd, Buffer.alloc(length));
      truncateSync(path, 10);
      const hash = new LogHash();
      for (let at = 0; at < length; at += 1000) hash.add({ fd, position: at, length: 1000 });
      await expect(withDeadline(hash.digest(), () => 'the digest')).rejects.toThrow('the log ended');
      closeSync(fd);
    },
  );

  test('rejects rather than read a descriptor that is another file by now', async () => {
    using folder = temporaryFolder();
    const fd = openSync(join(folder.path, 'log'), 'a+');
    writeSync(fd, Buffer.alloc(1000));
    const hash = new LogHash();
    hash.add({ fd, position: 0, length: 1000 });
    hash.lost(fd);
    closeSync(fd);
    await expect(hash.digest()).rejects.toThrow('went before it was hashed');
  });
});
