import { expect, test } from 'vitest';
import { parseByteSize } from '../../src/core/text/byte-size.js';

test.each([
  ['900B', 900],
  ['0B', 0],
  ['1kB', 1000],
  ['1KB', 1000],
  ['500MB', 500e6],
  ['10GB', 10e9],
  ['10gb', 10e9],
  ['2TB', 2e12],
  ['1KiB', 1024],
  ['1.5GiB', 1.5 * 1024 ** 3],
  ['0.3333kB', 333],
])('%s is %i bytes', (text, bytes) => {
  expect(parseByteSize(text)).toBe(bytes);
});

test.each(['', '10', 'GB', '10G', '10 GB', '-1GB', '1.GB', '.5GB', '1e3MB', '1iB', '10XB', '10GBs', '1234567890B'])(
  '%j is no size',
  (text) => {
    expect(parseByteSize(text)).toBeUndefined();
  },
);
