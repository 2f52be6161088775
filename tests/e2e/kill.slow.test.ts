import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onlyTask, taskFolders } from '../fixtures/agent-folder.js';
import { withDeadline } from '../fixtures/deadline.js';
import { testEnvironment } from '../fixtures/environment.js';
import { eventually } from '../fixtures/eventually.js';
import { lives, parentOf } from '../fixtures/processes.js';
import { ORCH, recordScript, runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch, openTerminal } from '../fixtures/terminal.js';

interface Started extends Disposable {
  readonly pid: number;
  readonly ended: Promise<number>;
  kill(signal: NodeJS.Signals): void;
  until(text: string): Promise<void>;
  stderr(): string;
}

/** Starts orch with pipes, around a shell script. */
function start(folder: string, script: string, flags: readonly string[] = []): Started {
  const args = [ORCH, 'run', '--dir', folder, '--output', 'raw', ...flags, '--', 'sh', '-c', script];
  const child = spawn(process.execPath, args, { env: testEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (bytes: Buffer) => (stdout += bytes.toString('latin1')));
  child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()));
  const exit = new Promise<number>((resolve) => {
    child.once('close', (code, signal) => {
      resolve(signal === null ? (code ?? 0) : -1);
    });
  });
  return {
    pid: child.pid ?? 0,
    ended: withDeadline(exit, () => `the end; ${stderr}`),
    kill: (signal) => child.kill(signal),
    until: (text) => eventually(() => (stdout + stderr).includes(text), `${text} in ${stdout}${stderr}`),
    stderr: () => stderr,
    [Symbol.dispose]: () => child.kill('SIGKILL'),
  };
}

const agentPid = (agentDir: string): number =>
  Number(onlyTask(agentDir).events.find(({ type }) => type === 'backend.start')?.['pid']);

/** Side margins, sixels and their colours, tab stops, the pointer's shape, the title. */
const MORE_UNDONE = ['\x1b[?69l', '\x1b[?80l', '\x1b[?1070h', '\x1b[?5W', '\x1b]22;\x1b\\', '\x1b[23;0t'];

describe('kill -9 of orch', () => {
  test('every byte older than 100 ms is on disk, the task is lost, and the agent is hung up', async () => {
    using folder = temporaryFolder();
    using orch = start(folder.path, 'i=0; while :; do i=$((i+1)); echo $i; done');
    await orch.until('\n20000\r\n');
    const seen = 20_000;
    orch.kill('SIGKILL');
    await orch.ended;
    const { log, manifest } = onlyTask(folder.path);
    const lines = log.toString().split('\r\n');
    expect(lines.slice(0, seen)).toEqual(Array.from({ length: seen }, (_, at) => `${at + 1}`));
    expect(manifest.status).toBe('running');
    const list = await runOrch(['ls', '--json', '--dir', folder.path]);
    expect(list.stdout.toString()).toContain('lost');
    await eventually(() => !lives(agentPid(folder.path)), 'the end of the agent');
  });

  test.each(['the client', 'the host'])("the terminal's settings are back, and its modes: %s", async (which) => {
    using folder = temporaryFolder();
    const script = String.raw`printf '\033[?1049h\033[?25l\033[?1003h\033[?2004h\033[>5u\033[?69h\033[?80h\033[?1070l\033[3g\033]22;wait\033\\\033]2;agent\a'; echo "orch is $PPID"; sleep 60`;
    const between = `stty -g; "$@"; head -n 1; printf '\nsettings '; stty -g; echo left`;
    await using terminal = openTerminal('sh', [
      '-c',
      between,
      'sh',
      process.execPath,
      ORCH,
      ...recordScript(folder.path, script),
    ]);
    await terminal.waitFor(/orch is \d+/);
    const host = Number(/orch is (\d+)/.exec(terminal.bytes.toString())?.[1]);
    process.kill(which === 'the host' ? host : parentOf(host), 'SIGKILL');
    for (const mode of ['\x1b[?1049l', '\x1b[?25h', '\x1b[?1003l', '\x1b[?2004l', ...MORE_UNDONE]) {
      await eventually(() => terminal.bytes.includes(mode), JSON.stringify(mode));
    }
    // The settings come after the modes; typing is echoed again when they have.
    await eventually(() => {
      void terminal.type('x');
      return terminal.bytes.subarray(-20).includes('xxx');
    }, 'the echo of what is typed');
    await terminal.type('\r');
    await terminal.waitFor(/settings [0-9a-f:]+\r\nleft/);
    const [before, after] = terminal.bytes.toString().match(/[0-9a-f]+(:[0-9a-f]+){10,}/g) ?? [];
    expect(after).toBe(before);
    await runOrch(['stop', '--dir', folder.path, 'latest']);
  });
});

/** The pids of the shells that guard the terminal of an orch. */
function guardiansOf(orch: number): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && isGuardian(pid, orch));
}

function isGuardian(pid: number, orch: number): boolean {
  try {
    const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(parent) === orch && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('\0orch-guardian\0');
  } catch {
    return false;
  }
}

describe.skipIf(!existsSync('/proc/self/cmdline'))('a guardian that is killed', () => {
  test('is followed by another, which knows what is to be undone', async () => {
    using folder = temporaryFolder();
    const script = String.raw`printf '\033[?1049h'; echo "orch is $PPID"; read -r line; printf '\033[?25l'; echo more; sleep 60`;
    await using terminal = openTerminal('sh', [
      '-c',
      '"$@"; head -n 1',
      'sh',
      process.execPath,
      ORCH,
      ...recordScript(folder.path, script),
    ]);
    await terminal.waitFor(/orch is \d+/);
    const orch = parentOf(Number(/orch is (\d+)/.exec(terminal.bytes.toString())?.[1]));
    for (let time = 0; time < 2; time++) {
      const [guardian = 0] = guardiansOf(orch);
      expect(guardian).toBeGreaterThan(0);
      process.kill(guardian, 'SIGKILL');
      await eventually(() => guardiansOf(orch).some((pid) => pid !== guardian), 'another guardian');
    }
    await terminal.type('\r');
    await terminal.waitFor('more');
    process.kill(orch, 'SIGKILL');
    await terminal.waitFor('\x1b[?1049l');
    await terminal.waitFor('\x1b[?25h');
    await runOrch(['stop', '--dir', folder.path, 'latest']);
  });

  test('is not followed by one when the agent has ended', async () => {
    using folder = temporaryFolder();
    await using terminal = openOrch(recordScript(folder.path, 'true'));
    expect(await terminal.end()).toEqual({ code: 0 });
    expect(guardiansOf(terminal.pid)).toEqual([]);
  });
});

describe('signals to orch, with pipes', () => {
  // Not SIGINT: a shell's background jobs ignore it.
  test.each(['SIGTERM', 'SIGHUP'] as const)("%s reaches the agent's whole group", async (signal) => {
    using folder = temporaryFolder();
    const name = signal.slice(3);
    const script = `(trap "echo child got it; exit" ${name}; echo ready; while :; do sleep 0.02; done) & trap 'wait; exit 9' ${name}; wait; wait`;
    using orch = start(folder.path, script);
    await orch.until('ready');
    orch.kill(signal);
    expect(await orch.ended).toBe(9);
    expect(onlyTask(folder.path).log.toString()).toContain('child got it');
  });

  test('one that comes the moment the agent is started is not lost', async () => {
    for (let run = 0; run < 5; run += 1) {
      using folder = temporaryFolder();
      using orch = start(folder.path, 'sleep 60', ['--kill-after', '60']);
      await eventually(() => taskFolders(folder.path).length === 1, 'a task');
      orch.kill('SIGTERM');
      expect(await orch.ended).toBe(143);
    }
  });

  test('a stopped agent is told so that it can end', async () => {
    using folder = temporaryFolder();
    using orch = start(folder.path, 'echo ready; kill -STOP $$; sleep 60', ['--kill-after', '60']);
    await orch.until('ready');
    await eventually(
      () => /^State:\s+T/m.test(readFileSync(`/proc/${agentPid(folder.path)}/status`, 'utf8')),
      'the stop',
    );
    orch.kill('SIGTERM');
    expect(await orch.ended).toBe(143);
  });

  test('kill -9 of everything the agent started ends the run', async () => {
    using folder = temporaryFolder();
    using orch = start(folder.path, 'sleep 60 & sleep 60 & echo ready; wait');
    await orch.until('ready');
    process.kill(-agentPid(folder.path), 'SIGKILL');
    expect(await orch.ended).toBe(137);
    expect(onlyTask(folder.path).manifest).toMatchObject({ status: 'failed', exit: { code: 0, signal: 9 } });
  });
});

describe('an agent that ends while its terminal is looked at', () => {
  // After a quarter of a second of silence orch asks what the terminal is set to, which takes a few milliseconds.
  test('lets orch end, too', async () => {
    for (const ms of [250, 254, 258, 262, 266, 270]) {
      using folder = temporaryFolder();
      const runs = [0, 1, 2].map(() => start(folder.path, `sleep 0.${ms}`));
      for (const run of runs) {
        using orch = run;
        expect(await orch.ended).toBe(0);
      }
    }
  });
});

describe('background processes', () => {
  test.each(['setsid sh -c', 'trap "" HUP; sh -c'])(
    'of %s are waited for with --linger and not without',
    async (prefix) => {
      const script = `${prefix} 'sleep 0.5; echo late' & sleep 0.1; echo early`;
      using without = temporaryFolder();
      using quick = start(without.path, script);
      expect(await quick.ended).toBe(0);
      expect(onlyTask(without.path).log.toString()).not.toContain('late');
      using folder = temporaryFolder();
      using orch = start(folder.path, script, ['--linger', '20']);
      expect(await orch.ended).toBe(0);
      expect(onlyTask(folder.path).log.toString()).toContain('late');
    },
  );
});

describe('a log that is meddled with', () => {
  test('and removed is noticed while the agent waits; a new segment starts, and every later byte is in it', async () => {
    using folder = temporaryFolder();
    using orch = start(folder.path, 'echo before; while ! [ -e go ]; do sleep 0.02; done; echo after', []);
    await orch.until('before');
    const log = join(folder.path, taskFolders(folder.path)[0] ?? '', 'backend.log');
    rmSync(log);
    await orch.until('the log continues in a new backend.log');
    expect(existsSync(log)).toBe(true);
    orch.kill('SIGTERM');
    await orch.ended;
    expect(onlyTask(folder.path).manifest.gaps).toEqual([expect.objectContaining({ offset: 0, bytes: 8 })]);
  });

  test('and removed with the last bytes still unseen is said, and is no success', async () => {
    using folder = temporaryFolder();
    using orch = start(folder.path, 'echo gone; rm "$ORCH_TASK_DIR/backend.log"');
    expect(await orch.ended).toBe(4);
    expect(onlyTask(folder.path).manifest.gaps).toEqual([expect.objectContaining({ offset: 0, bytes: 6 })]);
  });

  test('and cut off does not keep orch from ending', async () => {
    using folder = temporaryFolder();
    using orch = start(folder.path, 'seq 1 500000; echo printed; sleep 0.3; seq 1 10');
    await orch.until('printed');
    truncateSync(join(folder.path, taskFolders(folder.path)[0] ?? '', 'backend.log'), 100);
    expect(await orch.ended).toBeGreaterThanOrEqual(0);
  });
});

describe('the window', () => {
  test('that closes while the agent floods it leaves a whole recording and no process', async () => {
    using folder = temporaryFolder();
    await using terminal = openOrch(
      recordScript(folder.path, 'echo ready; while :; do echo flood; done', '--kill-after', '1', '--on-hangup', 'end'),
    );
    await terminal.waitFor('ready');
    terminal.close();
    await terminal.end();
    const { manifest, log } = onlyTask(folder.path);
    expect(manifest).toMatchObject({ status: 'failed', bytes: log.length });
    expect(lives(agentPid(folder.path))).toBe(false);
  });
});
