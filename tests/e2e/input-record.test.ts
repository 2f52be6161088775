import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DetachedTask } from '../fixtures/detached-task.js';
import { eventually } from '../fixtures/eventually.js';
import { openOrch } from '../fixtures/terminal.js';

class World extends DetachedTask {
  /** Runs a shell script, once it says that it is ready. */
  start(script: string, ...flags: readonly string[]): Promise<void> {
    return this.startReady('--size', '80x24', ...flags, '--', 'sh', '-c', script);
  }

  /** The events about input, and sizes, without what all events have. */
  get input(): readonly Readonly<Record<string, unknown>>[] {
    const types = new Set(['writer', 'send', 'typed', 'resize']);
    const events = this.task.events.filter(({ type }) => types.has(type));
    return events.map((event) => Object.fromEntries(Object.entries(event).filter(([key]) => !OF_ALL.has(key))));
  }

  /** All that is noted beside the bytes. */
  get notes(): string {
    return ['events.jsonl', 'task.log', 'task.json']
      .map((file) => readFileSync(join(this.task.folder, file), 'utf8'))
      .join('');
  }
}

const OF_ALL: ReadonlySet<string> = new Set(['v', 'ts', 'task']);
const NOTED = (word: string): string => `until grep -q '"${word}"' "$ORCH_TASK_DIR/events.jsonl"; do sleep 0.02; done`;
/** Ctrl-\, d. */
const LEAVE = '\x1cd';
const CLIENT = expect.stringMatching(/^process \d+$/) as unknown;

describe('the record of a task has', () => {
  test('who wrote, in which size, and how much was typed', async () => {
    await using world = new World();
    await world.start(`printf ready; ${NOTED('typed')}; printf noted; ${NOTED('left')}; read -r line`);
    await using one = openOrch(['attach', '--dir', world.path], { cols: 100, rows: 30 });
    await one.waitFor('ready');
    await one.type('Ada');
    await one.waitFor('noted');
    one.resize(90, 20);
    await eventually(() => world.input.some(({ cause }) => cause === 'terminal'), 'another size');
    await using other = openOrch(['attach', '--take', '--dir', world.path], { cols: 70, rows: 20 });
    await eventually(() => world.input.some(({ change }) => change === 'taken'), 'another writer');
    await other.type(LEAVE);
    await other.end();
    await eventually(() => world.input.some(({ change }) => change === 'left'), 'no writer');
    const [began, taken] = [
      world.input[0]?.['client'],
      world.input.find(({ change }) => change === 'taken')?.['client'],
    ];
    expect([began, taken]).toEqual([CLIENT, CLIENT]);
    const offset = expect.any(Number) as unknown;
    expect(world.input).toEqual([
      { type: 'writer', change: 'began', client: began, offset: 5, cols: 100, rows: 30 },
      { type: 'resize', cause: 'began', client: began, offset: 5, cols: 100, rows: 30 },
      { type: 'typed', client: began, offset: 5, bytes: 3 },
      { type: 'resize', cause: 'terminal', client: began, offset, cols: 90, rows: 20 },
      { type: 'writer', change: 'taken', client: taken, from: began, offset, cols: 70, rows: 20 },
      { type: 'resize', cause: 'taken', client: taken, offset, cols: 70, rows: 20 },
      { type: 'writer', change: 'left', client: taken, offset, cols: 80, rows: 24 },
      { type: 'resize', cause: 'left', client: taken, offset, cols: 80, rows: 24 },
    ]);
    const shown = await world.orch(['show']);
    expect(shown.stdout.toString()).toMatch(/^Input +0 messages, 3 bytes typed; by process \d+, process \d+$/m);
    const { input } = JSON.parse((await world.orch(['show', '--json'])).stdout.toString()) as { input: unknown };
    expect(input).toEqual({ messages: 0, typedBytes: 3, clients: [began, taken] });
    const { stdout } = await world.orch(['logs', 'latest', '-s', 'orch']);
    expect(stdout.toString()).toContain(`the terminal became 70x20: ${String(taken)} writes`);
    expect((await world.orch(['verify'])).code).toBe(0);
  });

  test('what was sent, whole, masked as the recording is', async () => {
    await using world = new World();
    const long = 'x'.repeat(700);
    await world.start(
      'stty raw -echo; printf ready; exec cat >/dev/null',
      '--redact',
      '--redact-pattern',
      'corp-[0-9]{6}',
    );
    const sent = [
      await world.orch(['send', 'latest', `é the key is corp-123456, ${long}`]),
      await world.orch(['send', 'latest', '--keys', 'c,o,r,p,-,1,2,3,4,5,6,enter']),
      await world.orch(['send', 'latest', '--no-enter', 'the end']),
    ];
    expect(sent.map(({ code, stderr }) => [code, stderr])).toEqual(sent.map(() => [0, '']));
    const from = { type: 'send', client: CLIENT, answer: false, offset: 5 };
    expect(world.input).toEqual([
      { ...from, bytes: 727, text: `é the key is ${'*'.repeat(11)}, ${long}`, keys: ['enter'] },
      { ...from, bytes: 0, text: '', keys: [...Array.from({ length: 11 }, () => '*'), 'enter'] },
      { ...from, bytes: 7, text: 'the end', keys: [] },
    ]);
    expect(world.notes).not.toMatch(/corp-1|1 2 3|"1","2"/);
    const shown = (await world.orch(['show'])).stdout.toString();
    expect(shown).toMatch(/^Input +3 messages, 0 bytes typed; by process \d+/m);
  });

  test('nothing of what is typed, pasted or sent at a prompt that shows nothing', async () => {
    await using world = new World();
    await world.start(
      'stty -echo; printf "ready Password: "; read -r one; printf next; read -r two; printf "${#one} ${#two} $two"',
    );
    await using terminal = openOrch(['attach', '--dir', world.path]);
    await terminal.waitFor('Password:');
    await terminal.type('s3cret-word\r');
    await terminal.waitFor('next');
    expect(await world.orch(['send', 'latest', '--no-enter', 'an0ther'])).toMatchObject({ code: 0 });
    expect(await world.orch(['send', 'latest', '--keys', '4,2,enter'])).toMatchObject({ code: 0 });
    expect(await terminal.end()).toEqual({ code: 0 });
    expect(world.task.log.toString()).toContain('11 9 an0ther42');
    const { input } = world;
    expect(input.filter(({ type }) => type === 'typed')).toEqual([]);
    const sent = { type: 'send', client: CLIENT, answer: false, offset: expect.any(Number) as unknown };
    expect(input.filter(({ type }) => type === 'send')).toEqual([sent, sent]);
    expect(world.notes).not.toMatch(/s3cret|an0ther|\b4 2\b|"4","2"|7 bytes|11 bytes/);
    expect(world.task.taskLog).toContain('has sent what the terminal does not show');
  });
});
