import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { processStart } from '../../src/store/layout/process-identity.js';
import { onlyTask } from '../fixtures/agent-folder.js';
import { eventually } from '../fixtures/eventually.js';
import { type PipedRun, runOrch } from '../fixtures/run-orch.js';
import { RunningTask } from '../fixtures/running-task.js';
import { rowsAfter } from '../fixtures/screen.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch, type TerminalOptions, type TestTerminal } from '../fixtures/terminal.js';

/** Tasks in the background, which end with the test. */
class World implements AsyncDisposable {
  readonly #folder = temporaryFolder();

  get path(): string {
    return this.#folder.path;
  }

  orch(...args: readonly string[]): Promise<PipedRun> {
    return runOrch([...args, '--dir', this.path]);
  }

  /** Starts a shell script, and gives the id of its task. */
  async start(script: string, size = '80x24'): Promise<string> {
    const { code, stdout, stderr } = await runOrch([
      'run',
      '-d',
      '--dir',
      this.path,
      '--size',
      size,
      '--',
      'sh',
      '-c',
      script,
    ]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.toString()).toMatch(/^task-\d+-\d+\n$/);
    return stdout.toString().trim();
  }

  attach(args: readonly string[] = [], options?: TerminalOptions): TestTerminal {
    return openOrch(['attach', '--dir', this.path, ...args], options);
  }

  /** The clients of the task have come to this, as its notes say. */
  async noted(text: string): Promise<void> {
    await eventually(() => onlyTask(this.path).taskLog.includes(text), text);
  }

  get log(): string {
    return onlyTask(this.path).log.toString();
  }

  get pid(): number {
    return onlyTask(this.path).manifest.pid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const running = JSON.parse((await this.orch('ls', '--json')).stdout.toString()) as readonly Listed[];
    const ids = running.filter(({ running }) => running).map(({ id }) => id);
    if (ids.length > 0) await this.orch('stop', '--kill-after', '0.1', ...ids);
    this.#folder[Symbol.dispose]();
  }
}

interface Listed {
  readonly id: string;
  readonly running: boolean;
}

/** Prints what it reads, line by line, until it reads `end`. */
const ECHO = 'while read -r line; do echo "<$line>"; [ "$line" = end ] && exit 7; done';
/** Ctrl-\, d. */
const LEAVE = '\x1cd';

describe('orch run --detach', () => {
  test('prints the id alone once the agent runs, and holds no stream open', async () => {
    await using world = new World();
    const id = await world.start(`echo begun; ${ECHO}`);
    await eventually(() => world.log.includes('begun'), 'output');
    const { manifest } = onlyTask(world.path);
    expect([manifest.id, manifest.status]).toEqual([id, 'running']);
    expect(statSync(join(world.path, id, 'host.sock')).mode & 0o777).toBe(0o600);
  });

  test('fails as orch run does when there is nothing to start, and leaves nothing', async () => {
    using folder = temporaryFolder();
    const agentDir = join(folder.path, '.agent');
    const { code, stdout, stderr } = await runOrch(['run', '-d', '--dir', agentDir, '--', 'no-such-agent']);
    expect([code, stdout.toString(), stderr]).toEqual([
      127,
      '',
      expect.stringContaining('no-such-agent: no such command'),
    ]);
    expect(statSync(agentDir, { throwIfNoEntry: false })).toBeUndefined();
  });

  test.each([
    [['--prompts', 'file'], '--detach and --prompts exclude each other'],
    [['-o', 'raw', '--', 'true'], '--detach and --output raw exclude each other'],
  ])('refuses %j', async (args, why) => {
    const { code, stderr } = await runOrch(['run', '-d', ...args]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(why)]);
  });

  test('a path too long for a socket is no obstacle', async () => {
    await using world = new World();
    const folder = join(world.path, 'x'.repeat(120), '.agent');
    const started = await runOrch(['run', '-d', '--dir', folder, '--', 'sh', '-c', ECHO]);
    expect(started.code).toBe(0);
    const { socket } = JSON.parse(
      readFileSync(join(folder, started.stdout.toString().trim(), 'task.json'), 'utf8'),
    ) as {
      socket: string;
    };
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    await using terminal = openOrch(['attach', '--dir', folder]);
    await terminal.type('end\r');
    expect(await terminal.end()).toEqual({ code: 7 });
    await eventually(() => statSync(socket, { throwIfNoEntry: false }) === undefined, 'the socket is removed');
  });
});

describe('orch attach', () => {
  test('draws the screen as --screen prints it, then shows what comes, types, and ends as the agent does', async () => {
    await using world = new World();
    const script = `i=0; while [ $i -lt 50 ]; do i=$((i+1)); printf "row $i \\033[3$((i%8))mcoloured\\033[m\\n"; done; ${ECHO}`;
    const id = await world.start(script);
    await eventually(() => world.log.includes('row 50 '), 'all rows');
    const screen = (await world.orch('logs', id, '--screen')).stdout.toString().trimEnd().split('\n');
    await using terminal = world.attach();
    await terminal.waitFor('row 50 ');
    const drawn = await rowsAfter(terminal.bytes, 80, 24);
    expect(drawn.slice(-screen.length)).toEqual(screen);
    await using other = world.attach(['-r', '--history', '30']);
    await other.waitFor('row 50 ');
    const rows = Array.from({ length: 50 }, (_, at) => `row ${at + 1} coloured`);
    // Of 50 rows 23 are on the screen, below which the cursor is.
    expect((await rowsAfter(other.bytes, 80, 24)).slice(-50)).toEqual(rows);
    await using short = world.attach(['-r', '--history', '2']);
    await short.waitFor('row 50 ');
    expect((await rowsAfter(short.bytes, 80, 24)).filter((row) => row !== '')).toEqual(rows.slice(-25));
    await terminal.type('hello\r');
    await terminal.waitFor('<hello>');
    await terminal.type('end\r');
    expect(await terminal.end()).toEqual({ code: 7 });
    expect(terminal.bytes.toString()).toMatch(
      /orch: failed \(exit 7\) after .*; to read it: orch logs task-\d+-\d+\r\n$/,
    );
    expect(await rowsAfter(Buffer.from(world.log), 80, 24)).toEqual(expect.arrayContaining(['<hello>', '<end>']));
  });

  test('leaves by its keys, typed as bytes or in the keyboard protocol of kitty, and the agent goes on', async () => {
    await using world = new World();
    const id = await world.start(`echo begun; ${ECHO}`);
    for (const keys of [LEAVE, '\x1b[92;5u\x1b[92;5:3ud']) {
      await using terminal = world.attach([id]);
      await terminal.waitFor('begun');
      await terminal.type(keys);
      expect(await terminal.end()).toEqual({ code: 0 });
      expect(terminal.bytes.toString()).toContain(`orch: detached; ${id} goes on`);
    }
    await using terminal = world.attach([id, '--detach-keys', 'ctrl-a,x']);
    await terminal.waitFor('begun');
    await terminal.type(`\x1c\r`);
    // Ctrl-\ means SIGQUIT to a terminal in cooked mode.
    expect(await terminal.end()).toEqual({ code: 131 });
  });

  test('a killed client, or a closed window, in a flood costs the agent nothing and the recording no byte', async () => {
    await using world = new World();
    const lines = 60_000;
    const id = await world.start(
      `read -r go; i=0; while [ $i -lt ${lines} ]; do i=$((i+1)); echo "line $i of many"; done; echo over; ${ECHO}`,
    );
    await using first = world.attach([id]);
    await first.type('go\r');
    await eventually(() => world.log.length > 2000, 'the flood');
    first.kill('SIGKILL');
    for (let round = 0; round < 3; round++) {
      await using terminal = world.attach([id]);
      await terminal.waitFor('of many');
      if (round % 2 === 0) terminal.kill('SIGKILL');
      else terminal.close();
    }
    await eventually(() => world.log.includes('over'), 'the end of the flood', 120_000);
    await using last = world.attach([id]);
    await last.waitFor('over');
    await last.type('end\r');
    expect(await last.end()).toEqual({ code: 7 });
    const printed = world.log.split('\r\n').filter((line) => line.startsWith('line '));
    expect(printed).toEqual(Array.from({ length: lines }, (_, at) => `line ${at + 1} of many`));
    expect((await world.orch('verify', id)).code).toBe(0);
  });

  test('of another size sees the picture with a line below, and changes no size until it types', async () => {
    await using world = new World();
    const id = await world.start(`echo begun; while read -r line; do stty size; done`);
    await using small = world.attach([id], { cols: 60, rows: 12 });
    await small.waitFor('begun');
    await small.waitFor(`${id}  80x24 from 1,1`);
    expect(onlyTask(world.path).events.filter(({ type }) => type === 'resize')).toEqual([]);
    await small.type('\r');
    await small.waitFor('12 60');
    await using viewer = world.attach([id, '--read-only'], { cols: 80, rows: 24 });
    await viewer.waitFor(/process \d+ writes/);
    await viewer.type('x\r');
    await viewer.waitFor('\x07');
    await using taker = world.attach([id, '--take'], { cols: 100, rows: 30 });
    await world.noted('the terminal has 100x30 cells');
    await taker.type('\r');
    await taker.waitFor('30 100');
    taker.kill('SIGKILL');
    // Keys are for the agent once the client has heard that no one writes.
    await small.waitFor('no one writes');
    await small.type('\r');
    await eventually(() => world.log.split('12 60').length === 3, 'the size of the one who writes again');
    const sizes = onlyTask(world.path).events.flatMap(({ type, cols, rows }) =>
      type === 'resize' ? [`${String(cols)}x${String(rows)}`] : [],
    );
    expect(sizes).toEqual(['60x12', '100x30', '80x24', '60x12']);
  });

  test('what the agent asks its terminal is answered once, by orch or by the one who writes', async () => {
    await using world = new World();
    // Prints what comes behind each question, up to the end of an answer.
    const ask = `stty raw -echo; ask() { printf '\\033[c'; a=; while :; do c=$(dd bs=1 count=1 2>/dev/null); a="$a$c"; [ "$c" = c ] && break; done; printf 'answer%s.' "\${a#?}"; }`;
    const id = await world.start(
      `${ask}; ask; dd bs=1 count=1 2>/dev/null; ask; dd bs=1 count=1 2>/dev/null; printf over`,
    );
    await eventually(() => world.log.includes('answer[?62;22c.'), 'the answer of orch');
    await using viewer = world.attach([id, '-r'], { answers: { '\x1b[c': '\x1b[?6c' } });
    await viewer.waitFor('answer');
    await using writer = world.attach([id, '--take'], { answers: { '\x1b[c': '\x1b[?1;2c' } });
    await writer.waitFor('answer');
    await world.noted('writes, at byte');
    await writer.type('x');
    await eventually(() => world.log.includes('answer[?1;2c.'), 'the answer of the terminal');
    await writer.type('x');
    await writer.end();
    expect(world.log).toMatch(/answer\[\?62;22c\.x?\x1b\[canswer\[\?1;2c\.x?over$/);
    expect([viewer.asked, writer.asked]).toEqual([[], ['\x1b[c']]);
  });

  test('puts the terminal back when the host is killed, and says so', async () => {
    await using world = new World();
    const id = await world.start('printf "\\033[?1049h\\033[?2004hdrawn"; sleep 100');
    await eventually(() => world.log.includes('drawn'), 'the screen');
    await using terminal = world.attach();
    await terminal.waitFor('drawn');
    process.kill(world.pid, 'SIGKILL');
    expect(await terminal.end()).toEqual({ code: 2 });
    const shown = terminal.bytes.toString();
    expect(shown).toMatch(/\x1b\[\?1049l/);
    expect(shown).toMatch(/\x1b\[\?2004l/);
    expect(shown).toContain(`${id} does not run: its host was killed`);
    await world.orch('stop', id);
  });
});

test('orch detach has every client leave, and orch stop ends the agent for all', async () => {
  await using world = new World();
  const id = await world.start(`echo begun; ${ECHO}`);
  await using one = world.attach([id]);
  await using other = world.attach([id], { cols: 100 });
  for (const terminal of [one, other]) await terminal.waitFor('begun');
  expect((await world.orch('detach', id)).code).toBe(0);
  for (const terminal of [one, other]) expect(await terminal.end()).toEqual({ code: 0 });
  await using again = world.attach([id]);
  await again.waitFor('begun');
  expect((await world.orch('stop', id)).code).toBe(0);
  expect(await again.end()).toEqual({ code: 143 });
  await eventually(() => processStart(world.pid) === undefined, 'the end of the host');
  expect(onlyTask(world.path).events).toContainEqual(expect.objectContaining({ type: 'signal', from: 'orch stop' }));
});

describe('a task that cannot be attached to', () => {
  /** What attach says, and the code it ends with. */
  async function refusal(folder: string, ...args: readonly string[]): Promise<readonly [number, string]> {
    await using terminal = openOrch(['attach', '--dir', folder, ...args], { cols: 200 });
    const { code } = await terminal.end();
    return [code, terminal.bytes.toString()];
  }

  test('is unknown, has ended, or is recorded where it was started', async () => {
    using folder = temporaryFolder();
    expect(await refusal(folder.path, 'other')).toEqual([3, expect.stringContaining('no task other')]);
    const task = new RunningTask(folder.path, { id: 'task-1700000000-1' });
    expect(await refusal(folder.path)).toEqual([2, expect.stringContaining('task-1700000000-1 takes no clients')]);
    task.end();
    expect(await refusal(folder.path)).toEqual([2, expect.stringContaining('does not run: it is done')]);
  });

  test('has a host of an older protocol, or none behind its socket', async () => {
    using folder = temporaryFolder();
    const socket = join(folder.path, 'old.sock');
    const running = new RunningTask(folder.path, { id: 'task-1700000000-1', socket });
    expect(await refusal(folder.path)).toEqual([1, expect.stringMatching(/cannot be reached: .*ENOENT/)]);
    const http = createServer();
    const server = new WebSocketServer({ server: http });
    server.on('connection', (client) => {
      client.send(JSON.stringify({ type: 'hello', protocol: 0, orch: '0.0.9' }));
    });
    await new Promise<void>((resolve) => http.listen(socket, resolve));
    expect(await refusal(folder.path)).toEqual([1, expect.stringContaining('orch 0.0.9, which speaks version 0')]);
    http.close();
    running.end();
  });

  test('has a host that is stopped: that is said, and Ctrl-C ends the waiting', async () => {
    await using world = new World();
    const id = await world.start(ECHO);
    process.kill(world.pid, 'SIGSTOP');
    await using terminal = world.attach([id]);
    try {
      await terminal.waitFor(`the host of ${id} does not answer yet`);
      await terminal.type('\x03');
      expect(await terminal.end()).toEqual({ code: 130 });
    } finally {
      process.kill(world.pid, 'SIGCONT');
    }
  });
});
