import { expect, test } from 'vitest';
import type { RenderChunk } from '../../src/render/model/line.js';
import { LiveTranscript } from '../../src/render/transcript/live-transcript.js';
import { liveTranscriptLines } from '../../src/view/lines/transcript-lines.js';
import { ManualClock } from '../fixtures/manual-clock.js';

const SIZE = { cols: 80, rows: 24 };

/** Output that is printed when the test says so. */
class Program implements AsyncIterable<RenderChunk> {
  readonly #printed: RenderChunk[] = [];
  #ended = false;
  #wake: () => void = () => undefined;

  print(text: string): void {
    this.#printed.push(Buffer.from(text));
    this.#wake();
  }

  resize(size: { readonly cols: number; readonly rows: number }): void {
    this.#printed.push({ type: 'resize', ...size });
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RenderChunk, void, void> {
    for (;;) {
      const chunk = this.#printed.shift();
      if (chunk !== undefined) yield chunk;
      else if (this.#ended) return;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }
}

/** Lets everything that is ready happen. */
const settle = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** Lets time pass as it does, a little at a time, and all that happens in it happen. */
async function pass(clock: ManualClock, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 10) {
    clock.advance(10);
    await settle();
  }
}

function follow(program: Program, clock: ManualClock): { readonly shown: string[]; readonly done: Promise<void> } {
  const shown: string[] = [];
  const done = (async () => {
    for await (const lines of liveTranscriptLines(program, clock, new LiveTranscript(SIZE))) {
      shown.push(...lines.map(({ text }) => text));
    }
  })();
  return { shown, done };
}

test('a line is shown within half a second of being printed, and not again at the end', async () => {
  const clock = new ManualClock();
  const program = new Program();
  const { shown, done } = follow(program, clock);
  program.print('one\r\ntwo');
  await settle();
  expect(shown).toEqual([]);
  await pass(clock, 500);
  expect(shown).toEqual(['one']);
  program.print(' words\r\n');
  await pass(clock, 500);
  expect(shown).toEqual(['one', 'two words']);
  program.end();
  await done;
  expect(shown).toEqual(['one', 'two words']);
  expect(clock.waiting).toBe(0);
});

test('each of many lines is shown in its time, however many come before it', async () => {
  const clock = new ManualClock();
  const program = new Program();
  const { shown, done } = follow(program, clock);
  for (let line = 0; line < 20; line++) {
    program.print(`line ${line}\r\n`);
    await pass(clock, 100);
    expect(shown.length).toBeGreaterThanOrEqual(line - 4);
  }
  program.end();
  await done;
  expect(shown).toEqual(Array.from({ length: 20 }, (_, line) => `line ${line}`));
});

test('whoever stops listening leaves no timer, though nothing more is printed', async () => {
  const clock = new ManualClock();
  const program = new Program();
  program.print('one\r\n');
  for await (const lines of liveTranscriptLines(program, clock, new LiveTranscript(SIZE))) {
    expect(lines).toEqual([]);
    break;
  }
  await settle();
  expect(clock.waiting).toBe(0);
});

test('after a change of width, which moves lines to other rows, each line is still shown once and in time', async () => {
  const clock = new ManualClock();
  const program = new Program();
  const { shown, done } = follow(program, clock);
  program.print(`${'a'.repeat(SIZE.cols + 10)}\r\none\r\n`);
  await pass(clock, 500);
  program.resize({ cols: SIZE.cols * 2, rows: SIZE.rows });
  program.print('two\r\n');
  await pass(clock, 500);
  expect(shown).toEqual(['a'.repeat(SIZE.cols + 10), 'one', 'two']);
  program.resize(SIZE);
  program.print('three\r\n');
  await pass(clock, 500);
  expect(shown.slice(3)).toEqual(['three']);
  program.end();
  await done;
  expect(shown).toHaveLength(4);
});
