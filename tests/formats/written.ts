import fc from 'fast-check';
import { openTimedRecording } from '../../src/formats/open-timed-recording.js';
import type { TimedChunk, TimedRecording } from '../../src/formats/model/timed-recording.js';
import type { PlacedChunk, WrittenBytes, WrittenRecording } from '../../src/formats/model/written-recording.js';
import { pieces } from '../render/generators.js';

/** What happens in a recording, a number of milliseconds after what was before. */
export type Step = { readonly after: number } & (
  | { readonly type: 'output'; readonly bytes: Uint8Array }
  | { readonly type: 'resize'; readonly cols: number; readonly rows: number }
  | { readonly type: 'iteration' }
  | { readonly type: 'missing'; readonly bytes: number }
);

const after = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 90_000 }));
const cells = fc.integer({ min: 1, max: 500 });

/** Output that is text, and ends in no character. */
export const textBytes: fc.Arbitrary<Uint8Array> = fc
  .oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }),
    fc.constantFrom('\r\n', '\x1b[31m', '日本語', '\n', '\0', '"\\', '\u2028', '\nScript done on 2026-01-02\n'),
  )
  .map((text) => Buffer.from(text));

/** Any output, cut anywhere: in a character too. */
export const anyBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 12 }),
  fc.constantFrom(Buffer.of(0xe6, 0x97), Buffer.of(0xa5), Buffer.of(0xf0, 0x9f), Buffer.from('日')),
);

export const stepsOf = (bytes: fc.Arbitrary<Uint8Array>): fc.Arbitrary<readonly Step[]> =>
  fc.array(
    fc.oneof(
      { weight: 5, arbitrary: fc.record({ type: fc.constant('output' as const), after, bytes }) },
      fc.record({ type: fc.constant('resize' as const), after, cols: cells, rows: cells }),
      fc.record({ type: fc.constant('iteration' as const), after }),
      fc.record({ type: fc.constant('missing' as const), after, bytes: fc.integer({ min: 1, max: 1e9 }) }),
    ),
    { maxLength: 12 },
  );

/** How a recording ends, `after` milliseconds behind its last step; undefined: it is not known. */
export const endings = fc.option(
  fc.record({ after, code: fc.integer({ min: 0, max: 255 }), signal: fc.constantFrom(0, 0, 9, 15) }),
  { nil: undefined },
);

const command = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('make test', 'echo "a \\"b\\""', 'COLUMNS="40" LINES="7" make', 'a] [b', "printf '\\n'\n", '"', '\\'),
);

export const headers = fc.record({
  title: fc.string({ unit: 'binary', maxLength: 20 }),
  command: fc.option(command, { nil: undefined }),
  size: fc.record({ cols: cells, rows: cells }),
  started: fc.option(fc.integer({ min: 0, max: 4e12 }), { nil: undefined }),
});

export type Header = Pick<WrittenRecording, 'title' | 'command' | 'size' | 'started'>;

export function recordingOf(header: Header, chunks: readonly PlacedChunk[]): WrittenRecording {
  return { id: 'task-1767323045-1', ...header, chunks: () => streamOf(chunks) };
}

/** Iterations are counted from 1. */
export function chunksOf(
  steps: readonly Step[],
  ending: { readonly after: number; readonly code: number; readonly signal: number } | undefined,
): readonly PlacedChunk[] {
  let [ms, offset, iteration] = [0, 0, 0];
  const chunks = steps.map(({ after: pause, ...step }): PlacedChunk => {
    const place = { ms: (ms += pause), offset };
    switch (step.type) {
      case 'output':
        offset += step.bytes.length;
        return { ...place, ...step };
      case 'missing':
        offset += step.bytes;
        return { ...place, ...step };
      case 'resize':
        return { ...place, ...step };
      case 'iteration':
        return { ...place, type: 'iteration', iteration: ++iteration };
    }
  });
  if (ending === undefined) return chunks;
  const { code, signal } = ending;
  return [...chunks, { type: 'exit', ms: ms + ending.after, offset, code, signal }];
}

/** The file that a writer makes, and the second one where a format has two. */
export async function written(
  bytes: AsyncIterable<WrittenBytes>,
): Promise<{ readonly file: Buffer; readonly beside: Buffer | undefined }> {
  const [file, beside]: [Uint8Array[], Uint8Array[]] = [[], []];
  for await (const some of bytes) {
    if (some instanceof Uint8Array) file.push(some);
    else beside.push(some.beside);
  }
  return { file: Buffer.concat(file), beside: beside.length === 0 ? undefined : Buffer.concat(beside) };
}

export interface Read extends Omit<TimedRecording, 'chunks'> {
  readonly chunks: readonly TimedChunk[];
  readonly damaged: number;
}

/** Reads a recording that comes in pieces of these lengths. Times are rounded, as an import does. */
export async function readBack(
  { file, beside }: { readonly file: Uint8Array; readonly beside?: Uint8Array | undefined },
  lengths: readonly number[],
): Promise<Read> {
  let damaged = 0;
  const timing = beside === undefined ? undefined : streamOf(pieces(beside, lengths));
  const recording = await openTimedRecording(streamOf(pieces(file, lengths)), { onDamage: () => damaged++, timing });
  const chunks: TimedChunk[] = [];
  for await (const chunk of recording.chunks) chunks.push({ ...chunk, ms: Math.round(chunk.ms) });
  return { ...recording, chunks: joined(chunks), damaged };
}

/** Output that came at once is one chunk, without its place. */
export function joined(chunks: readonly (TimedChunk | PlacedChunk)[]): TimedChunk[] {
  const all: TimedChunk[] = [];
  for (const chunk of chunks) {
    if (chunk.type === 'redraw') throw new Error('only what was recorded can be joined');
    const timed = Object.fromEntries(Object.entries(chunk).filter(([key]) => key !== 'offset')) as TimedChunk;
    const last = all.at(-1);
    if (timed.type !== 'output') all.push(timed);
    else if (last?.type === 'output' && last.ms === timed.ms)
      all[all.length - 1] = { ...last, bytes: Buffer.concat([last.bytes, timed.bytes]) };
    else all.push({ ...timed, bytes: Buffer.from(timed.bytes) });
  }
  return all;
}

/** All output, in stretches between what is missing. */
export function outputOf(chunks: readonly (TimedChunk | PlacedChunk)[]): readonly Buffer[] {
  const stretches: Uint8Array[][] = [[]];
  for (const chunk of chunks) {
    if (chunk.type === 'missing') stretches.push([]);
    else if (chunk.type === 'output') stretches.at(-1)?.push(chunk.bytes);
  }
  return stretches.map((bytes) => Buffer.concat(bytes));
}

// eslint-disable-next-line @typescript-eslint/require-await -- a list, to be read as a file is
export async function* streamOf<T>(items: Iterable<T>): AsyncGenerator<T, void, void> {
  yield* items;
}
