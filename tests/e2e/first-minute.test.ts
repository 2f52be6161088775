import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { commandTable } from '../../src/cli/command-table.js';
import { onlyTask } from '../fixtures/agent-folder.js';
import { runOrch, runPiped } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch } from '../fixtures/terminal.js';

const page = (name: string): string => readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), 'utf8');
const COMMANDS = commandTable.map(({ name }) => name);

describe('the first minute', () => {
  test('the demo runs in a terminal, is recorded byte for byte, and reads back as clean text', async () => {
    using folder = temporaryFolder();
    await using terminal = openOrch(['run', '-b', 'demo', '--speed', '0'], { cwd: folder.path });
    expect(await terminal.end()).toEqual({ code: 0 });
    const task = onlyTask(join(folder.path, '.agent'));
    expect(terminal.bytes.includes(task.log)).toBe(true);
    expect(task.manifest).toMatchObject({ backend: 'demo', status: 'done', bytes: task.log.length, gaps: [] });

    const clean = await runOrch(['logs', 'latest', '--backend', '--no-ansi'], { cwd: folder.path });
    expect(clean.code).toBe(0);
    expect(clean.stdout.toString()).toContain(
      '- Wide text stays in its columns: 你好，世界 · こんにちは · 안녕하세요\n',
    );
    expect(clean.stdout.toString()).toMatch(/\nLOOP_COMPLETE\n$/);
    expect(clean.stdout.toString()).not.toMatch(/[\x1b\x80-\x9f\r]/);
    // Each redrawn part once, as it ended.
    expect(clean.stdout.toString().match(/Write it down/g)).toHaveLength(1);
    expect(clean.stdout.toString().match(/Indexing/g)).toHaveLength(1);
  });

  test('the recording printed raw is the recording', async () => {
    using folder = temporaryFolder();
    expect((await runOrch(['run', '-b', 'demo', '--speed', '0', 'hello'], { cwd: folder.path })).code).toBe(0);
    const { stdout } = await runOrch(['logs', '-o', 'raw'], { cwd: folder.path });
    expect(stdout.equals(onlyTask(join(folder.path, '.agent')).log)).toBe(true);
  });

  test('what was recorded is listed and shown', async () => {
    using folder = temporaryFolder();
    await runOrch(['run', '-q', '--', 'sh', '-c', 'exit 3'], { cwd: folder.path });
    const { id } = onlyTask(join(folder.path, '.agent')).manifest;
    expect((await runOrch(['ls'], { cwd: folder.path })).stdout.toString()).toMatch(new RegExp(`${id}.*failed`));
    expect((await runOrch(['show', 'latest'], { cwd: folder.path })).stdout.toString()).toContain(id);
  });

  test.each(['', '--help', ...COMMANDS.map((name) => `${name} --help`)])('orch %s explains itself', async (line) => {
    const { code, stdout, stderr } = await runOrch(line.split(' ').filter((word) => word !== ''));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.toString()).toMatch(/^Usage: orch/);
    expect(
      Math.max(
        ...stdout
          .toString()
          .split('\n')
          .map(({ length }) => length),
      ),
    ).toBeLessThanOrEqual(120);
  });

  test('every flag the command reference names is one that orch has, and the other way round', async () => {
    const helps = await Promise.all(COMMANDS.map((name) => runOrch([name, '--help'])));
    const flagsIn = (text: string): Set<string> => new Set(text.match(/(?<![\w-])--[a-z][a-z-]+/g));
    const known = flagsIn(helps.map(({ stdout }) => stdout.toString()).join('\n'));
    known.delete('--help');
    expect([...flagsIn(page('commands'))].filter((flag) => flag !== '--help').sort()).toEqual([...known].sort());
  });

  test("the library page's program runs, and does what it says", async () => {
    const [, program = ''] = /```ts\n(.*?)```/s.exec(page('library')) ?? [];
    const { code: plain } = transformSync(program, { loader: 'ts' });
    const { code, stdout, stderr } = await runPiped(process.execPath, ['--input-type=module', '-e', plain]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.toString()).toMatch(/\betc\b.*\n\d+ bytes, exit code 0\n$/s);
    expect(stdout.toString()).not.toContain('\x1b');
  });
});
