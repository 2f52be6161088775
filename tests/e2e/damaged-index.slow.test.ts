import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readTask } from '../../src/store/task/task-reader.js';
import { RecordedTask } from '../../src/view/lines/recorded-task.js';
import { transcriptLines } from '../../src/view/lines/transcript-lines.js';
import { taskFolders } from '../fixtures/agent-folder.js';
import { runCli } from '../fixtures/cli.js';
import { runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

/** What reads a recording, and whether it needs times, so that it has to say that they are coarse. */
const COMMANDS: readonly { readonly args: readonly string[]; readonly wants: 'lines' | 'times' | 'nothing' }[] = [
  { args: ['logs', '--backend', '-o', 'cat', '-n', 'all'], wants: 'lines' },
  { args: ['logs', '--backend', '-o', 'cat', '-n', '2'], wants: 'lines' },
  { args: ['logs', '--backend', '--timestamps', '-n', 'all'], wants: 'times' },
  { args: ['logs', '-o', 'raw'], wants: 'lines' },
  { args: ['logs', '--screen'], wants: 'lines' },
  { args: ['show'], wants: 'times' },
  { args: ['show', '--screen'], wants: 'lines' },
  { args: ['search', 'line'], wants: 'lines' },
  { args: ['export', '-f', 'asciicast-v2'], wants: 'times' },
  { args: ['export', '-f', 'text'], wants: 'lines' },
  { args: ['replay', '--no-ansi', '--speed', '100'], wants: 'lines' },
  { args: ['ls'], wants: 'nothing' },
];

const DAMAGES: readonly { readonly name: string; readonly of: (index: Buffer) => Buffer }[] = [
  { name: 'garbage', of: (index) => Buffer.alloc(index.length, '\xff\x00{"v":') },
  { name: 'nothing', of: () => Buffer.alloc(0) },
  { name: 'half of it', of: (index) => index.subarray(0, index.length / 2) },
  { name: 'a header cut short', of: (index) => index.subarray(0, 20) },
];

async function recorded(agentDir: string): Promise<string> {
  await runOrch(['run', '-q', '--dir', agentDir, '--', 'sh', '-c', 'echo line 1; echo line 2; sleep 0.1; echo line 3']);
  return join(agentDir, taskFolders(agentDir)[0] ?? '');
}

/** A command line in this process, but for a replay, whose time is to pass. */
async function orch(argv: readonly string[], cwd: string) {
  if (argv[0] !== 'replay') return runCli(argv, { cwd });
  const { code, stdout, stderr } = await runOrch(argv, { cwd });
  return { code, stdout: stdout.toString(), stderr };
}

describe('with an index that is of no use', () => {
  test.each(DAMAGES)('every command still works, and says so where it matters ($name)', async ({ of }) => {
    using folder = temporaryFolder();
    const path = join(await recorded(folder.path), 'backend.idx');
    writeFileSync(path, of(readFileSync(path)));
    for (const { args, wants } of COMMANDS) {
      const [command = '', ...rest] = args;
      const { code, stdout, stderr } = await orch([command, '--dir', folder.path, ...rest], folder.path);
      expect([args, code === 0 || code === 4]).toEqual([args, true]);
      if (wants === 'lines') expect([args, /line 3/.test(stdout)]).toEqual([args, true]);
      if (code === 4) expect([args, /coarse|damaged|rebuilt/.test(stderr + stdout)]).toEqual([args, true]);
    }
    const verified = await runOrch(['verify', '--dir', folder.path]);
    expect(verified.code).toBe(4);
    expect(verified.stdout.toString()).toMatch(/^FAIL index: /m);
    expect((await runOrch(['verify', '--repair', '-q', '--dir', folder.path])).code).toBe(0);
  });

  test('cut at any byte, the lines are the same', async () => {
    using folder = temporaryFolder();
    const task = await recorded(folder.path);
    const path = join(task, 'backend.idx');
    const whole = readFileSync(path);
    for (let bytes = 0; bytes <= whole.length; bytes++) {
      writeFileSync(path, whole.subarray(0, bytes));
      using recording = new RecordedTask(readTask({ id: taskFolders(folder.path)[0] ?? '', path: task }));
      const lines: string[] = [];
      for await (const some of transcriptLines(recording.chunks({}), { size: recording.sizeAt(0) }))
        lines.push(...some.map(({ text }) => text));
      expect(lines).toEqual(['line 1', 'line 2', 'line 3']);
    }
  });
});
