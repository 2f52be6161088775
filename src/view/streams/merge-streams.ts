import type { LogBatch } from '../lines/log-batch.js';
import type { LogStream } from './log-stream.js';

/** Lines, and whose they are. */
export interface StreamedBatch {
  readonly stream: LogStream;
  readonly batch: LogBatch;
}

/** The lines of one stream. */
export async function* streamed(stream: LogStream): AsyncGenerator<StreamedBatch, void, void> {
  for await (const batch of stream.read()) yield { stream, batch };
}

/** The lines of several, one stream behind the other. */
export async function* grouped(streams: readonly LogStream[]): AsyncGenerator<StreamedBatch, void, void> {
  for (const stream of streams) yield* streamed(stream);
}

/** The lines of several in the order of their times; a line without one goes with the line before it. */
export async function* byTime(streams: readonly LogStream[]): AsyncGenerator<StreamedBatch, void, void> {
  const heads: Head[] = [];
  try {
    for (const stream of streams) heads.push({ stream, source: stream.read(), batch: undefined, at: 0 });
    await Promise.all(heads.map(fill));
    for (;;) {
      const [first, second] = heads.filter(({ batch }) => batch !== undefined).sort((a, b) => timeOf(a) - timeOf(b));
      if (first?.batch === undefined) return;
      const { batch, at } = first;
      const limit = second === undefined ? Infinity : timeOf(second);
      // Of lines of the same time those of the stream named first come first.
      const winsTies = second === undefined || heads.indexOf(first) < heads.indexOf(second);
      let to = at + 1;
      for (; to < batch.lines.length; to++) {
        const ts = batch.lines[to]?.ts ?? -Infinity;
        if (ts > limit || (ts === limit && !winsTies)) break;
      }
      yield { stream: first.stream, batch: { ...batch, lines: batch.lines.slice(at, to) } };
      first.at = to;
      if (to === batch.lines.length) await fill(first);
    }
  } finally {
    await Promise.all(heads.map(({ source }) => source.return()));
  }
}

interface Head {
  readonly stream: LogStream;
  readonly source: AsyncGenerator<LogBatch, void, void>;
  /** Undefined at the end. */
  batch: LogBatch | undefined;
  at: number;
}

/** Gets the next lines of a stream. */
async function fill(head: Head): Promise<void> {
  do {
    const next = await head.source.next();
    head.batch = next.done === true ? undefined : next.value;
    head.at = 0;
  } while (head.batch?.lines.length === 0);
}

function timeOf({ batch, at }: Head): number {
  return batch?.lines[at]?.ts ?? -Infinity;
}
