import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onlyTask } from '../fixtures/agent-folder.js';
import { recordScript, runOrch, runPiped } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch } from '../fixtures/terminal.js';

const TRAPS =
  'for s in INT TERM HUP QUIT; do trap "echo got $s; exit 9" $s; done; echo ready; while :; do sleep 0.05; done';

describe('signals', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)("%s to orch is the agent's", async (signal) => {
    using folder = temporaryFolder();
    // By itself a hangup leaves the agent running.
    const flags = signal === 'SIGHUP' ? ['--on-hangup', 'end'] : [];
    await using terminal = openOrch(recordScript(folder.path, TRAPS, ...flags));
    await terminal.waitFor('ready');
    terminal.kill(signal);
    expect(await terminal.end()).toEqual({ code: 9 });
    const { log, events } = onlyTask(folder.path);
    expect(log.toString()).toContain(`got ${signal.slice(3)}`);
    expect(events).toContainEqual(expect.objectContaining({ type: 'signal', signal }));
  });

  test('an agent that does not end is killed after --kill-after', async () => {
    using folder = temporaryFolder();
    const script = 'trap "" TERM; echo ready; while :; do sleep 0.05; done';
    await using terminal = openOrch(recordScript(folder.path, script, '--kill-after', '0.2'));
    await terminal.waitFor('ready');
    terminal.kill('SIGTERM');
    expect(await terminal.end()).toEqual({ code: 137 });
  });

  test('a window that is closed hangs up the agent where that is wanted, and all is recorded', async () => {
    using folder = temporaryFolder();
    await using terminal = openOrch(recordScript(folder.path, TRAPS, '--on-hangup', 'end'));
    await terminal.waitFor('ready');
    terminal.close();
    expect(await terminal.end()).toEqual({ code: 9 });
    const { log, manifest } = onlyTask(folder.path);
    expect(log.toString()).toContain('got HUP');
    expect(manifest).toMatchObject({ status: 'failed', bytes: log.length });
  });

  test('an agent that is stopped is said to be', async () => {
    using folder = temporaryFolder();
    await using terminal = openOrch(recordScript(folder.path, 'kill -STOP $$; echo on'));
    await terminal.waitFor(/orch: the agent is stopped/);
    process.kill(agentPid(folder.path), 'SIGCONT');
    await terminal.waitFor('on\r\n');
    expect(await terminal.end()).toEqual({ code: 0 });
  });
});

describe('the recorder killed', () => {
  test('leaves a task that shows as lost, and every byte that was printed', async () => {
    using folder = temporaryFolder();
    await using terminal = openOrch(recordScript(folder.path, 'seq 1 50000; echo here; read -r line'));
    await terminal.waitFor('here');
    process.kill(onlyTask(folder.path).manifest.pid, 'SIGKILL');
    expect(await terminal.end()).toEqual({ code: 137 });
    expect(onlyTask(folder.path).manifest.status).toBe('running');
    const list = await runOrch(['ls', '--dir', folder.path]);
    expect(list.stdout.toString()).toContain('lost');
    const raw = await runOrch(['logs', '--dir', folder.path, '-o', 'raw']);
    expect(raw.code).toBe(0);
    expect(raw.stdout.toString().startsWith('1\r\n2\r\n')).toBe(true);
    expect(raw.stdout.toString()).toMatch(/\n49999\r\n50000\r\nhere\r\n$/);
  });
});

describe('background processes that outlive the agent', () => {
  test('do not keep orch waiting, and are hung up', async () => {
    using folder = temporaryFolder();
    // The pipe ends for its reader when the last process that has it open is gone.
    const pipe = join(folder.path, 'pipe');
    await runPiped('mkfifo', [pipe]);
    const reader = runPiped('cat', [pipe]);
    const run = await runOrch(recordScript(folder.path, `exec 3> ${pipe}; sleep 60 & exit 3`));
    expect(run.code).toBe(3);
    expect((await reader).code).toBe(0);
  });

  test('are listened to with --linger', async () => {
    using folder = temporaryFolder();
    const script = 'trap "" HUP; (sleep 0.3; echo late) & echo early';
    const run = await runOrch(recordScript(folder.path, script, '--linger', '10'));
    expect(run.stdout.toString()).toBe('early\nlate\n');
  });
});

/** The agent's process, as the events say. */
function agentPid(agentDir: string): number {
  const started = onlyTask(agentDir).events.find(({ type }) => type === 'backend.start');
  return Number(started?.['pid']);
}
