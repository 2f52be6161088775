import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withDeadline } from '../fixtures/deadline.js';
import { DESCRIPTORS_ARE_LISTED, descriptorsOf, listedDescriptors, listInto } from '../fixtures/descriptors.js';
import { testEnvironment } from '../fixtures/environment.js';
import { eventually } from '../fixtures/eventually.js';
import { startOrch } from '../fixtures/live-program.js';
import { ORCH, runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch } from '../fixtures/terminal.js';

/** How often four agents are started together: `ORCH_RUNS=200 npx vitest run tests/e2e/isolation.slow.test.ts` for certainty. */
const RUNS = Number(process.env['ORCH_RUNS'] ?? 3);
const AGENTS = [1, 2, 3, 4];
/** Longer than four shells take to start, however busy the machine is. */
const RUN_MS = 60_000;
/** Above what node-pty closes by itself where there are free numbers below. */
const FAR = 100;

const SAYS_WAITING = `echo '{"status":"waiting"}' >> "$ORCH_TASK_DIR/status.jsonl"`;
const NOTIFY = listInto('told-$ORCH_STATUS-$ORCH_TASK_ID');

describe.skipIf(!DESCRIPTORS_ARE_LISTED)('nothing that orch starts holds what is not its own:', () => {
  test(
    `four agents in parallel, and what tells of them, ${RUNS} times`,
    async () => {
      for (let run = 0; run < RUNS; run += 1) {
        using folder = temporaryFolder();
        runFour(folder.path, (agent) => [
          `: > here${agent}`,
          ...until((other) => `here${other}`),
          listInto(`held${agent}`),
          ...until((other) => `held${other}`),
          SAYS_WAITING,
          'until [ -e "told-waiting-$(basename "$ORCH_TASK_DIR")" ]; do sleep 0.02; done',
          `: > over${agent}`,
          ...until((other) => `over${other}`),
        ]);
        await using orch = startOrch(
          ['run', '--prompts', 'todo.yml', '--parallel', '4', '--notify', NOTIFY],
          folder.path,
        );
        orch.read();
        expect(await orch.end()).toBe(0);
        const own = AGENTS.map((agent) => onlyTerminal(listed(folder.path, `held${agent}`)));
        expect(new Set(own).size).toBe(AGENTS.length);
        await eventually(() => toldIn(folder.path).length === 2 * AGENTS.length, 'each is told of twice');
        for (const name of toldIn(folder.path)) expect([...listed(folder.path, name)]).toEqual(NOTHING);
      }
    },
    RUNS * RUN_MS,
  );

  test('an agent, its guardian, and what asks for its terminal, of a terminal that orch was started in', async () => {
    using folder = temporaryFolder();
    const script = `${listInto('held')}; ${SAYS_WAITING}; until [ -e go ]; do sleep 0.02; done`;
    const env = { PATH: `${shim(folder.path, 'stty')}:${process.env['PATH'] ?? ''}`, SHIM_FOLDER: folder.path };
    const args = ['run', '--dir', 'a', '--notify', NOTIFY, '--', 'sh', '-c', script];
    await using orch = openOrch(args, { cwd: folder.path, env });
    await eventually(() => toldIn(folder.path).length === 1, 'told of');
    const children = childrenOf(orch.pid).filter((pid) => commandOf(pid).includes('orch-guardian'));
    expect(children).toHaveLength(1);
    // And the terminal that it watches over, opened before another could get that one's number.
    const terminal = descriptorsOf(orch.pid).get(0);
    for (const pid of children)
      expect([...descriptorsOf(pid).values()].slice(1)).toEqual(['/dev/null', '/dev/null', terminal, terminal]);
    writeFileSync(join(folder.path, 'go'), '');
    expect(await orch.end()).toEqual({ code: 0 });
    onlyTerminal(listed(folder.path, 'held'));
    for (const name of toldIn(folder.path)) expect([...listed(folder.path, name)]).toEqual(NOTHING);
    for (const held of shimmed(folder.path, 'stty')) {
      const [, , , ...others] = [...held.values()];
      // A host covers the agent's terminal by that, where it asks for the settings of it.
      expect(others.filter((file) => file !== '/dev/null')).toEqual([]);
    }
  });

  test('whatever orch itself was started with', async () => {
    using folder = temporaryFolder();
    const lock = openSync(join(folder.path, 'lock'), 'w');
    const script = `${listInto('held')}; ${SAYS_WAITING}; until [ -e told-waiting-* ]; do sleep 0.02; done`;
    const args = [ORCH, 'run', '-q', '--dir', 'a', '--notify', NOTIFY, '--', 'sh', '-c', script];
    const orch = spawn(process.execPath, args, {
      cwd: folder.path,
      env: testEnvironment(),
      stdio: ['ignore', 'ignore', 'ignore', ...Array.from({ length: FAR }, () => 'ignore' as const), lock],
    });
    const [code] = (await withDeadline(once(orch, 'exit'), () => 'the end')) as [number];
    expect(code).toBe(0);
    onlyTerminal(listed(folder.path, 'held'));
    await eventually(() => toldIn(folder.path).length === 2, 'told of twice');
    for (const name of toldIn(folder.path)) expect([...listed(folder.path, name)]).toEqual(NOTHING);
  });

  test('a pager, and programs that are asked for their version', async () => {
    using folder = temporaryFolder();
    expect((await runOrch(['run', '-q', '--dir', 'a', '--', 'seq', '100'], { cwd: folder.path })).code).toBe(0);
    const env = {
      PAGER: `${listInto('paged')}; cat`,
      PATH: `${shim(folder.path, 'claude')}:${process.env['PATH'] ?? ''}`,
      SHIM_FOLDER: folder.path,
    };
    await using logs = openOrch(['logs', 'latest', '--dir', 'a'], { cwd: folder.path, env });
    expect(await logs.end()).toEqual({ code: 0 });
    expect([...listed(folder.path, 'paged').keys()]).toEqual([0, 1, 2]);
    await using backends = openOrch(['backends'], { cwd: folder.path, env });
    expect(await backends.end()).toEqual({ code: 0 });
    expect(shimmed(folder.path, 'claude').map((held) => [...held.keys()])).toEqual([[0, 1, 2]]);
  });
});

test('a process left behind is hung up when its agent has ended, while another agent goes on', async () => {
  using folder = temporaryFolder();
  // The first leaves behind what writes to its terminal, deaf to the hangup of its group, until the terminal is no more.
  const left = `trap '' HUP; : > deaf; while printf .; do sleep 0.02; done 2>/dev/null; : > hungup`;
  runFour(folder.path, (agent) =>
    agent === 1
      ? [...until((other) => `here${other}`), `(${left}) &`, 'until [ -e deaf ]; do sleep 0.02; done']
      : [`: > here${agent}`, 'until [ -e go ]; do sleep 0.02; done'],
  );
  writeFileSync(join(folder.path, 'here1'), '');
  await using orch = startOrch(['run', '--prompts', 'todo.yml', '--parallel', '4'], folder.path);
  orch.read();
  // The others wait for this: were the terminal open in one of them, it would never be hung up.
  await eventually(() => existsSync(join(folder.path, 'hungup')), 'the hangup');
  writeFileSync(join(folder.path, 'go'), '');
  expect(await orch.end()).toBe(0);
});

const NOTHING = [0, 1, 2].map((fd) => [fd, '/dev/null']);

/** Has four agents in a prompts file, each with a script of its own. */
function runFour(folder: string, script: (agent: number) => readonly string[]): void {
  const tasks = AGENTS.map((agent) => ({ command: ['sh', '-c', script(agent).join('\n')] }));
  writeFileSync(join(folder, 'todo.yml'), JSON.stringify(tasks));
}

function until(file: (agent: number) => string): readonly string[] {
  return AGENTS.map((agent) => `until [ -e ${file(agent)} ]; do sleep 0.02; done`);
}

function toldIn(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => name.startsWith('told-') && !name.endsWith('.new'));
}

function listed(...path: readonly string[]): ReadonlyMap<number, string> {
  return listedDescriptors(readFileSync(join(...path), 'utf8'));
}

/** The terminal that a process has as its three streams, and nothing else. */
function onlyTerminal(held: ReadonlyMap<number, string>): string {
  const [terminal = ''] = held.values();
  expect([...held]).toEqual([0, 1, 2].map((fd) => [fd, terminal]));
  expect(terminal).toMatch(/^\/dev\/pts\/\d+$/);
  return terminal;
}

/** A folder for PATH with a program of that name, which lists what it holds before it does what the real one does, if there is one. */
function shim(folder: string, name: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  const rest = `PATH="\${PATH#*:}"; command -v ${name} >/dev/null && exec ${name} "$@"; echo 1.2.3`;
  writeFileSync(join(bin, name), `#!/bin/sh\n${listInto(`$SHIM_FOLDER/${name}-$$`)}\n${rest}\n`);
  chmodSync(join(bin, name), 0o755);
  return bin;
}

/** What each run of it held, less the script that its shell reads. */
function shimmed(folder: string, name: string): readonly ReadonlyMap<number, string>[] {
  const files = readdirSync(folder).filter((file) => file.startsWith(`${name}-`));
  return files.map((file) => new Map([...listed(folder, file)].filter(([, of]) => of !== join(folder, 'bin', name))));
}

function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
}

function commandOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
}
