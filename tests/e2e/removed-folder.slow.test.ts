import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onlyTask } from '../fixtures/agent-folder.js';
import { ORCH, type PipedRun, runOrch, runPiped } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

/** Only Linux keeps a working folder that was removed by a path that can be entered. */
const isKept = existsSync('/proc/self/cwd');

/** Runs orch in a folder that was removed before it starts. */
function runInRemoved(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<PipedRun> {
  const script = 'mkdir -p "$0" && cd "$0" && rmdir "$0" && exec "$@"';
  return runPiped('sh', ['-c', script, join(folder, 'removed'), process.execPath, ORCH, ...args], { env });
}

/** A folder of recordings with one in it, which is long enough for threads. */
async function recorded(folder: string): Promise<string> {
  const agentDir = join(folder, 'recordings');
  const { code } = await runOrch(['run', '-q', '--dir', agentDir, '--', 'sh', '-c', 'seq 1 200000; echo the end']);
  expect(code).toBe(0);
  return agentDir;
}

describe('a working folder that was removed before orch starts', () => {
  test('does not matter to commands that are told where recordings are', async () => {
    using folder = temporaryFolder();
    const agentDir = await recorded(folder.path);
    const here = ['--dir', agentDir];
    const said: readonly (readonly [args: readonly string[], said: string])[] = [
      [['ls', ...here], 'done'],
      [['show', ...here], 'whole'],
      [['show', '--screen', ...here], 'the end'],
      [['logs', '-n', '1', ...here], 'the end'],
      [['search', 'the end', ...here], 'the end'],
      [['verify', ...here], 'sha256'],
      [['wait', ...here], 'done'],
      [['index', ...here], 'keyframes'],
      [['replay', '--to', '1s', ...here], 'the end'],
      [['export', '--format', 'text', ...here], 'the end'],
      [['export', '--format', 'tar', '-o', join(folder.path, 'whole.tar'), ...here], ''],
      [['import', join(folder.path, 'whole.tar'), ...here], 'task-'],
      [['prune', ...here, '--keep', '9'], '0 tasks'],
      [['backends'], 'demo'],
    ];
    for (const [args, words] of said) {
      const { code, stdout, stderr } = await runInRemoved(folder.path, args);
      expect(stdout.toString(), `${args.join(' ')}: ${stderr}`).toContain(words);
      expect(code, args.join(' ')).toBe(0);
    }
    expect((await runInRemoved(folder.path, ['ls'], { ORCH_DIR: agentDir })).code).toBe(0);
  });

  test.skipIf(!isKept)('is where the agent is started, too', async () => {
    using folder = temporaryFolder();
    const agentDir = join(folder.path, 'recordings');
    const args = ['run', '--dir', agentDir, '--', 'sh', '-c', 'readlink /proc/self/cwd; seq 1 200000; echo the end'];
    const { code, stdout, stderr } = await runInRemoved(folder.path, args);
    expect(stderr).not.toMatch(/ENOENT/);
    expect(code).toBe(0);
    expect(stdout.toString()).toMatch(/^\S+\/removed \(deleted\)\n/);
    expect(stdout.toString()).toMatch(/\nthe end\n$/);
    const { manifest } = onlyTask(agentDir);
    expect(manifest.cwd).toBe(join(folder.path, 'removed'));
    expect(manifest.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test('still has the folders above it, and their recordings', async () => {
    using folder = temporaryFolder();
    const agentDir = join(folder.path, '.agent');
    mkdirSync(agentDir);
    writeFileSync(join(folder.path, 'orch.yml'), 'retention:\n  maxTasks: 5\n');
    expect((await runInRemoved(folder.path, ['run', '-q', '--', 'true'])).code).toBe(0);
    expect((await runInRemoved(folder.path, ['prune', '--dry-run'])).stdout.toString()).toMatch(/^0 tasks/);
    expect(onlyTask(agentDir).manifest.status).toBe('done');
  });

  test.each([
    [['ls']],
    [['run', '--', 'true']],
    [['run', '--dir', 'below', '--', 'true']],
    [['logs', '--dir', 'below']],
    [['import', 'a.log', '--dir', '/tmp']],
    [['render', 'a.log']],
  ])('is told of in one line where something is to be found from it: %j', async (args) => {
    using folder = temporaryFolder();
    const { code, stdout, stderr } = await runInRemoved(folder.path, args);
    expect(code).toBeGreaterThan(0);
    expect(stdout.toString()).toBe('');
    expect(stderr).toMatch(/^orch: [^\n]+ — [^\n]+\n$/);
    expect(existsSync(join(folder.path, 'removed'))).toBe(false);
  });
});

describe('a working folder that is removed while orch runs in it', () => {
  test.each(['clean', 'raw', 'none'])('costs nothing of what is recorded, nor of -o %s', async (output) => {
    using folder = temporaryFolder();
    const cwd = join(folder.path, 'project');
    mkdirSync(cwd);
    const agentDir = join(folder.path, 'recordings');
    const args = ['run', '-o', output, '--dir', agentDir, '--notify', `echo "$ORCH_STATUS" >> "${folder.path}/told"`];
    const script = 'rmdir "$OLD"; seq 1 200000; echo the end';
    const { code, stdout, stderr } = await runOrch([...args, '--', 'sh', '-c', script], { cwd, env: { OLD: cwd } });
    expect(stderr).not.toMatch(/ENOENT|nothing more/);
    expect(code).toBe(0);
    if (output !== 'none') expect(stdout.toString().replaceAll('\r', '')).toMatch(/^1\n2\n.*\n200000\nthe end\n$/s);
    expect(onlyTask(agentDir).manifest.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(readFileSync(join(folder.path, 'told'), 'utf8')).toBe('done\n');
  });

  test.skipIf(!isKept)('is still where the agent is run again', async () => {
    using folder = temporaryFolder();
    const cwd = join(folder.path, 'project');
    mkdirSync(cwd);
    const script = 'rmdir "$OLD" 2>/dev/null && exit 1; echo DONE';
    const agentDir = join(folder.path, 'recordings');
    const args = ['run', '--dir', agentDir, '--until', 'DONE', '--max-iterations', '3', '--', 'sh', '-c', script];
    const { code, stderr } = await runOrch(args, { cwd, env: { OLD: cwd } });
    expect(stderr).toMatch(/iteration 2 done/);
    expect(code).toBe(0);
  });
});
