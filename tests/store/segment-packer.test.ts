import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gunzipSync } from 'node:zlib';
import { type LogFileSystem, realFiles } from '../../src/store/log/log-files.js';
import { BLOCK_BYTES } from '../../src/store/log/packed-segment.js';
import { SegmentPacker } from '../../src/store/log/segment-packer.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const BYTES = Buffer.from(Array.from({ length: 2 * BLOCK_BYTES + 1000 }, (_, at) => (at * 7 + (at >> 9)) % 251));
const STEPS = ['open', 'write', 'sync', 'close', 'remove'] as const;

/** Real files, of which each write takes a part only, and the `nth` call of one kind fails. */
function failing(call: (typeof STEPS)[number] | undefined, nth: number, code: string): LogFileSystem {
  let left = nth;
  const step = (name: (typeof STEPS)[number]): void => {
    if (name === call && left-- === 0) throw Object.assign(new Error(`${code}: a test made it fail`), { code });
  };
  return {
    ...realFiles,
    open: (path) => (step('open'), realFiles.open(path)),
    write: (fd, bytes) => (step('write'), realFiles.write(fd, bytes.subarray(0, 40_000))),
    sync: () => {
      step('sync');
    },
    close: (fd) => {
      realFiles.close(fd);
      step('close');
    },
    remove: (path) => {
      step('remove');
      realFiles.remove(path);
    },
  };
}

/** Packs to the end; how that was, and the copy if there is one. */
function pack(files: LogFileSystem) {
  using folder = temporaryFolder();
  const [path, copy] = [join(folder.path, 'segment'), join(folder.path, 'copy')];
  writeFileSync(path, BYTES);
  const fd = openSync(path, 'r');
  const packer = new SegmentPacker(fd, 0, BYTES.length, copy, files);
  let state = packer.step();
  while (state === 'going') state = packer.step();
  closeSync(fd);
  expect(readFileSync(path).equals(BYTES)).toBe(true);
  return { state, copy: existsSync(copy) ? readFileSync(copy) : undefined };
}

test('a copy is what was packed, however little one write takes', () => {
  const { state, copy } = pack(failing(undefined, 0, ''));
  expect(state).toBe('done');
  expect(gunzipSync(copy ?? '').equals(BYTES)).toBe(true);
});

test.each(STEPS.flatMap((call) => [0, 1, 2].map((nth) => [call, nth] as const)))(
  'where %s fails for the %i-th time, a copy is said to be done only when it is whole',
  (call, nth) => {
    for (const code of ['ENOSPC', 'EIO']) {
      const { state, copy } = pack(failing(call, nth, code));
      if (state === 'done') expect(gunzipSync(copy ?? '').equals(BYTES)).toBe(true);
      else expect(copy).toBeUndefined();
    }
  },
);
