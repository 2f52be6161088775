import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onlyTask } from '../fixtures/agent-folder.js';
import { testEnvironment } from '../fixtures/environment.js';
import { ORCH, runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch } from '../fixtures/terminal.js';

/** An override of the direction, and its end. */
const [RLO, PDF] = ['\u202e', '\u202c'];
const TURNED = `a${RLO}txt.exe${PDF}b`;
const SHOWN = 'a\\u202etxt.exe\\u202cb';

describe('text that would turn a line round', () => {
  test('is shown as escapes in lists, notes and lines that have something in front of them', async () => {
    using folder = temporaryFolder();
    await runOrch(['run', '-q', '--dir', folder.path, '--', 'echo', TURNED]);
    for (const args of [
      ['ls'],
      ['show'],
      ['search', 'txt'],
      ['logs', '-T'],
      ['logs', '--prefix', 'always'],
      ['logs', '-s', 'orch'],
    ]) {
      const { stdout } = await runOrch([...args, '--dir', folder.path]);
      expect(stdout.toString()).toContain(SHOWN);
      expect(stdout.toString()).not.toMatch(/[\u202c\u202e]/);
    }
  });

  test('is shown as escapes on a terminal, and goes down a pipe as it was printed', async () => {
    using folder = temporaryFolder();
    await runOrch(['run', '-q', '--dir', folder.path, '--', 'echo', TURNED]);
    const args = ['logs', '--dir', folder.path, '--backend'];
    expect((await runOrch(args)).stdout.toString()).toBe(`${TURNED}\n`);
    await using terminal = openOrch([...args, '--pager', 'never']);
    await terminal.waitFor(SHOWN);
    expect(await terminal.end()).toEqual({ code: 0 });
  });

  test('means the same in JSON, where it is escaped', async () => {
    using folder = temporaryFolder();
    await runOrch(['run', '-q', '--dir', folder.path, '--', 'echo', TURNED]);
    const { argv } = onlyTask(folder.path).manifest;
    expect(argv).toEqual(['echo', TURNED]);
    for (const args of [
      ['ls', '--json'],
      ['logs', '-o', 'json', '--backend'],
      ['search', '--json', 'txt'],
    ]) {
      const text = (await runOrch([...args, '--dir', folder.path])).stdout.toString();
      expect(text).not.toContain(RLO);
      expect(JSON.stringify(JSON.parse(text))).toContain(TURNED);
    }
  });

  test('in an error is shown as escapes', async () => {
    using folder = temporaryFolder();
    mkdirSync(join(folder.path, '.agent'));
    const { code, stderr } = await runOrch(['show', TURNED], { cwd: folder.path });
    expect([code, stderr]).toEqual([3, expect.stringContaining(SHOWN)]);
    expect(stderr).not.toContain(RLO);
  });
});

describe('a name that would stand for another task, or for something else than a name', () => {
  test.each(['latest', 'task-1790000000-1', '1790', 'a/b', '-x', '.', '..', '.git', '~', 'a*b', 'a\u202eb', ''])(
    '%j is refused',
    async (name) => {
      using folder = temporaryFolder();
      const line = { code: 2, stderr: expect.stringMatching(/^orch: [^\n]* is not a name: [^\n]*\n$/) as string };
      expect(await runOrch(['run', '--name', name, '--', 'touch', 'started'], { cwd: folder.path })).toMatchObject(
        line,
      );
      writeFileSync(join(folder.path, 'raw.log'), 'hello\n');
      expect(await runOrch(['import', '--name', name, 'raw.log'], { cwd: folder.path })).toMatchObject(line);
      writeFileSync(join(folder.path, 'tasks.yml'), `- {name: ${JSON.stringify(name)}, command: [touch, started]}\n`);
      const { code, stderr } = await runOrch(['run', '--prompts', 'tasks.yml'], { cwd: folder.path });
      expect(code).toBe(2);
      expect(stderr).toMatch(/^orch: tasks\.yml:1:10: [^\n]*\n$/);
      expect(readdirSync(folder.path).sort()).toEqual(['raw.log', 'tasks.yml']);
    },
  );

  test('is not taken from what a recording calls itself', async () => {
    using folder = temporaryFolder();
    const header = JSON.stringify({ version: 2, width: 80, height: 24, title: 'latest' });
    writeFileSync(join(folder.path, 'it.cast'), `${header}\n[0.1, "o", "hello\\r\\n"]\n`);
    expect((await runOrch(['import', '--dir', 'tasks', 'it.cast'], { cwd: folder.path })).code).toBe(0);
    expect(onlyTask(join(folder.path, 'tasks')).manifest).not.toHaveProperty('name');
  });
});

describe.runIf(process.platform === 'linux')('what is not UTF-8', () => {
  /** A shell gives orch what its printf(1) makes, which no string of JavaScript holds. */
  const sh = (folder: string, script: string) =>
    spawnSync('/bin/sh', ['-c', script, process.execPath, ORCH], {
      cwd: folder,
      env: testEnvironment(),
      encoding: 'utf8',
    });

  test('is no argument: it is refused, and never changed', () => {
    using folder = temporaryFolder();
    const run = sh(folder.path, `"$0" "$1" run --dir tasks -- touch "$(printf 'a\\377b')"`);
    expect([run.status, run.stderr]).toEqual([
      2,
      'orch: argument 6 (a\ufffdb) is not UTF-8 — rename the file it names, or give the text in a file with --prompt-file\n',
    ]);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test('is told from the character that stands for it', () => {
    using folder = temporaryFolder();
    const run = sh(folder.path, `"$0" "$1" run -q --dir tasks -- touch "$(printf 'a\\357\\277\\275b')" '' x`);
    expect(run.status).not.toBe(2);
    expect(readdirSync(folder.path)).toContain('a\ufffdb');
  });

  test('is said of a variable, and refused in one of orch', () => {
    using folder = temporaryFolder();
    const run = sh(
      folder.path,
      `export KEPT="$(printf 'a\\377b')"; "$0" "$1" run -q --dir tasks -- true; "$0" "$1" run --dir tasks -- true`,
    );
    expect(run.stderr).toMatch(/^orch: KEPT is not UTF-8: [^\n]*\n/);
    const own = sh(folder.path, `export ORCH_DIR="$(printf 'a\\377b')"; "$0" "$1" run -- true`);
    expect([own.status, own.stderr]).toEqual([2, expect.stringMatching(/^orch: ORCH_DIR \(a\ufffdb\) is not UTF-8/)]);
    expect(readdirSync(folder.path)).toEqual(['tasks']);
  });

  test('is no folder to work in, which is said', () => {
    using folder = temporaryFolder();
    const run = sh(folder.path, `d="$(printf 'a\\377b')"; mkdir "$d"; cd "$d"; "$0" "$1" run -- true`);
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/^orch: cannot work in [^\n]*: its name is not UTF-8 — [^\n]*\n$/);
  });
});
