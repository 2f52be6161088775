import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type CliResult, runCli } from '../fixtures/cli.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

/** Runs `orch render` on a file that holds `content`. */
async function render(content: string | Uint8Array, argv: readonly string[] = []): Promise<CliResult> {
  using home = temporaryFolder();
  writeFileSync(join(home.path, 'input'), content);
  return await runCli(['render', ...argv, join(home.path, 'input')], { cwd: home.path });
}

const CAST = '{"version": 2, "width": 10, "height": 4}\n';
const cast = (...output: string[]): string =>
  CAST + output.map((text, at) => `${JSON.stringify([at, 'o', text])}\n`).join('');

describe('orch render', () => {
  test('gives a raw log as clean text', async () => {
    expect(await render('\x1b[31mred\x1b[0m\r\n10%\r100%\r\nlast')).toMatchObject({
      code: 0,
      stdout: 'red\n100%\nlast\n',
      stderr: '',
      listeners: 0,
    });
  });

  test('draws on the screen the file names, else on one of 80 by 24, else on what is asked for', async () => {
    const rows = async (content: string, argv: string[] = []): Promise<number> =>
      (await render(content, ['--screen', ...argv])).stdout.split('\n').length - 1;
    expect(await rows('x'.repeat(100))).toBe(2);
    expect(await rows(cast('x'.repeat(20)))).toBe(2);
    expect(await rows(cast('x'.repeat(20)), ['--cols', '5'])).toBe(4);
    expect(await rows('1\r\n2\r\n3\r\n4', ['--rows', '2'])).toBe(2);
  });

  test('follows the resizes of an asciicast', async () => {
    const resized = `${cast(`${'x'.repeat(20)}\r\n`)}[5, "r", "30x4"]\n[6, "o", "${'y'.repeat(20)}"]\n`;
    expect((await render(resized, ['--screen'])).stdout).toBe(`${'x'.repeat(20)}\n${'y'.repeat(20)}\n`);
  });

  test('-o json is an object a line with the bytes it came from', async () => {
    const { stdout } = await render('one\r\ntwo', ['-o', 'json']);
    expect(stdout).toBe('{"text":"one","offset":0,"endOffset":5}\n{"text":"two","offset":5,"endOffset":8}\n');
  });

  test('draws pictures of the screen, with its colours', async () => {
    const red = '\x1b[31m<red>\x1b[0m';
    expect((await render(red, ['-o', 'ansi'])).stdout).toBe('\x1b[31m<red>\x1b[0m\n');
    expect((await render(red, ['-o', 'html'])).stdout).toMatch(/^<!doctype html>.*&lt;red&gt;/s);
    expect((await render(red, ['-o', 'svg'])).stdout).toMatch(/^<svg .*&lt;red&gt;/s);
    expect(JSON.parse((await render(red, ['--screen', '-o', 'json'])).stdout)).toMatchObject({ cols: 80, rows: 24 });
  });

  test('prints nothing that a terminal would obey, whatever a recording holds', async () => {
    const hostile = '\x1b]52;c;aGk=\x07\x9b31m\u009b\u0085\x00\x7f\x1b[c\x1b]0;title\x1b\\text\x1bPx\x1b\\';
    const invalid = Buffer.concat([Buffer.from(`${CAST}[0, "o", "`), Buffer.of(0x9b, 0xff, 0xc2), Buffer.from('"]\n')]);
    for (const content of [hostile, cast(hostile), invalid, `Script started on \x1b[c\n${hostile}`]) {
      for (const argv of [[], ['--screen'], ['-o', 'json'], ['--alt', 'diff']]) {
        const { code, stdout } = await render(content, argv);
        expect([code, stdout]).toEqual([0, expect.not.stringMatching(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/) as string]);
      }
    }
  });

  test('leaves damaged lines of an asciicast out, and says how many', async () => {
    expect(await render(`${cast('one')}[torn`)).toMatchObject({
      code: 4,
      stdout: 'one\n',
      stderr: 'orch: lines of this asciicast are damaged and were left out: 1\n',
    });
  });

  test('reads a typescript at the sizes of its timing file, and says in one line what that is not', async () => {
    using home = temporaryFolder();
    const at = (name: string, content: string): string => {
      writeFileSync(join(home.path, name), content);
      return join(home.path, name);
    };
    const typescript = at('typescript', 'Script started on 2026-01-02\n0123456789\r\nabcdefghij');
    const timing = at('timing', 'H 0.0 COLUMNS 5\nH 0.0 LINES 4\nO 0.1 12\nS 0.1 SIGWINCH ROWS=4 COLS=20\nO 0.1 10\n');
    const screen = ['render', '--screen', '--timing'];
    expect(await runCli([...screen, timing, typescript], { cwd: home.path })).toMatchObject({
      code: 0,
      stdout: '0123456789\nabcdefghij\n',
      stderr: '',
    });
    const fix = 'name the one that script(1) wrote with the typescript, or leave --timing out\n';
    for (const [file, input, code, line] of [
      [at('none', ''), typescript, 0, ''],
      [at('word', 'word'), typescript, 4, 'orch: this timing file cannot be read: line 1 is not a record'],
      [
        typescript,
        typescript,
        4,
        `orch: this timing file cannot be read: line 1 is not a record of script(1) — ${fix}`,
      ],
      [timing, at('cast', CAST), 4, `orch: this timing file cannot be read: an asciicast has its own times and sizes`],
      [join(home.path, 'absent'), typescript, 1, `orch: ${home.path}/absent cannot be read: ENOENT: no such file`],
    ] as const) {
      const { code: ended, stderr } = await runCli([...screen, file, input], { cwd: home.path });
      expect([ended, stderr]).toEqual([code, expect.stringContaining(line) as string]);
    }
  });

  test('of nothing is nothing', async () => {
    for (const content of ['', CAST, 'Script started on 2026-01-02\n']) {
      expect(await render(content)).toMatchObject({ code: 0, stdout: '', stderr: '' });
    }
  });

  test.each([
    [['--cols', '0'], /^orch: --cols 0 is not a number of cells — from 1 to 65535, such as --cols 100\n$/],
    [['--rows', 'x'], /^orch: --rows x is not a number of cells — /],
    [['--screen', '--alt', 'diff'], /^orch: --screen and --alt exclude each other — leave one out\n$/],
    [['-o', 'svg', '--alt', 'diff'], /^orch: -o svg and --alt exclude each other — leave one out\n$/],
    [['-o', 'png'], /^orch: option '-o, --output <format>' argument 'png' is invalid\. /],
  ])('%j is one clear line and exit 2', async (argv, line) => {
    expect(await render('text', argv)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(line) as string,
    });
  });

  test('what cannot be read is one clear line', async () => {
    using home = temporaryFolder();
    mkdirSync(join(home.path, 'folder'));
    for (const [name, why] of [
      ['absent', 'ENOENT: no such file or directory'],
      ['folder', 'EISDIR: illegal operation on a directory'],
    ] as const) {
      const path = join(home.path, name);
      expect(await runCli(['render', path], { cwd: home.path })).toMatchObject({
        code: 1,
        stdout: '',
        stderr: `orch: ${path} cannot be read: ${why} — name a raw log, a typescript or an asciicast, or pipe one in\n`,
        listeners: 0,
      });
    }
    expect(await render('{"version": 9, "width": 80, "height": 24}\n')).toMatchObject({
      code: 4,
      stderr: 'orch: this asciicast cannot be read: its version is 9 — asciinema convert can convert it to version 2\n',
    });
  });

  test('Ctrl-C ends it with 130, and a reader that goes away quietly with 0', async () => {
    using home = temporaryFolder();
    const path = join(home.path, 'input');
    writeFileSync(path, 'line\r\n'.repeat(100_000));
    const onWrite = (signals: { send(signal: 'SIGINT'): void }): void => {
      signals.send('SIGINT');
    };
    const interrupted = await runCli(['render', path], { cwd: home.path, onWrite });
    expect(interrupted).toMatchObject({ code: 130, stderr: '', listeners: 0 });
    expect(interrupted.stdout.length).toBeLessThan(500_000);
    expect(await runCli(['render', path], { cwd: home.path, stdoutFails: 'EPIPE' })).toMatchObject({
      code: 0,
      stderr: '',
      listeners: 0,
    });
  });
});
