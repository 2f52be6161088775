import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onlyTask, statusOfOnlyTask } from '../fixtures/agent-folder.js';
import { eventually } from '../fixtures/eventually.js';
import { startOrch } from '../fixtures/live-program.js';
import { ORCH, runOrch, runPiped } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch } from '../fixtures/terminal.js';

const clean = (folder: string, ...command: string[]): string[] => [
  ...['run', '--dir', folder, '--output', 'clean'],
  ...['--', ...command],
];

/** 1 to `last`, a line each. */
const numbers = (last: number): string => Array.from({ length: last }, (_, at) => `${at + 1}\n`).join('');

describe('orch run --output clean', () => {
  test.each([
    ['colours, a bar and a last line without its end', String.raw`printf '\033[31mred\033[0m\n10%%\r100%%\nlast'`],
    ['lines that wrap and lines that scroll', 'printf "%0300d\\n" 7; seq 1 200'],
    [
      'a screen that is cleared and drawn again',
      String.raw`for i in 1 2 3; do printf '\033[2J\033[Hcount %s\nsame\n' $i; done`,
    ],
    [
      'a frame that is drawn over',
      String.raw`for i in 1 2 3; do printf 'a %s\nb %s\n\033[2A' $i $i; done; printf '\033[2B'`,
    ],
    ['wide text, cut anywhere', "printf '\\346\\227'; sleep 0.05; printf '\\245本\\n'"],
    ['nothing', 'true'],
  ])('shows of %s what orch logs shows afterwards', async (_, script) => {
    using folder = temporaryFolder();
    const live = await runOrch(clean(folder.path, 'sh', '-c', script));
    const later = await runOrch(['logs', '--dir', folder.path, '--backend']);
    expect([live.code, later.code, later.stderr]).toEqual([0, 0, '']);
    expect(live.stdout.toString()).toBe(later.stdout.toString());
    expect(live.stdout.toString()).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
  });

  test('shows of the demo what orch logs shows afterwards', async () => {
    using folder = temporaryFolder();
    const live = await runOrch(['run', '--dir', folder.path, '--output', 'clean', '-b', 'demo', '--speed', '0']);
    const later = await runOrch(['logs', '--dir', folder.path, '--backend']);
    expect(live.stdout.toString()).toBe(later.stdout.toString());
    expect(live.stdout.toString()).toMatch(/\nLOOP_COMPLETE\n$/);
  });

  test('shows a line while the agent waits', async () => {
    using folder = temporaryFolder();
    await using orch = startOrch(
      clean(folder.path, 'sh', '-c', 'echo one; read -r word; echo "got $word"; read -r word'),
    );
    orch.read();
    await orch.waitFor('one\n');
    await orch.write('two\n');
    await orch.waitFor('got two\n');
    orch.endInput();
    expect(await orch.end()).toBe(1);
    expect(orch.stdout.match(/one|got two/g)).toEqual(['one', 'got two']);
  });

  test('shows each line while the next is not printed yet', async () => {
    using folder = temporaryFolder();
    const script = 'for i in 1 2 3 4 5 6 7 8 9; do echo "line $i"; read -r word; done';
    await using orch = startOrch(clean(folder.path, 'sh', '-c', script));
    orch.read();
    for (let line = 1; line <= 9; line++) {
      await orch.waitFor(`line ${line}\n`);
      await orch.write('next\n');
    }
    expect(await orch.end()).toBe(0);
    expect(orch.stdout.match(/^line \d$/gm)).toHaveLength(9);
  });

  test('keeps nobody waiting: the agent ends though nobody reads, and then everything is there to read', async () => {
    using folder = temporaryFolder();
    await using orch = startOrch(clean(folder.path, 'seq', '1', '300000'));
    await eventually(() => statusOfOnlyTask(folder.path) === 'done', 'the end of the agent');
    expect(onlyTask(folder.path).log).toHaveLength(2_288_895);
    orch.read();
    expect(await orch.end()).toBe(0);
    expect(orch.stdout).toBe(numbers(300_000));
  });

  test('of 50 MB shows every line, once and in order', async () => {
    using folder = temporaryFolder();
    const { code, stdout } = await runOrch(clean(folder.path, 'seq', '1', '5555555'), { deadlineMs: 120_000 });
    expect(code).toBe(0);
    const lines = stdout.toString().split('\n');
    expect(lines).toHaveLength(5_555_556);
    expect(lines.findIndex((line, at) => at < 5_555_555 && line !== String(at + 1))).toBe(-1);
  });

  test('ends quietly when its reader has had enough, and the agent goes on to its end', async () => {
    using folder = temporaryFolder();
    const line = `"$@" | head -n 1; echo "codes \${PIPESTATUS[*]}"`;
    const argv = [process.execPath, ORCH, ...clean(folder.path, 'seq', '1', '200000')];
    const { stdout, stderr } = await runPiped('bash', ['-c', line, 'bash', ...argv]);
    expect(stdout.toString()).toBe('1\ncodes 0 0\n');
    expect(stderr).toMatch(/^orch: done .*\n$/);
    expect(onlyTask(folder.path).log).toHaveLength(1_488_895);
  });

  test("a log that is taken away does not end it, and the agent's code is its own", async () => {
    using folder = temporaryFolder();
    const script = 'echo one; rm "$ORCH_TASK_DIR/backend.log"; sleep 1.2; echo two; exit 3';
    const { code, stdout } = await runOrch(clean(folder.path, 'sh', '-c', script));
    expect([code, stdout.toString()]).toEqual([3, 'one\ntwo\n']);
  });

  test('prints text on a terminal as well, and leaves it as it was', async () => {
    using folder = temporaryFolder();
    await using terminal = openOrch(
      clean(join(folder.path, 'r'), 'sh', '-c', String.raw`printf '\033[?1000h\033[31mred\n'`),
    );
    expect(await terminal.end()).toEqual({ code: 0 });
    expect(terminal.bytes.toString()).toMatch(/^red\r\norch: done .*\r\n$/);
  });
});

describe('stdout that is no terminal', () => {
  test('a failing one is said, and the recording goes on', async () => {
    using folder = temporaryFolder();
    const argv = [process.execPath, ORCH, ...clean(folder.path, 'seq', '1', '1000')];
    const { code, stderr } = await runPiped('sh', ['-c', '"$@" > /dev/full', 'sh', ...argv]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/stdout takes nothing more \(ENOSPC/) as string]);
    expect(onlyTask(folder.path).log).toHaveLength(4893);
  });
});
