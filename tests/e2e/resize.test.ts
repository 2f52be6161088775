import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch } from '../fixtures/terminal.js';

/** What somebody drags a window through. */
const SIZES = [
  [120, 24],
  [63, 20],
  [31, 9],
  [30, 30],
  [200, 50],
  [80, 24],
] as const;

describe('a terminal that is resized', () => {
  test('while a program prints a line cuts nothing out of it', async () => {
    using folder = temporaryFolder();
    const program = join(folder.path, 'stream.mjs');
    writeFileSync(
      program,
      `let count = 0;
       process.stdout.write('> explain\\r\\n' + 'some words to begin with '.repeat(8) + '語🫠 ');
       process.stdout.on('resize', () => {
         process.stdout.write('word' + ++count + ' and a little more ');
         if (count === ${SIZES.length}) process.stdout.write('END\\r\\n', () => process.exit());
       });
       setInterval(() => {}, 1000);`,
    );
    await using terminal = openOrch(['run', '--dir', folder.path, '--', process.execPath, program]);
    await terminal.waitFor('with ');
    for (const [at, [cols, rows]] of SIZES.entries()) {
      terminal.resize(cols, rows);
      await terminal.waitFor(`word${at + 1} and a little more `);
    }
    expect(await terminal.end()).toEqual({ code: 0 });
    const words = SIZES.map((_, at) => `word${at + 1} and a little more `).join('');
    const line = `${'some words to begin with '.repeat(8)}語🫠 ${words}END`;
    const { stdout } = await runOrch(['logs', '--dir', folder.path, '--backend', '--no-ansi']);
    expect(stdout.toString()).toBe(`> explain\n${line}\n`);
    const exported = join(folder.path, 'stream.cast');
    await runOrch(['export', '--dir', folder.path, '-f', 'asciicast-v3', '-o', exported]);
    expect((await runOrch(['render', exported])).stdout.toString()).toBe(`> explain\n${line}\n`);
  });

  test('while a shell asks shows its prompt and the command once', async () => {
    using folder = temporaryFolder();
    const shell = ['bash', '--norc', '--noprofile', '-i'];
    await using terminal = openOrch(['run', '--dir', folder.path, '--', ...shell], {
      env: { PS1: 'prompt> ', TERM: 'xterm' },
    });
    await terminal.waitFor('prompt> ');
    await terminal.type('echo a command that has some length, $((40 + 2))');
    await terminal.waitFor('$((40 + 2))');
    for (const [cols, rows] of [
      [120, 24],
      [70, 30],
      [100, 20],
    ] as const) {
      terminal.resize(cols, rows);
      // The shell draws its line again.
      await terminal.waitFor('$((40 + 2))');
    }
    await terminal.type('\rexit\r');
    await terminal.end();
    const { stdout } = await runOrch(['logs', '--dir', folder.path, '--backend', '--no-ansi']);
    const lines = stdout
      .toString()
      .split('\n')
      .filter((line) => line !== '');
    expect(lines.slice(-4)).toEqual([
      'prompt> echo a command that has some length, $((40 + 2))',
      'a command that has some length, 42',
      'prompt> exit',
      'exit',
    ]);
    expect(lines.filter((line) => line.includes('40 + 2'))).toHaveLength(1);
  });
});
