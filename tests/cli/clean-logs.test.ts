import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type CliResult, runCli } from '../fixtures/cli.js';
import { type TaskContent, writeTask } from '../fixtures/recorded-task.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const START = '2026-01-02T03:04:05.678Z';

/** Runs a line where one task is recorded, with an index of these lines. */
async function runOn(
  task: TaskContent,
  index: readonly unknown[],
  argv: readonly string[],
  columns?: number,
): Promise<CliResult> {
  using home = temporaryFolder();
  const agent = join(home.path, '.agent');
  mkdirSync(agent);
  const { path } = writeTask(agent, task);
  const header = { v: 1, start: START, size: task.manifest?.size ?? { cols: 80, rows: 24 } };
  writeFileSync(join(path, 'backend.idx'), [header, ...index].map((line) => `${JSON.stringify(line)}\n`).join(''));
  return await runCli(argv, { cwd: home.path, ...(columns === undefined ? {} : { columns }) });
}

describe('orch logs, off a terminal', () => {
  const log = '\x1b[31mred\x1b[0m\r\n10%\r100%\r\n';

  test('prints clean text without being asked', async () => {
    expect(await runOn({ log }, [], ['logs'])).toMatchObject({ code: 0, stdout: 'red\n100%\n', stderr: '' });
  });

  test('is the same text as --no-ansi has on a terminal', async () => {
    const onTerminal = await runOn({ log }, [], ['logs', '--no-ansi'], 80);
    expect(onTerminal.stdout).toBe((await runOn({ log }, [], ['logs'])).stdout);
    expect((await runOn({ log }, [], ['logs'], 80)).stdout).toContain('\x1b[31m');
  });

  test('says what becomes of a full-screen program', async () => {
    const editor = { log: 'before\r\n\x1b[?1049h\x1b[Hpage one\x1b[?1049lafter\r\n' };
    expect((await runOn(editor, [], ['logs'])).stdout.match(/before|page one|after/g)).toHaveLength(3);
    expect((await runOn(editor, [], ['logs', '--alt', 'final'], 80)).stdout).toContain('page one');
    expect((await runOn(editor, [], ['logs', '--alt', 'none'])).stdout).toBe('before\nafter\n');
  });

  test('holds no control character, whatever was recorded', async () => {
    const hostile = Buffer.concat([
      Buffer.from('\x1b]52;c;aGk=\x07\x1bP1$r\x1b\\\x9b31m\x07a\x00b\x7f\x1b[6n\u009b\u0085\r\n'),
      Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
    ]);
    for (const argv of [['logs'], ['logs', '--screen'], ['logs', '--alt', 'diff']]) {
      const { code, stdout } = await runOn({ log: hostile }, [], argv);
      expect([code, stdout]).toEqual([0, expect.not.stringMatching(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/) as string]);
    }
  });

  test('of nothing is nothing', async () => {
    expect(await runOn({ log: '' }, [], ['logs'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(await runOn({ log: '' }, [], ['logs', '--screen'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });
});

describe('orch logs --screen', () => {
  const task = { log: 'one\r\ntwo\r\n\x1b[2J\x1b[Hthree', manifest: { size: { cols: 40, rows: 4 } } };
  const index = [
    [100, 'o', 5],
    [2000, 'o', 10],
    [60_000, 'o', 22],
  ];

  test('is the screen as it stands, and not what was read on it', async () => {
    expect((await runOn(task, index, ['logs', '--screen'])).stdout).toBe('three\n');
    expect((await runOn(task, index, ['logs'])).stdout).toBe('one\ntwo\nthree\n');
  });

  test.each([
    ['0s', ''],
    ['0.1s', 'one\n'],
    ['2s', 'one\ntwo\n'],
    ['59s', 'one\ntwo\n'],
    ['1m', 'three\n'],
    ['2026-01-02T03:04:08Z', 'one\ntwo\n'],
    ['@8', 'one\ntwo\n'],
    ['@6', 'one\nt\n'],
    ['@999999', 'three\n'],
  ])('--at %s is the screen as it stood then', async (at, screen) => {
    expect(await runOn(task, index, ['logs', '--screen', '--at', at])).toMatchObject({
      code: 0,
      stdout: screen,
      stderr: '',
    });
  });

  test('has the size it had then', async () => {
    const wrapped = { log: `${'x'.repeat(30)}\r\n${'y'.repeat(30)}`, manifest: { size: { cols: 20, rows: 6 } } };
    const resized = [[50, 'r', 32, 40, 6]];
    const at = async (place: string): Promise<string> =>
      (await runOn(wrapped, resized, ['logs', '--screen', '--at', place])).stdout;
    expect(await at('@32')).toBe(`${'x'.repeat(20)}\n${'x'.repeat(10)}\n`);
    expect(await at('@62')).toBe(`${'x'.repeat(30)}\n${'y'.repeat(30)}\n`);
  });

  test('has the size it was given behind the last byte', async () => {
    const wrapped = { log: `${'x'.repeat(30)}\r\n`, manifest: { size: { cols: 20, rows: 6 } } };
    const screen = async (...argv: string[]): Promise<string> =>
      (await runOn(wrapped, [[50, 'r', 32, 40, 6]], ['logs', '--screen', ...argv])).stdout;
    expect(await screen()).toBe(`${'x'.repeat(30)}\n`);
    expect(await screen('--at', '@32')).toBe(`${'x'.repeat(20)}\n${'x'.repeat(10)}\n`);
    expect(await screen('--at', '@33')).toBe(`${'x'.repeat(30)}\n`);
  });

  test('says what is missing in front of it, and not what is missing behind', async () => {
    const gap = {
      log: 'after',
      manifest: { bytes: 60 },
      events: [{ type: 'rotate', offset: 50, reason: 'ENOSPC: no space left on device' }] as const,
    };
    expect(await runOn(gap, [], ['logs', '--screen', '--at', '@55'])).toMatchObject({
      code: 4,
      stdout: 'after\n',
      stderr: 'orch: 50 bytes at offset 0 are missing from the recording\n',
    });
  });

  test.each([
    [['--at', '5s'], 'orch: --at goes with --screen — orch logs --screen --at 90s\n'],
    [
      ['--screen', '--at', 'noon'],
      "orch: --at noon is not a place in a recording — such as 90, 1m30s, 1:30, 2026-01-02T03:04:05, @12345 (bytes), '#3' (iteration) or /pattern/\n",
    ],
    [['--screen', '--alt', 'diff'], 'orch: --screen and --alt exclude each other — leave one out\n'],
    [['--screen', '-o', 'raw'], 'orch: -o raw and --screen exclude each other — leave one out\n'],
  ])('with %j is one clear line and exit 2', async (argv, line) => {
    expect(await runOn(task, index, ['logs', ...argv])).toMatchObject({ code: 2, stdout: '', stderr: line });
  });
});
