import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findAgentDir, findOwnAgentDir, openAgentDir } from '../../src/store/layout/agent-dir.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const isRoot = process.getuid?.() === 0;

describe('opening the folder for new recordings', () => {
  test('makes .agent in the current folder where there is no repository', () => {
    using home = temporaryFolder();
    const dir = openAgentDir({ cwd: home.path });
    expect(dir).toBe(join(home.path, '.agent'));
    expect(lstatSync(dir).mode & 0o777).toBe(0o700);
    expect(readFileSync(join(dir, '.gitignore'), 'utf8')).toBe('*\n');
    expect(lstatSync(join(dir, '.gitignore')).mode & 0o777).toBe(0o600);
  });

  test.each(['folder', 'file'])('makes .agent beside .git when that is a %s, wherever below it one works', (kind) => {
    using home = temporaryFolder();
    const cwd = join(home.path, 'a', 'b');
    mkdirSync(cwd, { recursive: true });
    if (kind === 'folder') mkdirSync(join(home.path, '.git'));
    else writeFileSync(join(home.path, '.git'), 'gitdir: elsewhere\n');
    expect(openAgentDir({ cwd })).toBe(join(home.path, '.agent'));
  });

  test('uses the nearest .agent above, even when a repository is nearer', () => {
    using home = temporaryFolder();
    const cwd = join(home.path, 'repository', 'src');
    mkdirSync(cwd, { recursive: true });
    mkdirSync(join(home.path, 'repository', '.git'));
    mkdirSync(join(home.path, '.agent'));
    expect(openAgentDir({ cwd })).toBe(join(home.path, '.agent'));
  });

  test('opening it again changes nothing', () => {
    using home = temporaryFolder();
    openAgentDir({ cwd: home.path });
    writeFileSync(join(home.path, '.agent', '.gitignore'), 'mine\n');
    expect(openAgentDir({ cwd: home.path })).toBe(join(home.path, '.agent'));
    expect(readFileSync(join(home.path, '.agent', '.gitignore'), 'utf8')).toBe('mine\n');
    expect(readdirSync(join(home.path, '.agent'))).toEqual(['.gitignore']);
  });

  test('makes a named folder with its parents, private and hidden from git', () => {
    using home = temporaryFolder();
    const dir = openAgentDir({ cwd: home.path, dir: 'a/b/recordings' });
    expect(dir).toBe(join(home.path, 'a/b/recordings'));
    expect(lstatSync(join(home.path, 'a')).mode & 0o777).toBe(0o700);
    expect(readdirSync(dir)).toEqual(['.gitignore']);
  });

  test('does not hide an existing folder that was named from git', () => {
    using home = temporaryFolder();
    expect(openAgentDir({ cwd: home.path, dir: '.' })).toBe(home.path);
    expect(readdirSync(home.path)).toEqual([]);
  });

  test('refuses a file in its place, and a path that leads through a file', () => {
    using home = temporaryFolder();
    writeFileSync(join(home.path, '.agent'), '');
    expect(() => openAgentDir({ cwd: home.path })).toThrow(
      expect.objectContaining({ code: 'AGENT_DIR_IS_FILE', exitCode: 2 }),
    );
    const through = { cwd: home.path, dir: '.agent/below' };
    expect(() => openAgentDir(through)).toThrow(expect.objectContaining({ code: 'AGENT_DIR_IS_FILE' }));
  });

  test.each(['folder', 'nothing'])('never writes through a symbolic link to %s', (target) => {
    using home = temporaryFolder();
    const elsewhere = join(home.path, 'elsewhere');
    if (target === 'folder') mkdirSync(elsewhere);
    symlinkSync(elsewhere, join(home.path, '.agent'));
    for (const dir of [undefined, '.agent', '.agent/']) {
      expect(() => openAgentDir({ cwd: home.path, dir })).toThrow(
        expect.objectContaining({ code: 'AGENT_DIR_SYMLINK', exitCode: 2 }),
      );
    }
    expect(existsSync(elsewhere) ? readdirSync(elsewhere) : []).toEqual([]);
  });

  test('takes back the parents it made when the folder itself cannot be made', () => {
    using home = temporaryFolder();
    const dir = join('a', 'b', 'x'.repeat(300));
    expect(() => openAgentDir({ cwd: home.path, dir })).toThrow(
      expect.objectContaining({ code: 'AGENT_DIR_UNWRITABLE', exitCode: 1 }),
    );
    expect(readdirSync(home.path)).toEqual([]);
  });

  test('says so when the folder is there but not writable', () => {
    using home = temporaryFolder();
    const agent = join(home.path, '.agent');
    mkdirSync(agent);
    chmodSync(home.path, 0o755);
    chmodSync(agent, 0o555);
    asUnprivileged(() => {
      expect(() => openAgentDir({ cwd: home.path })).toThrow(/cannot be written: EACCES/);
    });
  });

  test.runIf(isRoot)('does not use what another user has put above, unless it is named, as root neither', () => {
    using home = temporaryFolder();
    const [agent, cwd] = [join(home.path, '.agent'), join(home.path, 'work')];
    for (const folder of [agent, cwd]) mkdirSync(folder);
    for (const folder of [home.path, agent, cwd]) chmodSync(folder, 0o777);
    chownSync(agent, 1234, 1234);
    asUnprivileged(() => {
      expect(() => openAgentDir({ cwd })).toThrow(expect.objectContaining({ code: 'AGENT_DIR_FOREIGN', exitCode: 2 }));
      expect(openAgentDir({ cwd, dir: agent })).toBe(agent);
    });
    expect(() => openAgentDir({ cwd })).toThrow(expect.objectContaining({ code: 'AGENT_DIR_FOREIGN', exitCode: 2 }));
    expect(() => findOwnAgentDir({ cwd })).toThrow(expect.objectContaining({ code: 'AGENT_DIR_FOREIGN', exitCode: 2 }));
    expect(readdirSync(agent)).toEqual(['.gitignore']);
    expect([findAgentDir({ cwd }), openAgentDir({ cwd, dir: agent }), findOwnAgentDir({ cwd, dir: agent })]).toEqual(
      Array(3).fill(agent),
    );
    chownSync(agent, 0, 0);
    asUnprivileged(() => {
      expect(openAgentDir({ cwd })).toBe(agent);
    });
  });

  test('does not make the current folder anew when that has been removed', () => {
    using home = temporaryFolder();
    const cwd = join(home.path, 'gone');
    expect(() => openAgentDir({ cwd })).toThrow(expect.objectContaining({ code: 'AGENT_DIR_UNWRITABLE' }));
    expect(existsSync(cwd)).toBe(false);
  });
});

describe('finding the folder to read from', () => {
  test('finds the nearest .agent and makes nothing', () => {
    using home = temporaryFolder();
    const cwd = join(home.path, 'a');
    mkdirSync(cwd);
    expect(() => findAgentDir({ cwd })).toThrow(expect.objectContaining({ code: 'NO_AGENT_DIR', exitCode: 3 }));
    expect(readdirSync(home.path)).toEqual(['a']);
    mkdirSync(join(home.path, '.agent'));
    expect(findAgentDir({ cwd })).toBe(join(home.path, '.agent'));
  });

  test('a named folder wins, must be there, and must be a folder', () => {
    using home = temporaryFolder();
    mkdirSync(join(home.path, '.agent'));
    writeFileSync(join(home.path, 'file'), '');
    expect(findAgentDir({ cwd: home.path, dir: '.' })).toBe(home.path);
    expect(() => findAgentDir({ cwd: home.path, dir: 'absent' })).toThrow(/absent does not exist/);
    expect(() => findAgentDir({ cwd: home.path, dir: 'file' })).toThrow(
      expect.objectContaining({ code: 'AGENT_DIR_IS_FILE' }),
    );
  });
});

/** Root may write anywhere: as root, what depends on permissions is tried as nobody (65534 everywhere). */
function asUnprivileged(run: () => void): void {
  if (isRoot) process.seteuid?.(65_534);
  try {
    run();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}
