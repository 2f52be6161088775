import { setMaxListeners } from 'node:events';
import { MergedIterables } from '../../core/async/merge-iterables.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
import type { LogStream } from './log-stream.js';
import { type StreamedBatch, streamed } from './merge-streams.js';

export interface FollowOptions {
  readonly streams: readonly LogStream[];
  /** Tasks that start later, which are followed too. */
  readonly arrivals: ((signal: AbortSignal) => AsyncIterable<TaskFolder>) | undefined;
  readonly open: (task: TaskFolder) => LogStream;
  /** Whether it ends when the last task that is known has ended; else when there are no arrivals either. */
  readonly ends: boolean;
  /** Ends all reading, and is used to. */
  readonly stop: AbortController;
}

/** A task whose lines have all been given. */
export interface StreamEnd {
  readonly ended: LogStream;
}

/** The lines of any number of tasks as they come, and of tasks that start meanwhile; what one task does ends no other. */
export async function* followStreams(options: FollowOptions): AsyncGenerator<StreamedBatch | StreamEnd, void, void> {
  const { streams, arrivals, open, ends, stop } = options;
  const all = new MergedIterables<
    StreamedBatch | StreamEnd | { readonly arrived: TaskFolder } | { readonly noMore: true }
  >();
  let active = 0;
  const follow = (stream: LogStream): void => {
    active++;
    all.add(untilEnd(stream));
  };
  const finish = (): void => {
    stop.abort();
    all.close();
  };
  // Every task has listeners of its own, and there may be hundreds.
  setMaxListeners(0, stop.signal);
  stop.signal.addEventListener('abort', () => {
    all.close();
  });
  for (const stream of streams) follow(stream);
  if (arrivals !== undefined) all.add(arriving(arrivals(stop.signal)));
  if (ends && active === 0) finish();
  for await (const item of all) {
    if ('noMore' in item) all.close();
    else if ('arrived' in item) {
      // One that began while the running ones were looked for is among those already.
      if (!streams.some(({ id }) => id === item.arrived.id)) follow(open(item.arrived));
    } else {
      yield item;
      if ('ended' in item && --active === 0 && ends) finish();
    }
  }
}

async function* untilEnd(stream: LogStream): AsyncGenerator<StreamedBatch | StreamEnd, void, void> {
  yield* streamed(stream);
  yield { ended: stream };
}

async function* arriving(
  tasks: AsyncIterable<TaskFolder>,
): AsyncGenerator<{ readonly arrived: TaskFolder } | { readonly noMore: true }, void, void> {
  for await (const arrived of tasks) yield { arrived };
  yield { noMore: true };
}
