import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type DataKind, hashOfData, writeData } from '../../../scripts/bench/terminal-data.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

const KINDS: readonly DataKind[] = [
  'plain',
  'sgr',
  '256',
  'wide',
  'check',
  'sgr-check',
  'cjk',
  'progress',
  'sessions',
  '80-byte',
  'random',
];

test.each(KINDS)('%s is the same each time, of the size that was asked for, and hashed as it is written', (kind) => {
  using folder = temporaryFolder();
  for (const lineEnd of ['\n', '\r\n'] as const) {
    const { path, bytes } = writeData(join(folder.path, 'data'), kind, 3, lineEnd);
    const data = readFileSync(path);
    expect(data.length).toBe(bytes);
    expect(bytes).toBeGreaterThanOrEqual(3e6);
    expect(bytes).toBeLessThan(5.5e6);
    expect(createHash('sha256').update(data).digest('hex')).toBe(hashOfData(kind, 3, lineEnd));
  }
});

test('what a terminal makes of line feeds is the same lines', () => {
  using folder = temporaryFolder();
  const [written = '', shown = ''] = (['\n', '\r\n'] as const).map((lineEnd) =>
    readFileSync(writeData(join(folder.path, 'data'), 'plain', 1, lineEnd).path, 'utf8'),
  );
  expect(shown).toBe(written.replaceAll('\n', '\r\n'));
});

test('lines are as wide as their kind says', () => {
  using folder = temporaryFolder();
  const lines = (kind: DataKind): readonly string[] =>
    readFileSync(writeData(join(folder.path, kind), kind, 1, '\n').path, 'utf8')
      .split('\n')
      .slice(0, -1);
  expect(new Set(lines('wide').map((line) => line.length))).toEqual(new Set([500]));
  expect(new Set(lines('80-byte').map((line) => line.length))).toEqual(new Set([79]));
  expect(lines('plain').every((line) => line.length <= 80 && !line.includes('\x1b'))).toBe(true);
  expect(lines('check').every((line) => line.split('✓').length === 2)).toBe(true);
  expect(lines('sgr-check').every((line) => line.split('✓').length === 2 && line.includes('\x1b['))).toBe(true);
});
