import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onlyTask, statusesOfOnlyTask, statusOfOnlyTask } from '../fixtures/agent-folder.js';
import { eventually } from '../fixtures/eventually.js';
import { ORCH, runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch, openTerminal, type TestTerminal } from '../fixtures/terminal.js';

/** An interactive shell in which orch has been started. */
class ShellWorld implements AsyncDisposable {
  readonly #folder = temporaryFolder();
  readonly shell: TestTerminal;

  constructor(script: string) {
    writeFileSync(join(this.path, 'agent'), script);
    this.shell = openTerminal('bash', ['--norc', '--noprofile', '-i'], { cwd: this.path, env: { PS1: '> ' } });
  }

  get path(): string {
    return this.#folder.path;
  }

  get agentDir(): string {
    return join(this.path, 'a');
  }

  /** The task's agent. */
  get agent(): number {
    return onlyTask(this.agentDir).manifest.agent?.pid ?? 0;
  }

  async start(): Promise<void> {
    await this.shell.waitFor('> ');
    await this.shell.type(`'${process.execPath}' '${ORCH}' run --dir a -- sh agent\r`);
    await this.shell.waitFor('begun');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shell[Symbol.asyncDispose]();
    if (statusOfOnlyTask(this.agentDir) === 'running')
      await runOrch(['stop', '--now', '--dir', this.agentDir, onlyTask(this.agentDir).manifest.id]);
    this.#folder[Symbol.dispose]();
  }
}

describe.skipIf(process.platform !== 'linux')('Ctrl-Z', () => {
  test('stops a command and orch with it, and fg has both go on', async () => {
    await using world = new ShellWorld('echo begun; read -r line; echo "<$line>"; exit 5');
    await world.start();
    const { agent, shell } = world;
    await shell.type('\x1a');
    await shell.waitFor(/Stopped[^\n]*run --dir a/);
    await eventually(() => stateOf(agent) === 'T', 'the stop of the agent');
    await shell.type('echo "in the $((1 + 1))nd place"\r');
    await shell.waitFor('in the 2nd place');
    // It needs the terminal, which it does not get in the background. `set -b` has bash say so at once.
    await shell.type('set -b\r');
    await shell.waitFor('> ');
    await shell.type('bg\r');
    await shell.waitFor(/Stopped[^\n]*run --dir a/);
    expect(stateOf(agent)).toBe('T');
    await shell.type('fg\r');
    await eventually(() => stateOf(agent) !== 'T', 'the agent going on');
    await shell.type('hello\r');
    await shell.waitFor('<hello>');
    await shell.waitFor('> ');
    await shell.type('echo "code $?"\r');
    await shell.waitFor('code 5');
    expect(stopsIn(world.agentDir)).toEqual(['stopped process', 'running process']);
    expect(onlyTask(world.agentDir).log.toString()).not.toContain('Stopped');
  });

  test('draws the screen again for one that had set modes', async () => {
    await using world = new ShellWorld('printf "\\33[?1049h\\33[3;4Hhere\\33[?2004h begun"; read -r line');
    await world.start();
    const { shell } = world;
    await shell.type('\x1a');
    await shell.waitFor('Stopped');
    await shell.type('fg\r');
    await shell.waitFor('\x1b[?1049h');
    await shell.waitFor('here');
    await shell.waitFor('\x1b[?2004h');
    await shell.type('\r');
    await shell.waitFor('\x1b[?1049l');
  });

  test.each([
    [
      'handles the signal',
      'trap \'echo handled\' TSTP; echo begun; until read -r line; do :; done; echo "<$line>"',
      'handled',
    ],
    ['reads every key', 'stty raw -echo; echo begun; dd bs=1 count=1 2>/dev/null | od -An -c', '032'],
  ])('is left to a program that %s', async (_, script, answer) => {
    await using world = new ShellWorld(script);
    await world.start();
    const { shell } = world;
    await shell.type('\x1a');
    await shell.waitFor(answer);
    await shell.type('\r');
    await shell.waitFor('> ');
    expect(shell.bytes.toString()).not.toContain('Stopped');
  });

  test('stops nothing for good where no shell would have it go on', async () => {
    using folder = temporaryFolder();
    const agentDir = join(folder.path, 'a');
    const script = 'echo begun; read -r line; echo "<$line>"';
    await using window = openOrch(['run', '--dir', agentDir, '--', 'sh', '-c', script]);
    await window.waitFor('begun');
    await window.type('\x1a');
    await eventually(() => stopsIn(agentDir).length === 2, 'stopped, and going on');
    await window.type('hello\r');
    await window.waitFor('<hello>');
    expect(await window.end()).toEqual({ code: 0 });
  });

  test('leaves no agent stopped whose window is closed, or that another client takes', async () => {
    await using world = new ShellWorld('echo begun; while read -r line; do echo "<$line>"; done');
    await world.start();
    const { agent, shell } = world;
    await shell.type('\x1a');
    await shell.waitFor('Stopped');
    {
      await using other = openOrch(['attach', '--take', '--dir', world.agentDir]);
      await other.waitFor('begun');
      await other.type('taken\r');
      await other.waitFor('<taken>');
      await other.type('\x1cd');
      expect(await other.end()).toEqual({ code: 0 });
    }
    await shell.type('fg\r');
    await shell.waitFor('<taken>');
    await shell.type('\x1a');
    await shell.waitFor('Stopped');
    await eventually(() => stateOf(agent) === 'T', 'the stop of the agent');
    shell.close();
    await eventually(() => stateOf(agent) !== 'T', 'the agent going on');
    expect(statusOfOnlyTask(world.agentDir)).toBe('running');
  });
});

/** See proc_pid_stat(5). */
function stateOf(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return stat.slice(stat.lastIndexOf(')') + 2)[0];
}

function stopsIn(agentDir: string): readonly string[] {
  return statusesOfOnlyTask(agentDir).filter((status) => status.endsWith(' process'));
}
