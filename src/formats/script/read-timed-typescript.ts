import { errors } from '../../core/errors.js';
import type { TimedChunk, TimedRecording } from '../model/timed-recording.js';
import { typescriptBody } from './read-typescript.js';
import { readScriptTime } from './script-time.js';
import { resizeOf, TimingHeaders, type TimingRecord, timingRecords } from './timing-records.js';
import { exitCodeIn, readFirstLine } from './typescript-lines.js';

/**
 * A typescript of script(1). `header`: its first line, undefined where an old script with `-q` wrote none.
 * Without its timing file everything in it came at once.
 *
 * @throws OrchError TIMING_UNREADABLE; `chunks` too, also at the end of a typescript that is shorter than its timing says
 */
export async function readTimedTypescript(
  header: string | undefined,
  bytes: AsyncIterable<Uint8Array>,
  timing: AsyncIterable<Uint8Array> | undefined,
): Promise<TimedRecording> {
  let end = '';
  const body =
    header === undefined
      ? bytes
      : typescriptBody(bytes, (text) => {
          end = text;
        });
  const exitCode = (): string | undefined => exitCodeIn(end);
  const start = { format: 'typescript', title: undefined, ...readFirstLine(header) } as const;
  if (timing === undefined) return { ...start, chunks: untimed(body, exitCode) };
  const records = timingRecords(timing);
  const { headers, first } = await readHeaders(records);
  return {
    ...start,
    size: headers.size ?? start.size,
    started: readScriptTime(headers.get('started')) ?? start.started,
    command: headers.get('command') ?? start.command,
    chunks: timedBy(records, { first, headers, body: new Body(body), exitCode }),
  };
}

async function* untimed(
  body: AsyncIterable<Uint8Array>,
  exitCode: () => string | undefined,
): AsyncGenerator<TimedChunk, void, void> {
  for await (const bytes of body) yield { type: 'output', ms: 0, bytes };
  yield* exitOf(exitCode(), 0);
}

function* exitOf(code: string | undefined, ms: number): Generator<TimedChunk, void, void> {
  if (code !== undefined) yield { type: 'exit', ms, code: Number(code), signal: 0 };
}

type Records = AsyncGenerator<TimingRecord, void, void>;

async function* timedBy(
  records: Records,
  { first, headers, body, exitCode }: TimedScript,
): AsyncGenerator<TimedChunk, void, void> {
  let seconds = 0;
  for (let record = first; record !== undefined; record = (await records.next()).value ?? undefined) {
    if (record.type === 'header') {
      headers.add(record);
      continue;
    }
    seconds += record.delay;
    const ms = seconds * 1000;
    if (record.type === 'signal') {
      const size = resizeOf(record);
      if (size !== undefined) yield { type: 'resize', ms, ...size };
    } else if (record.type === 'output' || headers.hasInputInOutput) {
      for await (const bytes of body.take(record.bytes)) {
        if (record.type === 'output') yield { type: 'output', ms, bytes };
      }
    }
  }
  const ms = seconds * 1000;
  for await (const bytes of body.rest()) yield { type: 'output', ms, bytes };
  const duration = Number(headers.get('duration') ?? 0) * 1000;
  yield* exitOf(exitCode() ?? /^\d{1,3}$/.exec(headers.get('exitCode') ?? '')?.[0], Math.max(ms, duration || 0));
}

interface TimedScript {
  /** The first record that is no header. */
  readonly first: TimingRecord | undefined;
  readonly headers: TimingHeaders;
  readonly body: Body;
  readonly exitCode: () => string | undefined;
}

/** Up to the first record that is no header. */
async function readHeaders(records: Records): Promise<Pick<TimedScript, 'first' | 'headers'>> {
  const headers = new TimingHeaders();
  for (let next = await records.next(); next.done !== true; next = await records.next()) {
    if (next.value.type !== 'header') return { headers, first: next.value };
    headers.add(next.value);
  }
  return { headers, first: undefined };
}

/** The bytes of a typescript, a number of them at a time. */
class Body {
  readonly #source: AsyncIterator<Uint8Array>;
  #held: Uint8Array = new Uint8Array(0);

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#source = bytes[Symbol.asyncIterator]();
  }

  /** @throws OrchError TIMING_UNREADABLE where there are fewer */
  async *take(count: number): AsyncGenerator<Uint8Array, void, void> {
    for (let left = count; left > 0; ) {
      const some = await this.#next(left);
      if (some === undefined) throw errors.timingUnreadable('it has more bytes than the typescript');
      yield some;
      left -= some.length;
    }
  }

  async *rest(): AsyncGenerator<Uint8Array, void, void> {
    for (let some = await this.#next(Infinity); some !== undefined; some = await this.#next(Infinity)) yield some;
  }

  async #next(most: number): Promise<Uint8Array | undefined> {
    while (this.#held.length === 0) {
      const next = await this.#source.next();
      if (next.done === true) return undefined;
      this.#held = next.value;
    }
    const some = this.#held.subarray(0, most);
    this.#held = this.#held.subarray(some.length);
    return some;
  }
}
