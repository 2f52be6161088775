import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { taskFolders } from '../fixtures/agent-folder.js';
import { runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch } from '../fixtures/terminal.js';

const shell = (agentDir: string, script: string, ...flags: readonly string[]) =>
  runOrch(['run', '-q', '--dir', agentDir, ...flags, '--', 'sh', '-c', script]);
const search = (agentDir: string, ...args: readonly string[]) => runOrch(['search', '--dir', agentDir, ...args]);
const match = z.strictObject({
  task: z.string(),
  ts: z.iso.datetime(),
  iteration: z.null(),
  offset: z.number(),
  endOffset: z.number(),
  text: z.string(),
});

describe('orch search', () => {
  test('finds lines of all tasks, the oldest first: task, time, offset, line', async () => {
    using folder = temporaryFolder();
    await shell(folder.path, 'echo one fish; echo two; printf "\\033[31mred\\033[0m fish\\n"');
    await shell(folder.path, 'printf "half a f\\rwhole fish\\n"; echo Fish');
    const [first, second] = taskFolders(folder.path);
    const { code, stdout, stderr } = await search(folder.path, 'fish$');
    expect([code, stderr]).toEqual([0, '']);
    const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
    expect(stdout.toString().trimEnd().split('\n')).toEqual([
      expect.stringMatching(new RegExp(`^${first ?? ''} ${time} @0 one fish$`)),
      expect.stringMatching(new RegExp(`^${first ?? ''} ${time} @15 red fish$`)),
      expect.stringMatching(new RegExp(`^${second ?? ''} ${time} @\\d+ whole fish$`)),
    ]);
    expect((await search(folder.path, '-i', 'fish', second ?? '')).stdout.toString().match(/fish$/gim)).toHaveLength(2);
    expect((await search(folder.path, '-m', '1', 'fish')).stdout.toString().trimEnd().split('\n')).toHaveLength(2);
    expect((await search(folder.path, 'shark')).stdout.toString()).toBe('');
  });

  test('as JSON the offsets lead to the bytes', async () => {
    using folder = temporaryFolder();
    await shell(folder.path, 'seq 1 3000; echo "a+b (c)"; seq 1 10');
    const { stdout } = await search(folder.path, '-F', '--json', 'a+b (c');
    const found = match.parse(JSON.parse(stdout.toString()));
    const raw = await runOrch(['logs', '--dir', folder.path, '-o', 'raw']);
    expect(raw.stdout.toString('utf8', found.offset, found.endOffset)).toBe('a+b (c)\r\n');
  });

  test('marks what matches in colour', async () => {
    using folder = temporaryFolder();
    await shell(folder.path, 'echo one fish');
    expect((await search(folder.path, '--color', 'always', 'fi.h')).stdout.toString()).toContain('one \x1b[7mfish');
  });

  test('a damaged task is told of, and does not keep the others from being found', async () => {
    using folder = temporaryFolder();
    await shell(folder.path, 'echo fish 1');
    await shell(folder.path, 'echo fish 2');
    rmSync(join(folder.path, taskFolders(folder.path)[0] ?? '', 'backend.log'));
    const { code, stdout, stderr } = await search(folder.path, 'fish');
    expect(code).toBe(4);
    expect(stdout.toString()).toMatch(/fish 2\n$/);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  test('text of a recording is text: no escape reaches the reader', async () => {
    using folder = temporaryFolder();
    await shell(folder.path, 'echo plain');
    appendFileSync(
      join(folder.path, taskFolders(folder.path)[0] ?? '', 'backend.log'),
      'x\x1b]52;c;aGk=\x07y\x9b31mz\r\n',
    );
    const { stdout } = await search(folder.path, '--color', 'never', '[xyz]');

    expect(stdout.toString()).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });

  test.each([
    [['['], /the pattern is not a regular expression/],
    [['x', 'nosuchtask'], /nosuchtask/],
    [['-m', '0', 'x'], /--max-count 0/],
    [['--open', 'nowhere to be found'], /no line matches/],
  ])('%j is refused in one line', async (args, said) => {
    using folder = temporaryFolder();
    await shell(folder.path, 'true');
    const { code, stdout, stderr } = await search(folder.path, ...args);
    expect([2, 3]).toContain(code);
    expect(stdout.toString()).toBe('');
    expect(stderr).toMatch(said);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  test('--open replays where the line came', async () => {
    using folder = temporaryFolder();
    await shell(folder.path, 'echo old; echo needle here');
    await shell(folder.path, 'seq 1 200; echo needle there; sleep 1; seq 201 400');
    await using terminal = openOrch(['search', '--dir', folder.path, '--open', 'needle']);
    await terminal.waitFor('needle there');
    await terminal.type('q');
    expect(await terminal.ended).toEqual({ code: 0 });
  });
});
