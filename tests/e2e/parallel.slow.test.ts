import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allTasks, taskFolders } from '../fixtures/agent-folder.js';
import { withDeadline } from '../fixtures/deadline.js';
import { eventually } from '../fixtures/eventually.js';
import { startOrch } from '../fixtures/live-program.js';
import { ORCH, runOrch, runPiped } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch } from '../fixtures/terminal.js';

const TWENTY = Array.from({ length: 20 }, (_, at) => `task number ${at + 1}`);

describe('orch run --prompts', () => {
  test('runs twenty agents, eight at a time, shows each of their lines once, and says what became of them', async () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'todo.txt'), `# what is to be done\n\n${TWENTY.join('\n')}\n`);
    const { code, stdout, stderr } = await runOrch(
      ['run', '-b', 'demo', '--speed', '0', '--prompts', 'todo.txt', '--parallel', '8'],
      { cwd: folder.path },
    );
    expect(code).toBe(0);
    const tasks = allTasks(join(folder.path, '.agent'));
    expect(tasks.map(({ manifest }) => manifest.status)).toEqual(TWENTY.map(() => 'done'));
    const lines = stdout.toString().split('\n');
    for (const { manifest } of tasks)
      expect(lines.filter((line) => /^(\S+) +│ LOOP_COMPLETE$/.exec(line)?.[1] === manifest.id)).toHaveLength(1);
    for (const prompt of TWENTY) expect(lines.filter((line) => line.endsWith(`│ › ${prompt}`))).toHaveLength(1);
    expect(stderr.match(/^task-\S+ +done /gm)).toHaveLength(20);
  });

  test('takes a list in YAML, each with its own agent, and ends with 1 when one fails', async () => {
    using folder = temporaryFolder();
    writeFileSync(
      join(folder.path, 'todo.yml'),
      '- { command: [echo, "yes"], name: one }\n- { command: [sh, -c, "echo no; exit 3"], name: two }\n',
    );
    const { code, stdout, stderr } = await runOrch(['run', '--prompts', 'todo.yml'], {
      cwd: folder.path,
    });
    expect(code).toBe(1);
    expect(stdout.toString()).toMatch(/^two │ no$/m);
    expect(stderr).toMatch(/ one +done /);
    expect(stderr).toMatch(/ two +failed 3 /);
  });

  test('Ctrl-C ends all, and none begins any more', async () => {
    using folder = temporaryFolder();
    writeFileSync(
      join(folder.path, 'todo.yml'),
      Array.from({ length: 6 }, () => '- command: [sh, -c, "echo ready; exec sleep 1000"]\n').join(''),
    );
    const args = ['run', '--prompts', join(folder.path, 'todo.yml'), '--parallel', '3', '--dir', folder.path];
    await using terminal = openOrch(args);
    await eventually(() => taskFolders(folder.path).filter((id) => printed(folder.path, id)).length === 3, 'three run');
    terminal.kill('SIGINT');
    expect(await terminal.end()).toEqual({ code: 130 });
    const tasks = allTasks(folder.path);
    expect(tasks.map(({ manifest }) => [manifest.status, manifest.exit?.signal])).toEqual([
      ['failed', 2],
      ['failed', 2],
      ['failed', 2],
    ]);
  });

  test('is slowed by nobody who does not read, and a signal ends the wait for them', async () => {
    using folder = temporaryFolder();
    const todo = Array.from(
      { length: 3 },
      (_, at) => `- command: [sh, -c, "yes | head -n 200000; echo > ended${at}"]\n`,
    );
    writeFileSync(join(folder.path, 'todo.yml'), todo.join(''));
    await using orch = startOrch(['run', '--prompts', 'todo.yml'], folder.path);
    const agent = join(folder.path, '.agent');
    await eventually(() => isEnded(agent, 3), 'three ended');
    process.kill(orch.pid, 'SIGTERM');
    await withDeadline(orch.exited, () => 'the end of orch');
    orch.read();
    // Their hosts end a moment later: one that comes before that is for these.
    expect([0, 143]).toContain(await orch.end());
  });

  test('goes on where its lines cannot be written, says so, and ends with 1', async () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'todo.yml'), '- command: [sh, -c, "echo one; sleep 1; echo two"]\n');
    const script = 'exec "$0" "$1" run --prompts todo.yml > /dev/full';
    const args = ['-c', script, process.execPath, ORCH];
    const { code, stderr } = await runPiped('/bin/sh', args, { cwd: folder.path });
    expect([code, stderr.trimEnd().split('\n')[0]]).toEqual([
      1,
      expect.stringMatching(/^orch: stdout took nothing more \(/),
    ]);
    expect(allTasks(join(folder.path, '.agent')).map(({ manifest }) => manifest.status)).toEqual(['done']);
  });

  test.each([
    ['a file that is not there', ['--prompts', 'gone.txt'], /gone\.txt/],
    ['a prompt beside it', ['--prompts', 'todo.txt', 'and', 'this'], /--prompts and a prompt exclude each other/],
    ['an output beside it', ['--prompts', 'todo.txt', '-o', 'raw'], /--prompts and --output exclude each other/],
    ['a number without it', ['--parallel', '3', 'x'], /--parallel goes with --prompts/],
    ['an agent there is not', ['-b', 'demon', '--prompts', 'todo.txt'], /^orch: todo\.txt:1:1: .*demon/],
  ])('refuses %s, and makes nothing', async (_, args, says) => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'todo.txt'), 'one\n');
    const { code, stdout, stderr } = await runOrch(['run', ...args], { cwd: folder.path });
    expect([code, stdout.length]).toEqual([2, 0]);
    expect(stderr).toMatch(says);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(readdirSync(folder.path)).toEqual(['todo.txt']);
  });
});

function printed(folder: string, id: string): boolean {
  try {
    return readFileSync(join(folder, id, 'backend.log'), 'utf8').includes('ready');
  } catch {
    return false;
  }
}

function isEnded(agentDir: string, count: number): boolean {
  if (!existsSync(agentDir)) return false;
  const manifests = taskFolders(agentDir).map((id) => join(agentDir, id, 'task.json'));
  return (
    manifests.filter((path) => existsSync(path) && readFileSync(path, 'utf8').includes('"ended"')).length === count
  );
}
