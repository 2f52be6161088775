import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onlyTask, statusOfOnlyTask, taskFolders } from '../fixtures/agent-folder.js';
import { eventually } from '../fixtures/eventually.js';
import { argumentsOf, childrenOf, lives, parentOf } from '../fixtures/processes.js';
import { ORCH, type PipedRun, runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch, openTerminal, type TerminalOptions, type TestTerminal } from '../fixtures/terminal.js';

/** A folder with one task, which ends with the test. */
class World implements AsyncDisposable {
  readonly #folder = temporaryFolder();

  get folder(): string {
    return this.#folder.path;
  }

  get path(): string {
    return join(this.folder, 'a');
  }

  /** A window in which `orch run` has a shell script. */
  run(script: string, flags: readonly string[] = [], options: TerminalOptions = {}): TestTerminal {
    const args = ['run', '--dir', this.path, ...flags, '--', 'sh', '-c', script];
    return openOrch(args, { cwd: this.folder, ...options });
  }

  attach(args: readonly string[] = [], options?: TerminalOptions): TestTerminal {
    return openOrch(['attach', '--dir', this.path, ...args], options);
  }

  orch(...args: readonly string[]): Promise<PipedRun> {
    return runOrch([...args, '--dir', this.path]);
  }

  get log(): string {
    return onlyTask(this.path).log.toString();
  }

  get id(): string {
    return taskFolders(this.path)[0] ?? '';
  }

  get host(): number {
    return onlyTask(this.path).manifest.pid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (existsSync(this.path) && statusOfOnlyTask(this.path) === 'running')
      await this.orch('stop', '--kill-after', '0.1', this.id);
    this.#folder[Symbol.dispose]();
  }
}

/** Notes each signal that comes, and prints what it reads, line by line, until it reads `end`. */
const UNHURT = `for s in HUP INT QUIT TERM TSTP TTIN TTOU PIPE CONT WINCH; do trap "echo hurt by $s" $s; done`;
const ECHO = `${UNHURT}; echo begun; while :; do read -r line && echo "<$line>"; [ "$line" = end ] && exit 7; done`;
/** Ctrl-\, d. */
const LEAVE = '\x1cd';

describe('orch run on a terminal', () => {
  test.each<[string, (terminal: TestTerminal) => void, number]>([
    [
      'whose window is closed',
      (terminal) => {
        terminal.close();
      },
      129,
    ],
    [
      'that gets the signal of that',
      (terminal) => {
        terminal.kill('SIGHUP');
      },
      129,
    ],
    [
      'that is killed',
      (terminal) => {
        terminal.kill('SIGKILL');
      },
      137,
    ],
  ])('%s leaves the agent, which notices nothing, and orch attach comes back to it', async (_, leave, code) => {
    await using world = new World();
    await using window = world.run(ECHO, [], { cols: 91, rows: 17 });
    await window.waitFor('begun');
    leave(window);
    expect(await window.end()).toEqual({ code });
    await using again = world.attach([], { cols: 91, rows: 17 });
    await again.waitFor('begun');
    await again.type('hello\rend\r');
    await again.waitFor('<hello>');
    expect(await again.end()).toEqual({ code: 7 });
    expect(world.log).not.toContain('hurt');
    expect(onlyTask(world.path).events.filter(({ type }) => type === 'resize' || type === 'signal')).toEqual([]);
    expect((await world.orch('verify')).code).toBe(0);
  });

  // A closed window sends it to the whole group, and once more when its shell has ended.
  test('is hung up while stty(1) puts its settings back, which dies of the same signal', async () => {
    await using world = new World();
    // Settings with a colon are such as `stty -g` has printed.
    const stty = `#!/bin/sh
case $1 in *:*) [ -e ${world.folder}/hung ] || { touch ${world.folder}/hung; kill -HUP $$; };; esac
PATH=\${PATH#*:} exec stty "$@"`;
    mkdirSync(join(world.folder, 'bin'));
    writeFileSync(join(world.folder, 'bin/stty'), stty, { mode: 0o755 });
    const env = { PATH: `${world.folder}/bin:${process.env['PATH'] ?? ''}` };
    const script = '"$@"; echo "code $?"; stty -a | grep -o " -*icanon"';
    const line = ['-c', script, 'sh', process.execPath, ORCH, 'run', '--dir', world.path, '--', 'sh', '-c', ECHO];
    await using window = openTerminal('sh', line, { cwd: world.folder, env });
    await window.waitFor('begun');
    process.kill(parentOf(world.host), 'SIGHUP');
    await window.waitFor('code 129');
    await window.waitFor(' icanon');
    expect(existsSync(join(world.folder, 'hung'))).toBe(true);
    expect(await window.end()).toEqual({ code: 0 });
  });

  test('is left by keys, and says how to come back', async () => {
    await using world = new World();
    await using window = world.run(ECHO);
    await window.waitFor('begun');
    await window.type(LEAVE);
    await window.waitFor(`orch: detached; ${world.id} goes on, and orch attach ${world.id} comes back to it`);
    expect(await window.end()).toEqual({ code: 0 });
    await using again = world.attach();
    await again.waitFor('begun');
    expect((await world.orch('detach', world.id)).code).toBe(0);
    expect(await again.end()).toEqual({ code: 0 });
    expect(world.log).not.toContain('hurt');
  });

  test('is left by other keys where those are given, and by none where none are', async () => {
    await using world = new World();
    await using window = world.run(ECHO, ['--detach-keys', 'ctrl-a,x']);
    await window.waitFor('begun');
    await window.type('\x1cd\r');
    await window.waitFor('hurt by QUIT');
    await window.type('\x01x');
    expect(await window.end()).toEqual({ code: 0 });
    await using other = new World();
    await using held = other.run(ECHO, ['--detach-keys', 'none']);
    await held.waitFor('begun');
    await held.type('\x1cd\rend\r');
    expect(await held.end()).toEqual({ code: 7 });
  });

  test('that is asked to leave by orch detach leaves the agent', async () => {
    await using world = new World();
    await using window = world.run(ECHO);
    await window.waitFor('begun');
    expect((await world.orch('detach', world.id)).code).toBe(0);
    expect(await window.end()).toEqual({ code: 0 });
    await using again = world.attach();
    await again.type('end\r');
    expect(await again.end()).toEqual({ code: 7 });
  });

  test('has one task, which runs in no window: its recorder leads a session of its own', async () => {
    await using world = new World();
    await using window = world.run('echo begun; read -r line');
    await window.waitFor('begun');
    // proc_pid_stat(5): behind the name come state, parent, process group, session and terminal.
    const [, parent, group, session, terminal] =
      readFileSync(`/proc/${world.host}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
    expect([Number(parent), Number(group), Number(session), terminal]).toEqual([
      window.pid,
      world.host,
      world.host,
      '0',
    ]);
    await window.type('\r');
    expect(await window.end()).toEqual({ code: 0 });
    // Nothing is left of it: no process, no socket.
    expect(lives(world.host)).toBe(false);
    expect(existsSync(join(world.path, world.id, 'host.sock'))).toBe(false);
  });

  test('ends as its agent does where that cannot be started, and leaves nothing', async () => {
    await using world = new World();
    await using window = openOrch(['run', '--dir', world.path, '--', 'no-such-agent'], { cwd: world.folder });
    expect(await window.end()).toEqual({ code: 127 });
    expect(window.bytes.toString()).toMatch(/^orch: no-such-agent: no such command[^\n]*\r\n$/);
    expect(existsSync(world.path)).toBe(false);
  });

  test('says so where its host is killed before there is a task', async () => {
    await using world = new World();
    await using window = world.run('exec sleep 60');
    const host = (): number | undefined => childrenOf(window.pid).find((pid) => argumentsOf(pid).includes('host'));
    await eventually(() => host() !== undefined, 'the host');
    process.kill(host() ?? 0, 'SIGKILL');
    const { code } = await window.end();
    const shown = window.bytes.toString();
    // On a busy machine there is one by then.
    if (existsSync(world.path)) expect(code).toBe(137);
    else
      expect([code, shown]).toEqual([
        1,
        expect.stringMatching(/^orch: the host of a task was ended by SIGKILL before its agent ran[^\n]*\r\n$/),
      ]);
    expect(shown).toContain('SIGKILL');
  });

  test('reads its prompt from the terminal where that is asked for', async () => {
    await using world = new World();
    writeFileSync(
      join(world.folder, 'orch.yml'),
      'backends: { mine: { command: [sh, -c, \'echo "asked: $1"\', sh, "{prompt}"] } }\n',
    );
    const args = ['run', '--dir', world.path, '-b', 'mine', '--prompt-file', '-'];
    await using window = openOrch(args, { cwd: world.folder });
    await window.type('the tests\n\x04');
    await window.waitFor('asked: the tests');
    expect(await window.end()).toEqual({ code: 0 });
  });
});

describe('orch run --on-hangup end', () => {
  const END = ['--on-hangup', 'end'];

  test('ends the agent with its window, as a terminal does', async () => {
    await using world = new World();
    await using window = world.run('trap "echo got HUP; exit 9" HUP; echo begun; while :; do sleep 0.05; done', END);
    await window.waitFor('begun');
    window.close();
    expect(await window.end()).toEqual({ code: 9 });
    expect(world.log).toContain('got HUP');
    expect(onlyTask(world.path).manifest.status).toBe('failed');
  });

  test('ends it, too, where orch is killed, as orch.yml may say for all', async () => {
    await using world = new World();
    writeFileSync(join(world.folder, 'orch.yml'), 'defaults: { onHangup: end }\n');
    await using window = world.run('trap "echo got HUP; exit 9" HUP; echo begun; while :; do sleep 0.05; done');
    await window.waitFor('begun');
    window.kill('SIGKILL');
    await eventually(() => statusOfOnlyTask(world.path) === 'failed', 'the end of the agent');
    expect(world.log).toContain('got HUP');
  });

  test('leaves it running where the terminal is left on purpose, and does not mind who hangs up then', async () => {
    await using world = new World();
    await using window = world.run(ECHO, END);
    await window.waitFor('begun');
    await window.type(LEAVE);
    expect(await window.end()).toEqual({ code: 0 });
    await using again = world.attach();
    await again.waitFor('begun');
    again.close();
    await again.end();
    await using last = world.attach();
    await last.type('end\r');
    expect(await last.end()).toEqual({ code: 7 });
    expect(world.log).not.toContain('hurt');
  });

  test('has no meaning for a detached task', async () => {
    const { code, stderr } = await runOrch(['run', '-d', ...END, '--', 'true']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--detach and --on-hangup end exclude each other')]);
  });
});

describe('the terminal of orch run', () => {
  /** Prints what comes behind each question, up to the end of an answer; a question of its own at each line. */
  const ASKS = String.raw`stty raw -echo; ask() { printf '\033[%s' $1; a=; while :; do c=$(dd bs=1 count=1 2>/dev/null); a="$a$c"; [ "$c" = $2 ] && break; done; printf 'answer%s.' "${'${a#?}'}"; }; ask c c; ask 6n R; dd bs=1 count=1 2>/dev/null; ask c c; ask 6n R; dd bs=1 count=1 2>/dev/null`;

  test('answers what the agent asks, once, and orch does when it has gone', async () => {
    await using world = new World();
    const answers = { '\x1b[c': '\x1b[?1;2c', '\x1b[6n': '\x1b[5;7R' };
    await using window = world.run(ASKS, [], { answers });
    await window.waitFor(/answer.5;7R./);
    expect(window.asked).toEqual(['\x1b[c', '\x1b[6n']);
    window.kill('SIGKILL');
    await window.end();
    expect((await world.orch('send', world.id, '--keys', 'x')).code).toBe(0);
    await eventually(
      () => /answer\[\d+;\d+R\.$/.test(world.log.slice(-20)) && world.log.includes('?62;22c'),
      'the answers of orch',
    );
    await using again = world.attach([], { answers });
    await again.type('x');
    expect(await again.end()).toEqual({ code: 0 });
    expect(again.asked).toEqual([]);
    expect(world.log.match(/answer\[\?/g)).toHaveLength(2);
    expect(world.log.match(/answer\[\d/g)).toHaveLength(2);
  });

  test('gives its size to the agent, and gets it back from a writer of another size', async () => {
    await using world = new World();
    await using window = world.run('echo begun; while read -r line; do stty size; done', [], { cols: 91, rows: 17 });
    await window.waitFor('begun');
    window.resize(100, 20);
    const sizes = (): readonly string[] =>
      onlyTask(world.path).events.flatMap((event) =>
        event.type === 'resize' ? [`${String(event['cols'])}x${String(event['rows'])}`] : [],
      );
    // The system says of the size and of the key in any order.
    await eventually(() => sizes().includes('100x20'), 'the size of the window');
    await window.type('\r');
    await window.waitFor('20 100');
    await using taker = world.attach(['--take'], { cols: 60, rows: 12 });
    await taker.waitFor('begun');
    await taker.type('\r');
    await taker.waitFor('12 60');
    // It watches on: a picture of the other size, with a line that says who writes.
    await window.waitFor(/process \d+ writes/);
    await taker.type(LEAVE);
    expect(await taker.end()).toEqual({ code: 0 });
    // Drawn from the files, row by row, and then it may write again.
    await window.waitFor('20 100\r\n\r\n12 60\r\n');
    await window.type('\r');
    await eventually(() => world.log.trimEnd().endsWith('20 100'), 'the size of the window');
    window.close();
    await window.end();
    expect(sizes()).toEqual(['100x20', '60x12', '100x20']);
  });

  test('shows the bytes as they are where --size is another, and the agent keeps that size', async () => {
    await using world = new World();
    const script = 'stty size; read -r line; stty size';
    await using window = world.run(script, ['--size', '100x40'], { cols: 60, rows: 12 });
    await window.waitFor('40 100');
    window.resize(70, 14);
    await window.type('\r');
    expect(await window.end()).toEqual({ code: 0 });
    expect(window.bytes.includes(Buffer.from(world.log))).toBe(true);
    expect(world.log.match(/40 100/g)).toHaveLength(2);
  });

  test('gets every run of an agent that is repeated', async () => {
    await using world = new World();
    const script = 'read -r line; echo "run $line"; [ "$line" = 3 ] && echo DONE; exit 0';
    await using window = world.run(script, ['--until', 'DONE']);
    for (const run of [1, 2, 3]) {
      await eventually(() => onlyIteration(world) === run, `run ${run}`);
      await window.type(`${run}\r`);
      await window.waitFor(`run ${run}`);
    }
    expect(await window.end()).toEqual({ code: 0 });
    expect(window.bytes.toString()).toContain(world.log.slice(world.log.indexOf('run 3')));
  });

  test('is as it was before when the host is killed, and the task is lost at once', async () => {
    await using world = new World();
    const between = `"$@"; echo "exit $?"; stty -a | grep -o -- '-*icanon'`;
    const script = String.raw`printf '\033[?1049h\033[?2004hdrawn'; sleep 100`;
    const orch = [process.execPath, ORCH, 'run', '--dir', world.path, '--', 'sh', '-c', script];
    await using window = openTerminal('sh', ['-c', between, 'sh', ...orch]);
    await window.waitFor('drawn');
    process.kill(world.host, 'SIGKILL');
    await window.waitFor(`orch: the host of ${world.id} was killed by SIGKILL`);
    await window.waitFor('exit 137');
    await window.waitFor('\nicanon');
    for (const undone of ['\x1b[?1049l', '\x1b[?2004l']) expect(window.bytes.toString()).toContain(undone);
    const [listed] = JSON.parse((await world.orch('ls', '--json')).stdout.toString()) as readonly { status: string }[];
    expect(listed?.status).toBe('lost');
    await world.orch('stop', world.id);
  });
});

/** How many runs have begun; 0 while there is no task. */
function onlyIteration(world: World): number {
  if (!existsSync(world.path) || taskFolders(world.path).length === 0) return 0;
  const path = join(world.path, world.id, 'events.jsonl');
  return existsSync(path) ? readFileSync(path, 'utf8').split('"iteration.start"').length - 1 : 0;
}
