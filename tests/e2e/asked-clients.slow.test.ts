/** What an agent asks its terminal, while clients come and go. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DetachedTask } from '../fixtures/detached-task.js';
import { eventually } from '../fixtures/eventually.js';
import { runs } from '../fixtures/runs.js';
import { openOrch, type TestTerminal } from '../fixtures/terminal.js';

/**
 * Asks one thing after the other, as soon as it is answered, until there is a file `stop`, and then prints how often it has asked, and
 * how often it was answered; what is not answered within some seconds is given up.
 */
const ASKER = `
const { existsSync, writeSync } = require('node:fs');
const KINDS = [
  ['\\x1b[c', /\\x1b\\[\\?[\\d;]*c/g], ['\\x1b[6n', /\\x1b\\[\\d+;\\d+R/g], ['\\x1b]7501;?\\x1b\\\\', /\\x1b\\]7501;\\?1\\x1b\\\\/g],
];
const asked = [0, 0, 0];
let heard = '';
const answered = () => KINDS.map(([, answer]) => heard.match(answer)?.length ?? 0);
const say = (text) => writeSync(1, text + '\\r\\n');
process.stdin.setRawMode(true);
let given;
let kind = 0;
const ask = () => {
  if (existsSync(process.argv[1])) {
    // What comes twice may come late.
    setTimeout(() => { say('asked ' + asked + ' heard ' + answered() + ' over'); process.exit(0); }, 500);
    return;
  }
  kind = (kind + 1) % 3;
  asked[kind] += 1;
  clearTimeout(given);
  given = setTimeout(() => { say('unanswered: ' + kind); ask(); }, 3000);
  writeSync(1, KINDS[kind][0]);
};
process.stdin.on('data', (bytes) => {
  const before = answered()[kind];
  heard += bytes.toString('latin1');
  if (answered()[kind] > before) { clearTimeout(given); setTimeout(ask, 2); }
});
say('ready');
ask();
`;
/** Of a terminal that listens to reports of a status, too. */
const answers = {
  '\x1b[c': '\x1b[?1;2c',
  '\x1b[6n': '\x1b[5;7R',
  '\x1b]7501;?\x1b\\': '\x1b]7501;?1\x1b\\',
};

/** A task that asks, and its clients. */
class AskedTask implements AsyncDisposable {
  readonly #task = new DetachedTask();
  readonly #clients: TestTerminal[] = [];

  async start(): Promise<void> {
    await this.#task.startReady('--', process.execPath, '-e', ASKER, join(this.#task.path, 'stop'));
  }

  /** A client that is shown what comes. */
  async attach(...flags: readonly string[]): Promise<TestTerminal> {
    const terminal = openOrch(['attach', '--dir', this.#task.path, ...flags], { answers });
    this.#clients.push(terminal);
    await terminal.waitFor('ready');
    return terminal;
  }

  async asksOn(): Promise<void> {
    const before = this.#task.task.log.length;
    await eventually(() => this.#task.task.log.length > before + 50, 'more questions');
  }

  /** What became of all that was asked. */
  async end(): Promise<{ readonly unanswered: number; readonly asked: string; readonly heard: string }> {
    writeFileSync(join(this.#task.path, 'stop'), '');
    await eventually(() => / over/.test(this.#task.task.log.toString()), 'the end of the questions');
    const log = this.#task.task.log.toString();
    const [, asked = '', heard = ''] = /asked (\S+) heard (\S+) over/.exec(log) ?? [];
    return { unanswered: log.split('unanswered').length - 1, asked, heard };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) await client[Symbol.asyncDispose]();
    await this.#task[Symbol.asyncDispose]();
  }
}

describe('what an agent asks is answered exactly once', () => {
  test.each([
    ['no client', 0],
    ['one that only watches', 1],
    ['five, one of which writes', 5],
  ])('by %s', async (_, count) => {
    await using task = new AskedTask();
    await task.start();
    for (let at = 0; at < count; at++) await task.attach(at === 4 ? '--take' : '-r');
    for (let at = 0; at < 20; at++) await task.asksOn();
    const { unanswered, asked, heard } = await task.end();
    expect(unanswered).toBe(0);
    expect(heard).toBe(asked);
  });

  test.each<[string, (client: TestTerminal) => unknown]>([
    [
      'is killed',
      (client) => {
        client.kill('SIGKILL');
      },
    ],
    [
      'has its window closed',
      (client) => {
        client.close();
      },
    ],
    ['leaves by keys', (client) => client.type('\x1cd')],
    ['is taken the place of', () => undefined],
  ])('while the client that writes %s, and the next one comes', async (_, leave) => {
    await using task = new AskedTask();
    await task.start();
    for (let at = 0; at < 4; at++) await task.attach('-r');
    for (let turn = 0; turn < runs(25); turn++) {
      const client = await task.attach('--take');
      await task.asksOn();
      await leave(client);
    }
    const { unanswered, asked, heard } = await task.end();
    expect([unanswered, heard]).toEqual([0, asked]);
  });
});
