import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fits, socketPlace } from '../../src/host/socket-place.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

/** A folder whose path no socket holds, and another of the same beginning. */
function longFolders(base: string): readonly [string, string] {
  const folders = ['one', 'other'].map((name) => join(base, 'é'.repeat(60), name));
  for (const folder of folders) mkdirSync(folder, { recursive: true });
  const [one = '', other = ''] = folders;
  return [one, other];
}

test('a socket is in the folder of its task, where its path is short enough in bytes', () => {
  using folder = temporaryFolder();
  expect(socketPlace(folder.path, {})).toBe(join(folder.path, 'host.sock'));
  expect([fits('x'.repeat(103)), fits('é'.repeat(54))]).toEqual([true, false]);
});

test('else in a private folder of the user, under a name of its own', () => {
  using folder = temporaryFolder();
  const env = { XDG_RUNTIME_DIR: folder.path };
  const [one, other] = longFolders(folder.path);
  const places = [socketPlace(one, env), socketPlace(other, env)];
  expect(new Set(places).size).toBe(2);
  for (const place of places) expect(place.startsWith(join(folder.path, 'orch/'))).toBe(true);
  expect(statSync(join(folder.path, 'orch')).mode & 0o777).toBe(0o700);
});

test('and not in one that others may use, nor where that has too long a path as well', () => {
  using folder = temporaryFolder();
  const [one] = longFolders(folder.path);
  mkdirSync(join(folder.path, 'orch'));
  chmodSync(join(folder.path, 'orch'), 0o755);
  expect(() => socketPlace(one, { XDG_RUNTIME_DIR: folder.path })).toThrow('is not a folder that you alone may use');
  writeFileSync(join(folder.path, 'file'), '');
  const throughFile = { XDG_RUNTIME_DIR: join(folder.path, 'file') };
  expect(() => socketPlace(one, throughFile)).toThrow(`${folder.path}/file/orch cannot be made: ENOTDIR`);
  expect(() => socketPlace(one, { XDG_RUNTIME_DIR: one })).toThrow('are too long for a socket');
});
