import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onlyTask } from '../fixtures/agent-folder.js';
import { DESCRIPTORS_ARE_LISTED, listedDescriptors, listInto } from '../fixtures/descriptors.js';
import { eventually } from '../fixtures/eventually.js';
import { startOrch } from '../fixtures/live-program.js';
import { recordScript, runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch } from '../fixtures/terminal.js';

/** Longer than any of these tests may take: waited for to its end, it would fail them. */
const LONG = '1000';

describe('--linger', () => {
  test.concurrent.each([
    ['a job of a shell', '(sleep 0.5; echo late) & echo early'],
    ['a child of a child', "sh -c '(sleep 0.5; echo late) &'; echo early"],
    ['a job that has a group of its own', 'set -m; (sleep 0.5; echo late) & echo early'],
    ['one that leads a session of its own', "setsid sh -c 'sleep 0.5; echo late' & sleep 0.1; echo early"],
  ])('waits for %s, as long as it lives and no longer', async (_, script) => {
    using folder = temporaryFolder();
    const run = await runOrch(recordScript(folder.path, script, '--linger', LONG));
    expect([run.code, run.stdout.toString()]).toEqual([0, 'early\nlate\n']);
    expect(onlyTask(folder.path).log.toString()).toBe('early\r\nlate\r\n');
  });

  test.concurrent('waits for one that ends in silence, and for nobody where nobody is left', async () => {
    using folder = temporaryFolder();
    const silent = await runOrch(
      recordScript(join(folder.path, 'a'), `(sleep 0.5; : > "${folder.path}/over") &`, '--linger', LONG),
    );
    expect([silent.code, existsSync(join(folder.path, 'over'))]).toEqual([0, true]);
    const alone = await runOrch(recordScript(join(folder.path, 'b'), 'echo alone', '--linger', LONG));
    expect([alone.code, alone.stdout.toString()]).toEqual([0, 'alone\n']);
  });

  test.concurrent('hangs up who is left when the time is over', async () => {
    using folder = temporaryFolder();
    const left = `trap ': > hungup; exit' HUP; : > ready; while :; do sleep 0.02; done`;
    writeFileSync(join(folder.path, 'left.sh'), left);
    const script = 'sh left.sh & until [ -e ready ]; do sleep 0.02; done; exit 3';
    const run = await runOrch(recordScript('a', script, '--linger', '0.3'), { cwd: folder.path });
    expect(run.code).toBe(3);
    await eventually(() => existsSync(join(folder.path, 'hungup')), 'the hangup');
  });

  test.concurrent.each([
    'exit 0',
    'exit 7',
    'exit 130',
    'exit 143',
    'exit 255',
    'kill -INT $$',
    'kill -TERM $$',
    'kill -KILL $$',
    'kill -SEGV $$',
  ])('changes nothing of how a command ends: %s', async (script) => {
    using folder = temporaryFolder();
    const [plain, lingering] = ['plain', 'lingering'].map((name) => join(folder.path, name)) as [string, string];
    const without = await runOrch(recordScript(plain, script, '-q'));
    const run = await runOrch(recordScript(lingering, script, '-q', '--linger', LONG));
    expect([run.code, run.stderr]).toEqual([without.code, without.stderr]);
    expect(onlyTask(lingering).manifest.exit).toEqual(onlyTask(plain).manifest.exit);
    expect(onlyTask(lingering).log).toEqual(onlyTask(plain).log);
  });

  test.concurrent('changes nothing of what a command is given', async () => {
    using folder = temporaryFolder();
    const script = 'env | grep -v "^ORCH_TASK\\|^_=" | sort; pwd; echo "$0 $#"; stty -a; ulimit -a; umask; trap';
    // What would steer the leader, were it given it, is the command's alone.
    const env = { ODD: 'ä=\nö', NODE_V8_COVERAGE: join(folder.path, 'coverage'), LC_ALL: 'C' };
    const [plain, lingering] = await Promise.all(
      [[], ['--linger', LONG]].map((flags, at) =>
        runOrch(recordScript(`a${at}`, script, ...flags), { cwd: folder.path, env }),
      ),
    );
    expect(lingering?.stdout.toString()).toBe(plain?.stdout.toString());
    expect(plain?.stdout.toString()).toContain('NODE_V8_COVERAGE=');
  });

  test.concurrent('leaves a signal to the command, which may take its time', async () => {
    using folder = temporaryFolder();
    const script = `trap 'sleep 0.3; echo cleaned; exit 5' TERM HUP INT; : > ready; while :; do sleep 0.02; done`;
    for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) {
      const dir = join(folder.path, signal);
      await using orch = startOrch([
        'run',
        '-q',
        '--dir',
        dir,
        '--linger',
        LONG,
        '--',
        'sh',
        '-c',
        script.replace('ready', `"${dir}/ready"`),
      ]);
      await eventually(() => existsSync(join(dir, 'ready')), 'the trap');
      process.kill(orch.pid, signal);
      await orch.exited;
    }
    // A shell may say, too, that the sleep it waited for was ended.
    for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'])
      expect(readFileSync(logOf(join(folder.path, signal)), 'utf8')).toContain('cleaned\r\n');
  });

  test.concurrent('hangs the command up when orch is killed', async () => {
    using folder = temporaryFolder();
    const script = `trap ': > hungup; exit' HUP; : > ready; while :; do sleep 0.02; done`;
    await using orch = startOrch(['run', '-q', '--dir', 'a', '--linger', LONG, '--', 'sh', '-c', script], folder.path);
    await eventually(() => existsSync(join(folder.path, 'ready')), 'the trap');
    process.kill(orch.pid, 'SIGKILL');
    await eventually(() => existsSync(join(folder.path, 'hungup')), 'the hangup');
  });

  test.concurrent('lets Ctrl-C through to the command alone, and stops nothing at Ctrl-Z', async () => {
    using folder = temporaryFolder();
    const script = `trap 'echo interrupted' INT; echo ready; read -r line; echo "got $line"; read -r line; echo "got $line"; exit 4`;
    await using orch = openOrch(recordScript(folder.path, script, '--linger', LONG));
    await orch.waitFor(/ready\r\n/);
    await orch.type('\x1a');
    await orch.type('one\r');
    await orch.waitFor(/got one\r\n/);
    await orch.type('\x03');
    await orch.waitFor(/interrupted\r\n/);
    await orch.type('two\r');
    expect(await orch.end()).toEqual({ code: 4 });
  });

  test.concurrent('leaves a shell its job control', async () => {
    using folder = temporaryFolder();
    const script = 'set -m; (echo first) & wait; (read -r line; echo "<$line>") <&2 & fg >/dev/null; echo over';
    await using orch = openOrch(recordScript(folder.path, script, '--linger', LONG));
    await orch.waitFor(/first\r\n/);
    await orch.type('typed\r');
    await orch.waitFor(/<typed>\r\n/);
    expect(await orch.end()).toEqual({ code: 0 });
  });

  test.concurrent('has the command in the foreground, and notes its pid', async () => {
    using folder = temporaryFolder();
    const script = 'echo "$$ $(ps -o tpgid= -p $$) $(ps -o pgid= -p $$)"';
    const { stdout } = await runOrch(recordScript(folder.path, script, '--linger', LONG));
    const [pid, foreground, group] = stdout.toString().trim().split(/ +/).map(Number);
    expect(foreground).toBe(group);
    expect(onlyTask(folder.path).events.find(({ type }) => type === 'backend.start')?.['pid']).toBe(pid);
  });

  test.skipIf(!DESCRIPTORS_ARE_LISTED).concurrent('gives the command nothing but its terminal', async () => {
    using folder = temporaryFolder();
    await runOrch(recordScript('a', listInto('held'), '--linger', LONG), { cwd: folder.path });
    expect([...listedDescriptors(readFileSync(join(folder.path, 'held'), 'utf8')).keys()]).toEqual([0, 1, 2]);
  });
});

describe('without --linger', () => {
  test.concurrent('the command leads its session, a child of orch, and there is no process beside it', async () => {
    using folder = temporaryFolder();
    const script = 'ps -o pid= -o ppid= -o sid= -p $$; ps -s $(ps -o sid= -p $$) -o comm=';
    await using orch = startOrch(['run', '-o', 'clean', '--dir', folder.path, '--', 'sh', '-c', script]);
    orch.read();
    await orch.end();
    const [ids = '', ...names] = orch.stdout.trim().split('\n');
    const [pid, parent, session] = ids.trim().split(/ +/).map(Number);
    expect([session, parent]).toEqual([pid, orch.pid]);
    expect(names.map((name) => name.trim())).toEqual(['sh', 'ps']);
  });
});

function logOf(agentDir: string): string {
  return join(onlyTask(agentDir).folder, 'backend.log');
}
