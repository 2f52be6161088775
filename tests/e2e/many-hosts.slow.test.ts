import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { processStart } from '../../src/store/layout/process-identity.js';
import { allTasks, type RecordedTask, taskFolders } from '../fixtures/agent-folder.js';
import { eventually } from '../fixtures/eventually.js';
import { fakeAgents } from '../fixtures/fake-agents.js';
import { type PipedRun, runOrch } from '../fixtures/run-orch.js';
import { runs } from '../fixtures/runs.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch, type TestTerminal } from '../fixtures/terminal.js';

const lives = (pid: number | undefined): boolean => pid !== undefined && processStart(pid) !== undefined;

/** A folder with a file of prompts, whose tasks end with the test. */
class World implements AsyncDisposable {
  readonly #folder = temporaryFolder();

  get path(): string {
    return this.#folder.path;
  }

  get agentDir(): string {
    return join(this.path, '.agent');
  }

  orch(...args: readonly string[]): Promise<PipedRun> {
    return runOrch(args, { cwd: this.path });
  }

  /** Shell scripts as tasks of these names, in a terminal. */
  runAll(scripts: Readonly<Record<string, string>>, ...flags: readonly string[]): TestTerminal {
    const tasks = Object.entries(scripts).map(([name, script]) => ({ name, command: ['sh', '-c', script] }));
    // JSON is YAML.
    writeFileSync(join(this.path, 'todo.yml'), JSON.stringify(tasks));
    return openOrch(['run', '--prompts', 'todo.yml', ...flags], { cwd: this.path, cols: 200 });
  }

  /** What has been recorded so far; a task whose files are being made is left out. */
  get tasks(): readonly RecordedTask[] {
    if (!existsSync(this.agentDir)) return [];
    try {
      return allTasks(this.agentDir);
    } catch {
      return [];
    }
  }

  task(name: string): RecordedTask {
    const found = this.tasks.find(({ folder }) => written(folder)['name'] === name);
    if (found === undefined) throw new Error(`no task ${name}`);
    return found;
  }

  async printed(text: string, count: number): Promise<void> {
    await eventually(
      () => this.tasks.filter(({ log }) => log.includes(text)).length === count,
      `${count} times ${text}`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (existsSync(this.agentDir)) {
      const ids = this.tasks.filter(({ manifest }) => manifest.status === 'running').map(({ manifest }) => manifest.id);
      if (ids.length > 0) await this.orch('stop', '--kill-after', '0.1', ...ids);
    }
    this.#folder[Symbol.dispose]();
  }
}

/** All that a manifest says. */
function written(folder: string): Readonly<Record<string, unknown>> {
  return JSON.parse(readFileSync(join(folder, 'task.json'), 'utf8')) as Readonly<Record<string, unknown>>;
}

const ASKS = `echo '{"status":"waiting"}' >> "$ORCH_TASK_DIR/status.jsonl"; echo ready; read -r answer; echo "<$answer>"`;
const READS = 'echo ready; read -r line; echo "<$line>"';

describe('of many tasks each has a host of its own:', () => {
  test('one that asks waits for its answer, which is told, and may be given from elsewhere', async () => {
    await using world = new World();
    await using terminal = world.runAll({ one: ASKS, two: 'exec cat' });
    await terminal.waitFor(/orch: task-\d+-\d+ waits for an answer: orch attach task-\d+-\d+/);
    expect((await world.orch('ls')).stdout.toString()).toMatch(/ one +waiting/);
    expect((await world.orch('send', 'one', 'no question')).code).toBe(2);
    expect((await world.orch('send', 'one', '--answer', 'yes')).code).toBe(0);
    await terminal.waitFor('<yes>');
    // It reads until it is given the end of input.
    expect((await world.orch('send', 'two', 'a line')).code).toBe(0);
    await terminal.waitFor('a line');
    expect((await world.orch('send', 'two', '--keys', 'ctrl-d')).code).toBe(0);
    expect(await terminal.end()).toEqual({ code: 0 });
    expect(world.tasks.map(({ manifest }) => manifest.status)).toEqual(['done', 'done']);
  });

  test('is attached to, and has the size that the terminal of all had', async () => {
    await using world = new World();
    await using terminal = world.runAll({ one: `stty size; ${READS}` });
    await terminal.waitFor('ready');
    expect(world.task('one').log.toString()).toContain('24 200');
    await using attached = openOrch(['attach', 'one'], { cwd: world.path, cols: 200 });
    await attached.waitFor('ready');
    await attached.type('by hand\r');
    expect(await attached.end()).toEqual({ code: 0 });
    expect(await terminal.end()).toEqual({ code: 0 });
    expect(world.task('one').log.toString()).toContain('<by hand>');
  });

  test('kill -9 of one host loses that task alone, and the table says so', async () => {
    await using world = new World();
    await using terminal = world.runAll({ one: READS, two: READS, three: READS });
    await world.printed('ready', 3);
    expect(new Set(world.tasks.map(({ manifest }) => manifest.pid)).size).toBe(3);
    process.kill(world.task('two').manifest.pid, 'SIGKILL');
    for (const name of ['one', 'three']) expect((await world.orch('send', name, name)).code).toBe(0);
    expect(await terminal.end()).toEqual({ code: 1 });
    const printed = terminal.bytes.toString().replaceAll(/\x1b\[\d*m/g, '');
    expect(printed).toMatch(/ one +done /);
    expect(printed).toMatch(/ two +lost /);
    expect(printed).toMatch(/ three +done /);
  });

  test.each(['kill -9', 'a closed window'])(
    '%s of the one that started them leaves those that run, and no more begin',
    async (end) => {
      await using world = new World();
      await using terminal = world.runAll({ one: READS, two: READS, three: READS }, '--parallel', '2');
      await world.printed('ready', 2);
      if (end === 'kill -9') terminal.kill('SIGKILL');
      else terminal.close();
      expect(await terminal.end()).toEqual({ code: end === 'kill -9' ? 137 : 129 });
      const shown = await world.orch('ls', '--json');
      const listed = JSON.parse(shown.stdout.toString()) as readonly { readonly running: boolean }[];
      expect(listed.map(({ running }) => running)).toEqual([true, true]);
      await using attached = openOrch(['attach', 'one'], { cwd: world.path });
      await attached.waitFor('ready');
      await attached.type('still here\r');
      expect(await attached.end()).toEqual({ code: 0 });
      expect((await world.orch('stop', 'two')).code).toBe(0);
      expect(['one', 'two'].map((name) => world.task(name).manifest).map(({ status, exit }) => [status, exit])).toEqual(
        [
          ['done', { code: 0, signal: 0 }],
          ['failed', { code: 0, signal: 15 }],
        ],
      );
    },
  );

  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('%s to the one that started them ends all', async (signal, code) => {
    await using world = new World();
    await using terminal = world.runAll({ one: READS, two: READS });
    await world.printed('ready', 2);
    terminal.kill(signal);
    expect(await terminal.end()).toEqual({ code });
    expect(world.tasks.map(({ manifest }) => manifest.status)).toEqual(['failed', 'failed']);
    expect(world.tasks.map(({ manifest }) => lives(manifest.pid))).toEqual([false, false]);
  });

  test('a stop of one leaves all others', async () => {
    await using world = new World();
    const count = runs(50);
    const scripts = Object.fromEntries(Array.from({ length: count }, (_, at) => [`n${at}`, READS]));
    await using terminal = world.runAll(scripts, '--parallel', String(count));
    await world.printed('ready', count);
    const stopped = await world.orch('stop', 'n3');
    expect([stopped.code, stopped.stdout.toString()]).toEqual([0, expect.stringMatching(/^task-\S+ failed/)]);
    const others = world.tasks.filter(({ manifest }) => manifest.status === 'running');
    expect(others).toHaveLength(count - 1);
    expect(others.every(({ manifest }) => lives(manifest.pid) && lives(manifest.agent?.pid))).toBe(true);
    expect(lives(world.task('n3').manifest.agent?.pid)).toBe(false);
    terminal.kill('SIGTERM');
    expect(await terminal.end()).toEqual({ code: 143 });
    expect(world.tasks.filter(({ manifest }) => lives(manifest.pid))).toEqual([]);
  });

  test('every prompt arrives unchanged, and options of the file are those of the task', async () => {
    await using world = new World();
    const prompts = [
      '- [ ] one',
      '--mode print\n',
      'é 🙂 "$(x)" \\',
      `long ${'y'.repeat(300_000)}`,
      '  two\n\nlines\n\n',
    ];
    const PATH = fakeAgents(world.path, { opencode: 'cat > "$ORCH_TASK_DIR/got"' });
    writeFileSync(join(world.path, 'prompt.md'), 'of a file\n');
    const tasks = [
      ...prompts.map((prompt) => ({ prompt, killAfter: '3s' })),
      { promptFile: 'prompt.md', name: 'file' },
    ];
    writeFileSync(join(world.path, 'todo.yml'), JSON.stringify(tasks));
    const args = ['run', '-b', 'opencode', '-q', '--linger', '1ms', '--prompts', 'todo.yml', '--parallel', '3'];
    const { code, stdout, stderr } = await runOrch(args, { cwd: world.path, env: { PATH } });
    expect([code, stdout.toString(), stderr]).toEqual([0, '', '']);
    const got = taskFolders(world.agentDir).map((id) => readFileSync(join(world.agentDir, id, 'got'), 'utf8'));
    expect(got.sort()).toEqual([...prompts, 'of a file\n'].sort());
    const options = world.tasks.map(({ folder }) => JSON.stringify(written(folder)['options']));
    expect(options.sort()).toEqual([...prompts.map(() => '["--kill-after=3s","--linger=1ms"]'), '["--linger=1ms"]']);
  });

  test('a prompt that its starter could not hand over whole is not run', async () => {
    await using world = new World();
    const words = ['host', 'one-of-many', '80x24', '300', '-b', 'demo', `--dir=${world.agentDir}`, '--prompt-file=-'];
    const { code, stdout, stderr } = await runOrch(words, { input: 'x'.repeat(299) });
    expect([code, stdout.toString(), stderr]).toEqual([1, '', expect.stringContaining('did not arrive whole')]);
    expect(existsSync(world.agentDir)).toBe(false);
  });

  test('one that cannot be started is one clear line, and the others run', async () => {
    await using world = new World();
    writeFileSync(join(world.path, 'gone.sh'), '#!/bin/sh\nrm "$0"; rm two.sh; echo ran\n', { mode: 0o755 });
    writeFileSync(join(world.path, 'two.sh'), '#!/bin/sh\necho two\n', { mode: 0o755 });
    writeFileSync(
      join(world.path, 'todo.yml'),
      '- command: [./gone.sh]\n- command: [./two.sh]\n- command: [echo, three]\n',
    );
    const { code, stdout, stderr } = await world.orch('run', '--prompts', 'todo.yml', '--parallel', '1');
    expect(code).toBe(1);
    expect(stderr.split('\n').filter((line) => line.includes('two.sh'))).toEqual([
      expect.stringMatching(/^orch: .*\.\/two\.sh: no such command/),
    ]);
    expect(stdout.toString()).toMatch(/│ three$/m);
  });
});
