import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onlyTask, statusOfOnlyTask, taskFolders } from '../fixtures/agent-folder.js';
import { testEnvironment } from '../fixtures/environment.js';
import { eventually } from '../fixtures/eventually.js';
import { lives, parentOf } from '../fixtures/processes.js';
import { ORCH, runOrch } from '../fixtures/run-orch.js';
import { runs } from '../fixtures/runs.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openTerminal } from '../fixtures/terminal.js';

/** Prints numbered lines as fast as it can until there is a file `stop`, and notes what signals come. */
const FLOOD = `
for s in HUP INT QUIT TERM TSTP TTIN TTOU PIPE CONT WINCH; do trap "echo $s >> hurt" $s; done
i=0; until [ -e stop ]; do n=0; while [ $n -lt 500 ]; do n=$((n+1)); i=$((i+1)); echo "line $i of many"; done; done
echo $i > count; exit 7`;
/** Of output, before anything happens, and after it. */
const BYTES = 50_000;

/** A shell in a window of its own, in which orch runs the agent. */
interface Window extends AsyncDisposable {
  readonly shell: number;
  /** Closes the window, as the user does. */
  close(): void;
}

/** What becomes of a window in which orch run shows an agent; `client`: the process of orch run. */
const ACCIDENTS: readonly (readonly [string, (folder: string) => Window, (window: Window, client: number) => void])[] =
  [
    [
      'is closed',
      inTerminal,
      (window) => {
        window.close();
      },
    ],
    ['has its orch run killed', inTerminal, (_, client) => process.kill(client, 'SIGKILL')],
    ['has its shell killed', inTerminal, ({ shell }) => process.kill(shell, 'SIGKILL')],
    [
      'is of a tmux whose server is killed',
      inTmux,
      (window) => {
        window.close();
      },
    ],
  ];

describe.skipIf(process.platform !== 'linux')('an agent that floods a window which', () => {
  test.each(ACCIDENTS)(
    '%s notices nothing, and not a byte is missing',
    async (_, open, accident) => {
      for (let round = 0; round < runs(25); round++) {
        using folder = temporaryFolder();
        const agentDir = join(folder.path, 'a');
        await using window = open(folder.path);
        await eventually(() => logged(agentDir) > BYTES, 'the flood');
        const host = onlyTask(agentDir).manifest.pid;
        const client = parentOf(host);
        accident(window, client);
        await eventually(() => !lives(client), 'the end of orch run');
        const before = logged(agentDir);
        await eventually(() => logged(agentDir) > before + BYTES, 'more of the flood');
        writeFileSync(join(folder.path, 'stop'), '');
        await eventually(() => statusOfOnlyTask(agentDir) === 'failed', 'the end of the agent');
        await eventually(() => !lives(host), 'the end of the host');
        const { log, manifest } = onlyTask(agentDir);
        const count = Number(readFileSync(join(folder.path, 'count'), 'utf8'));
        const lines = Array.from({ length: count }, (_, at) => `line ${at + 1} of many\r\n`).join('');
        expect(log.toString() === lines, `${log.length} bytes of ${count} lines`).toBe(true);
        expect(existsSync(join(folder.path, 'hurt'))).toBe(false);
        expect(manifest).toMatchObject({ exit: { code: 7, signal: 0 }, bytes: log.length, gaps: [] });
        expect((await runOrch(['verify', '--dir', agentDir])).code).toBe(0);
      }
    },
    600_000,
  );
});

const line = (): readonly string[] => [process.execPath, ORCH, 'run', '--dir', 'a', '--', 'sh', '-c', FLOOD];

function inTerminal(folder: string): Window {
  const terminal = openTerminal('sh', ['-c', '"$@"; echo ended', 'sh', ...line()], { cwd: folder });
  return {
    shell: terminal.pid,
    close: () => {
      terminal.close();
    },
    [Symbol.asyncDispose]: () => terminal[Symbol.asyncDispose](),
  };
}

function inTmux(folder: string): Window {
  const tmux = (...args: readonly string[]): string =>
    execFileSync('tmux', ['-S', join(folder, 'tmux'), '-f', '/dev/null', ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: testEnvironment(),
      timeout: 30_000,
    });
  tmux('new-session', '-d', ...line());
  const server = Number(tmux('display', '-p', '#{pid}'));
  const close = (): void => {
    if (lives(server)) process.kill(server, 'SIGKILL');
  };
  return {
    shell: 0,
    close,
    [Symbol.asyncDispose]: () => {
      close();
      return Promise.resolve();
    },
  };
}

/** Bytes recorded so far of the only task. */
function logged(agentDir: string): number {
  const [task] = existsSync(agentDir) ? taskFolders(agentDir) : [];
  const log = join(agentDir, task ?? '', 'backend.log');
  return task !== undefined && existsSync(log) ? readFileSync(log).length : 0;
}
