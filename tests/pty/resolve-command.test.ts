import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { OrchError } from '../../src/core/errors.js';
import { resolveCommand } from '../../src/pty/process/resolve-command.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

function failure(work: () => unknown): { code: string; exitCode: number; message: string; fix: string | undefined } {
  try {
    work();
  } catch (error) {
    if (!(error instanceof OrchError)) throw error;
    const { code, exitCode, message, fix } = error;
    return { code, exitCode, message, fix };
  }
  throw new Error('nothing failed');
}

const PATH = '/usr/bin:/bin';

/** What resolving `command` in `cwd` gives. */
function resolveIn(cwd: string, command: string, { args = [] as string[], path = PATH } = {}): string {
  return resolveCommand({ command, args, env: { PATH: path }, cwd });
}

function program(path: string, text = '#!/bin/sh\n', mode = 0o755): string {
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

describe('a command is found', () => {
  test('by its name, in the first folder of PATH that has it', () => {
    using folder = temporaryFolder();
    for (const name of ['one', 'two']) mkdirSync(join(folder.path, name));
    const second = program(join(folder.path, 'two', 'tool'));
    expect(resolveIn('/', 'tool', { path: `${folder.path}/one:${folder.path}/two` })).toBe(second);
    const first = program(join(folder.path, 'one', 'tool'));
    expect(resolveIn('/', 'tool', { path: `${folder.path}/one:${folder.path}/two` })).toBe(first);
  });

  test('past folders, files that may not be executed and folders that are not there', () => {
    using folder = temporaryFolder();
    for (const name of ['one', 'two', 'three']) mkdirSync(join(folder.path, name));
    mkdirSync(join(folder.path, 'one', 'tool'));
    program(join(folder.path, 'two', 'tool'), '', 0o644);
    const right = program(join(folder.path, 'three', 'tool'));
    const path = ['missing', 'one', 'two', 'three'].map((name) => join(folder.path, name)).join(':');
    expect(resolveIn('/', 'tool', { path })).toBe(right);
  });

  test('by a path, from the folder it is to run in', () => {
    using folder = temporaryFolder();
    const tool = program(join(folder.path, 'tool'));
    expect(resolveIn(folder.path, './tool')).toBe(tool);
    expect(resolveIn('/', tool)).toBe(tool);
    expect(resolveIn(folder.path, 'tool', { path: '' })).toBe(tool);
  });

  test('through links, without PATH where execvp(3) looks, and with 127 KiB of argument', () => {
    using folder = temporaryFolder();
    symlinkSync('/bin/sh', join(folder.path, 'link'));
    expect(resolveIn(folder.path, './link')).toBe(join(folder.path, 'link'));
    expect(resolveCommand({ command: 'sh', args: [], env: {}, cwd: '/' })).toMatch(/bin\/sh$/);
    expect(resolveIn('/', 'sh', { args: ['x'.repeat(128 * 1024 - 1)] })).toMatch(/bin\/sh$/);
  });

  test('where it can be executed but not read', () => {
    using folder = temporaryFolder();
    const tool = program(join(folder.path, 'tool'), '#!/bin/sh\n', 0o111);
    expect(resolveIn('/', tool)).toBe(tool);
  });
});

describe('what cannot be started is said before anything is made:', () => {
  test('a command that is nowhere, with what to do', () => {
    expect(failure(() => resolveIn('/', 'no-such-command'))).toMatchObject({
      code: 'COMMAND_NOT_FOUND',
      exitCode: 127,
    });
    expect(failure(() => resolveIn('/', '/no/such/command'))).toMatchObject({ code: 'COMMAND_NOT_FOUND' });
    expect(failure(() => resolveIn('/', '/etc/passwd/tool'))).toMatchObject({ code: 'COMMAND_NOT_FOUND' });
    const install = (): string =>
      resolveCommand({ command: 'claude', args: [], env: { PATH: '/nowhere' }, cwd: '/' }, 'npm i');
    expect(failure(install)).toMatchObject({ exitCode: 127, fix: 'npm i' });
  });

  test.each(['folder', 'text', 'pipe'])('a %s', (kind) => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'it');
    if (kind === 'folder') mkdirSync(path);
    if (kind === 'text') program(path, 'words\n', 0o644);
    if (kind === 'pipe') execFileSync('mkfifo', ['-m', '755', path]);
    expect(failure(() => resolveIn('/', path))).toMatchObject({ code: 'COMMAND_NOT_EXECUTABLE', exitCode: 126 });
    if (kind === 'text')
      expect(failure(() => resolveIn('/', 'it', { path: folder.path })).message).toContain('permission denied');
  });

  test('a script whose interpreter is missing, by the name of the interpreter', () => {
    using folder = temporaryFolder();
    const script = program(join(folder.path, 'script'), '#! /no/such/python -u\nprint(1)\n');
    const { code, message, exitCode } = failure(() => resolveIn('/', script));
    expect({ code, exitCode }).toEqual({ code: 'COMMAND_NOT_EXECUTABLE', exitCode: 126 });
    expect(message).toContain('/no/such/python');
  });

  test('a link to itself', () => {
    using folder = temporaryFolder();
    symlinkSync('loop', join(folder.path, 'loop'));
    expect(failure(() => resolveIn(folder.path, './loop'))).toMatchObject({ exitCode: 126 });
  });

  test('a folder that is none, or not there', () => {
    expect(failure(() => resolveIn('/no/such/folder', 'sh'))).toMatchObject({ code: 'BAD_CWD', exitCode: 1 });
    expect(failure(() => resolveIn('/etc/passwd', 'sh'))).toMatchObject({ code: 'BAD_CWD', exitCode: 1 });
  });

  test('an empty command, a NUL byte, an argument or a line that is too long', () => {
    const usage = { code: 'BAD_ARGUMENT', exitCode: 2 };
    expect(failure(() => resolveIn('/', ''))).toMatchObject(usage);
    expect(failure(() => resolveIn('/', 'sh', { args: ['a', 'b\0c'] }))).toMatchObject(usage);
    expect(failure(() => resolveIn('/', 's\0h'))).toMatchObject(usage);
    expect(failure(() => resolveIn('/', 'sh', { args: ['½'.repeat(64 * 1024)] }))).toMatchObject(usage);
    const args = Array.from({ length: 20 }, () => 'x'.repeat(120_000));
    expect(failure(() => resolveIn('/', 'sh', { args }))).toMatchObject(usage);
  });
});
