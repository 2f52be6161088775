import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { TaskConnection } from '../../src/host/task-connection.js';
import { LONGEST_LINE } from '../../src/pty/input/line-settings.js';
import { onlyTask } from '../fixtures/agent-folder.js';
import { DetachedTask } from '../fixtures/detached-task.js';
import { eventually } from '../fixtures/eventually.js';
import { type PipedRun, runOrch } from '../fixtures/run-orch.js';
import { RunningTask } from '../fixtures/running-task.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

class World extends DetachedTask {
  /** Runs a program that keeps what it reads, once it is ready for it. */
  start(...command: readonly string[]): Promise<void> {
    return this.startReady('--', ...command);
  }

  send(...args: readonly string[]): Promise<PipedRun> {
    return this.orch(['send', 'latest', ...args]);
  }

  connect(): Promise<TaskConnection> {
    const { folder: path, manifest } = onlyTask(this.path);
    const { signal } = new AbortController();
    return TaskConnection.open({ id: manifest.id, path }, { version: '0.0.0', onSlow: () => undefined, signal });
  }

  get log(): string {
    return onlyTask(this.path).log.toString();
  }

  file(name: string, content?: string): string {
    const path = join(this.path, name);
    if (content !== undefined) writeFileSync(path, content);
    return path;
  }

  /** What the program has read, once it is this much. */
  async kept(bytes: number): Promise<string> {
    const read = (): Buffer => readFileSync(this.file('kept'));
    await eventually(() => read().length >= bytes, `${bytes} bytes`);
    return read().toString();
  }
}

/** Keeps every byte as it comes, in a terminal that changes none. */
const RAW = (setUp: string, file: string): readonly string[] => [
  'sh',
  '-c',
  `stty raw -echo; printf '${setUp}ready'; exec cat > "$0"`,
  file,
];
const BRACKETED = String.raw`\033[?2004h`;
const paste = (text: string): string => `\x1b[200~${text}\x1b[201~`;
/** About a megabyte of lines, none like another. */
const MEGABYTE = Array.from({ length: 24_000 }, (_, at) => `line ${at}: é 🙂 of many, ${'x'.repeat(at % 40)}`).join(
  '\n',
);

const REFUSED: readonly (readonly [readonly string[], string])[] = [
  [['\x1b[201~; rm -rf x'], 'the text holds U+001B at character 1'],
  [['a\x9b201~b'], 'the text holds U+009B at character 2'],
  [['--answer', '1'], 'waits for no answer: it is'],
  [['--keys', 'hyper-x'], "--keys: there is no key 'hyper-x'"],
  [['--keys', 'shift-enter'], 'a terminal has no bytes for the key shift-enter'],
  [['--keys', 'tab', '--no-enter', 'x'], '--keys and --no-enter exclude each other'],
  [['--file', 'nothing.txt'], '--file nothing.txt cannot be read: ENOENT'],
  [['--file', 'nothing.txt', 'x'], '--file and a text exclude each other'],
  [[''], 'there is no text'],
  [[], 'there is no text'],
  [['--timeout', 'soon', 'x'], '--timeout soon is not a duration'],
];

const ok = { code: 0, stderr: '' };

describe('orch send', () => {
  test('types words, what is piped in, or a file, as one paste and Enter where the program asks for brackets', async () => {
    await using world = new World();
    await world.start(...RAW(BRACKETED, world.file('kept')));
    expect(await world.send('two', 'words')).toMatchObject(ok);
    expect(await world.orch(['send', 'latest', '-'], { input: 'piped\nin\n' })).toMatchObject(ok);
    expect(await world.send('--file', world.file('text', `${MEGABYTE}\n`))).toMatchObject(ok);
    expect(await world.send('--no-enter', '--', '-- kept\n')).toMatchObject(ok);
    expect(await world.send('--keys', 'ctrl-c,up,y')).toMatchObject(ok);
    expect(await world.send('--keys', 'tab', 'half')).toMatchObject(ok);
    const texts = ['two words', 'piped\rin', MEGABYTE.replaceAll('\n', '\r')].map((text) => `${paste(text)}\r`);
    const expected = `${texts.join('')}${paste('-- kept\r')}\x03\x1b[Ay${paste('half')}\t`;
    expect((await world.kept(Buffer.byteLength(expected))) === expected).toBe(true);
    expect(onlyTask(world.path).taskLog).toMatch(
      /process \d+ has sent 9 bytes, then pressed enter, at byte \d+: "two words"/,
    );
  });

  test('types a megabyte plain to a program that reads lines, whole and in order', async () => {
    await using world = new World();
    await world.start('sh', '-c', 'stty -echo; echo ready; exec cat > "$0"', world.file('kept'));
    expect(await world.orch(['send', 'latest', '-'], { input: MEGABYTE })).toMatchObject(ok);
    expect((await world.kept(Buffer.byteLength(MEGABYTE) + 1)) === `${MEGABYTE}\n`).toBe(true);
    const long = await world.send('x'.repeat(LONGEST_LINE));
    expect([long.code, long.stderr]).toEqual([
      2,
      expect.stringContaining(`a line of it has ${LONGEST_LINE + 1} bytes`),
    ]);
    expect(await world.send('x'.repeat(LONGEST_LINE - 1))).toMatchObject(ok);
    await world.kept(Buffer.byteLength(MEGABYTE) + 1 + LONGEST_LINE);
    // What a terminal does not show may be a password.
    expect(onlyTask(world.path).taskLog).not.toContain('line 0');
  });

  test('of several at once to a program that does not read yet gives it each whole, and takes back one that is late', async () => {
    await using world = new World();
    const script = `stty raw -echo; printf '${BRACKETED}ready'; until [ -e "$0.go" ]; do sleep 0.02; done; exec cat > "$0"`;
    await world.start('sh', '-c', script, world.file('kept'));
    const texts = Array.from({ length: 4 }, (_, at) => `${at}: ${'y'.repeat(300_000 + at)}`);
    const [first = '', ...others] = texts;
    using connection = await world.connect();
    let sent: Promise<unknown> = Promise.resolve();
    // From then on it fills the terminal.
    await new Promise<void>((typing) => {
      sent = connection.send({ text: first, keys: ['enter'], isAnswer: false, name: 'first' }, typing);
    });
    const sending = others.map((text) => world.orch(['send', 'latest', '-'], { input: text }));
    const late = await world.send('--timeout', '1', 'late');
    expect([late.code, late.stderr]).toEqual([124, expect.stringContaining('nothing was sent to task-')]);
    world.file('kept.go', '');
    for (const other of await Promise.all(sending)) expect(other).toMatchObject(ok);
    await sent;
    const kept = await world.kept(texts.reduce((bytes, text) => bytes + paste(text).length + 1, 0));
    expect(kept.match(/\x1b\[200~\d/g)).toHaveLength(4);
    for (const text of texts) expect(kept.split(`${paste(text)}\r`)).toHaveLength(2);
  });

  test('a text of several lines is one paste to a shell that asks for brackets, and Enter runs it', async () => {
    await using world = new World();
    await world.start('bash', '--norc', '-i', '-c', 'echo ready; exec bash --norc --rcfile /dev/null -i');
    await eventually(() => world.log.includes('\x1b[?2004h'), 'the prompt');
    expect(await world.orch(['send', 'latest', '-'], { input: 'echo $((20 + 1))\necho $((40 + 2))' })).toMatchObject(
      ok,
    );
    await eventually(() => /21\r\n42\r\n/.test(world.log), 'both results');
    expect(await world.send('--keys', 'ctrl-d')).toMatchObject(ok);
  });

  test('refuses in one line what cannot be sent, and types nothing of it', async () => {
    await using world = new World();
    await world.start(...RAW('', world.file('kept')));
    for (const [args, why] of REFUSED) {
      const { code, stderr } = await world.send(...args);
      expect([args, code, stderr.split('\n').length]).toEqual([args, 2, 2]);
      expect(stderr).toContain(why);
    }
    const { code, stderr } = await world.orch(['send', 'latest', '-'], { input: Buffer.from([0x61, 0x9b, 0x62]) });
    expect([code, stderr]).toEqual([2, expect.stringContaining('stdin is not UTF-8')]);
    expect(await world.send('after')).toMatchObject(ok);
    expect(await world.kept(6)).toBe('after\r');
  });
});

/** Reports what it does, as hooks would: each line that it reads makes it work, and then do what the line says. */
const REPORTER = String.raw`
const { appendFileSync, existsSync } = require('node:fs');
const report = (status) => appendFileSync(process.env.ORCH_TASK_DIR + '/status.jsonl', JSON.stringify({ status }) + '\n');
let line = '';
report('idle');
console.log('ready');
process.stdin.on('data', (bytes) => {
  line += bytes;
  if (!line.endsWith('\n')) return;
  const [word, file] = line.trim().split(' ');
  line = '';
  if (word === 'exit') process.exit(Number(file));
  report('working');
  const until = setInterval(() => {
    if (file !== undefined && !existsSync(file)) return;
    clearInterval(until);
    report(word);
  }, 5);
});
`;

describe('orch send --wait', () => {
  test('answers by the status that the text has brought about, and answers a question just where there is one', async () => {
    await using world = new World();
    await world.start(process.execPath, '-e', REPORTER);
    const status = (): string => onlyTask(world.path).manifest.activity?.status ?? '';
    await eventually(() => status() === 'idle', 'idle');
    const go = world.file('go');
    let isOver = false;
    const waiting = world.send(`waiting ${go}`, '--wait', 'waiting').finally(() => (isOver = true));
    await eventually(() => status() === 'working', 'working');
    expect(isOver).toBe(false);
    world.file('go', '');
    const { code, stdout } = await waiting;
    expect([code, stdout.toString()]).toEqual([0, expect.stringMatching(/^task-\d+-\d+ waiting\n$/)]);
    const refused = await world.send('idle');
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('waits for your answer')]);
    const answered = await world.send('idle', '--answer', '--wait', 'idle');
    expect([answered.code, answered.stdout.toString()]).toEqual([0, expect.stringMatching(/ idle\n$/)]);
    const late = await world.send(`idle ${world.file('never')}`, '--wait', 'idle', '--timeout', '1.5');
    // A status is shown once it has held for a second: on a busy machine that is still the one of before.
    expect([late.code, late.stderr]).toEqual([
      124,
      expect.stringMatching(/the text was sent; task-\d+-\d+ (?:idle|working)\n$/),
    ]);
  });

  test('ends with the task: well where it is done and that was waited for', async () => {
    for (const [wanted, code, line] of [
      ['done', 0, 'exit 0'],
      ['idle', 1, 'exit 0'],
      ['done', 1, 'exit 3'],
    ] as const) {
      await using world = new World();
      await world.start(process.execPath, '-e', REPORTER);
      const sent = await world.send(line, '--wait', wanted);
      expect([wanted, sent.code, sent.stderr]).toEqual([wanted, code, '']);
      expect(sent.stdout.toString()).toMatch(line === 'exit 0' ? / done after / : / failed 3 after /);
    }
  });
});

test('a task that has ended, is unknown, was killed or takes no clients is said to be in one line', async () => {
  using folder = temporaryFolder();
  const said = async (): Promise<readonly [number, string]> => {
    const { code, stderr } = await runOrch(['send', 'task-1700000000-1', 'x', '--dir', folder.path]);
    expect(stderr.split('\n')).toHaveLength(2);
    return [code, stderr];
  };
  expect(await said()).toEqual([3, expect.stringContaining('no task task-1700000000-1')]);
  const running = new RunningTask(folder.path, { id: 'task-1700000000-1' });
  expect(await said()).toEqual([2, expect.stringContaining('task-1700000000-1 takes no clients')]);
  running.end();
  expect(await said()).toEqual([2, expect.stringContaining('does not run: it is done')]);
  await using world = new World();
  await world.start(...RAW('', world.file('kept')));
  process.kill(onlyTask(world.path).manifest.pid, 'SIGKILL');
  const lost = await world.send('x');
  expect([lost.code, lost.stderr]).toEqual([2, expect.stringContaining('does not run: its host was killed')]);
});
