import { describe, expect, test } from 'vitest';
import type { TaskFolder } from '../../../src/store/layout/task-folder.js';
import type { LogBatch } from '../../../src/view/lines/log-batch.js';
import { followStreams, type FollowOptions } from '../../../src/view/streams/follow-streams.js';
import { memoryStream } from './memory-stream.js';

/** Things that come when a test says so, until it says that no more will, or reading is ended. */
class Source<T> implements AsyncIterable<T> {
  readonly #items: T[] = [];
  #isOver = false;
  #wake = (): void => undefined;

  give(item: T): void {
    this.#items.push(item);
    this.#wake();
  }

  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  until(signal: AbortSignal): this {
    signal.addEventListener('abort', () => {
      this.end();
    });
    if (signal.aborted) this.end();
    return this;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) yield item;
      else if (this.#isOver) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

const said = (text: string): LogBatch => ({
  source: 'backend',
  lines: [{ text, offset: 0, endOffset: 0, final: true }],
});
const folder = (id: string): TaskFolder => ({ id, path: `/nowhere/${id}` });

/** Follows, one step at a time, as texts: `one: hello`, `one ended`. */
function following(options: Partial<FollowOptions>, stop = new AbortController()) {
  const items = followStreams({
    streams: [],
    arrivals: undefined,
    open: ({ id }) => memoryStream(id, [said('hello')]).stream,
    ends: true,
    stop,
    ...options,
  });
  const next = async (): Promise<string> => {
    const { value, done } = await items.next();
    if (done === true) return 'the end';
    return 'ended' in value ? `${value.ended.id} ended` : `${value.stream.id}: ${value.batch.lines[0]?.text ?? ''}`;
  };
  return { stop, next };
}

describe('following tasks', () => {
  test('lines come as they come, whichever task has some, and it ends with the last task', async () => {
    const [one, two] = [new Source<LogBatch>(), new Source<LogBatch>()];
    const { stop, next } = following({ streams: [memoryStream('one', one).stream, memoryStream('two', two).stream] });
    two.give(said('first'));
    expect(await next()).toBe('two: first');
    one.give(said('second'));
    expect(await next()).toBe('one: second');
    one.end();
    expect(await next()).toBe('one ended');
    two.give(said('third'));
    expect(await next()).toBe('two: third');
    two.end();
    expect([await next(), await next()]).toEqual(['two ended', 'the end']);
    expect(stop.signal.aborted).toBe(true);
  });

  test('a task that starts meanwhile is followed, too; one that is followed already is not followed twice', async () => {
    const [one, arrivals] = [new Source<LogBatch>(), new Source<TaskFolder>()];
    const { next } = following({
      streams: [memoryStream('one', one).stream],
      arrivals: (signal) => arrivals.until(signal),
    });
    arrivals.give(folder('one'));
    arrivals.give(folder('late'));
    expect([await next(), await next()]).toEqual(['late: hello', 'late ended']);
    one.end();
    expect([await next(), await next()]).toEqual(['one ended', 'the end']);
  });

  test('that does not end with the tasks waits for more, until there can be no more', async () => {
    const arrivals = new Source<TaskFolder>();
    const { stop, next } = following({ arrivals: (signal) => arrivals.until(signal), ends: false });
    arrivals.give(folder('one'));
    expect([await next(), await next()]).toEqual(['one: hello', 'one ended']);
    expect(stop.signal.aborted).toBe(false);
    arrivals.give(folder('two'));
    expect([await next(), await next()]).toEqual(['two: hello', 'two ended']);
    arrivals.end();
    expect(await next()).toBe('the end');
  });

  test('nothing, where it is to end with the tasks, ends at once', async () => {
    const { stop, next } = following({ arrivals: (signal) => new Source<TaskFolder>().until(signal) });
    expect([await next(), stop.signal.aborted]).toEqual(['the end', true]);
  });

  test('is ended from outside while it waits', async () => {
    const stop = new AbortController();
    const one = memoryStream('one', new Source<LogBatch>().until(stop.signal));
    const { next } = following({ streams: [one.stream] }, stop);
    const waiting = next();
    stop.abort();
    expect([await waiting, await next(), one.isOpen()]).toEqual(['one ended', 'the end', false]);
  });

  test('a task that cannot be read ends it with the reason', async () => {
    const { next } = following({ streams: [memoryStream('one', [said('x')], new Error('unreadable')).stream] });
    expect(await next()).toBe('one: x');
    await expect(next()).rejects.toThrow('unreadable');
  });
});
