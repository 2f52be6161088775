import { errors } from '../../../core/errors.js';
import { resizeOf, sizeOfTexts, type TimingRecord, timingRecord } from '../script-timing.js';
import { textLines } from '../text-lines.js';
import { readTypescript } from '../script-typescript.js';
import type { TimedPiece, TimedRecording } from './timed-recording.js';

/**
 * A typescript of script(1). `header`: its first line, undefined where an old script that was told to be quiet wrote none.
 * Without its timing file everything in it came at once.
 *
 * @throws OrchError TIMING_UNREADABLE; `pieces` too, also at the end of a typescript that is shorter than its timing says
 */
export async function timedTypescript(
  header: string | undefined,
  bytes: AsyncIterable<Uint8Array>,
  timing: AsyncIterable<Uint8Array> | undefined,
): Promise<TimedRecording> {
  let footer = '';
  const script =
    header === undefined
      ? { size: undefined, chunks: bytes }
      : readTypescript(header, bytes, (text) => {
          footer = text;
        });
  const said = header ?? '';
  const about = {
    format: 'typescript',
    size: script.size,
    started: wallTime(/^Script started on (.*?)(?: \[.*)?$/m.exec(said)?.[1]),
    title: undefined,
    command: unquoted(/ \[COMMAND="((?:[^"\\]|\\.)*)"/.exec(said)?.[1]),
  } as const;
  const exitCode = (): string | undefined => /\[COMMAND_EXIT_CODE="(\d{1,3})"/.exec(footer)?.[1];
  if (timing === undefined) return { ...about, pieces: untimed(script.chunks, exitCode) };
  const records = timingRecords(timing);
  const { headers, first } = await readHeaders(records);
  return {
    ...about,
    size: sizeOfTexts(headers.get('COLUMNS'), headers.get('LINES')) ?? about.size,
    started: wallTime(headers.get('START_TIME')) ?? about.started,
    command: about.command ?? headers.get('COMMAND'),
    pieces: timedBy(records, { first, headers, body: new Body(script.chunks), exitCode }),
  };
}

async function* untimed(
  chunks: AsyncIterable<Uint8Array>,
  exitCode: () => string | undefined,
): AsyncGenerator<TimedPiece, void, void> {
  for await (const bytes of chunks) yield { type: 'output', ms: 0, bytes };
  yield* exitOf(exitCode(), 0);
}

function* exitOf(code: string | undefined, ms: number): Generator<TimedPiece, void, void> {
  if (code !== undefined) yield { type: 'exit', ms, code: Number(code), signal: 0 };
}

type Records = AsyncGenerator<TimingRecord, void, void>;

async function* timedBy(
  records: Records,
  { first, headers, body, exitCode }: TimedScript,
): AsyncGenerator<TimedPiece, void, void> {
  // What was typed is in the same file where script(1) was told so.
  const hasInput = headers.get('INPUT_LOG') === headers.get('OUTPUT_LOG');
  let seconds = 0;
  for (let record = first; record !== undefined; record = (await records.next()).value ?? undefined) {
    if (record.type === 'header') {
      headers.set(record.name, record.value);
      continue;
    }
    seconds += record.delay;
    const ms = seconds * 1000;
    if (record.type === 'signal') {
      const size = resizeOf(record);
      if (size !== undefined) yield { type: 'resize', ms, ...size };
    } else if (record.type === 'output' || hasInput) {
      for await (const bytes of body.take(record.bytes)) {
        if (record.type === 'output') yield { type: 'output', ms, bytes };
      }
    }
  }
  const ms = seconds * 1000;
  for await (const bytes of body.rest()) yield { type: 'output', ms, bytes };
  const duration = Number(headers.get('DURATION') ?? 0) * 1000;
  yield* exitOf(exitCode() ?? /^\d{1,3}$/.exec(headers.get('EXIT_CODE') ?? '')?.[0], Math.max(ms, duration || 0));
}

interface TimedScript {
  /** The first record that is no header. */
  readonly first: TimingRecord | undefined;
  readonly headers: Map<string, string>;
  readonly body: Body;
  readonly exitCode: () => string | undefined;
}

/** Up to the first record that is no header; a kind of header is there once. */
async function readHeaders(records: Records): Promise<Pick<TimedScript, 'first' | 'headers'>> {
  const headers = new Map<string, string>();
  for (let next = await records.next(); next.done !== true; next = await records.next()) {
    if (next.value.type !== 'header') return { headers, first: next.value };
    headers.set(next.value.name, next.value.value);
  }
  return { headers, first: undefined };
}

/** A last line that was cut short is passed over; a command may have several lines, and is written as it is. */
async function* timingRecords(bytes: AsyncIterable<Uint8Array>): Records {
  let number = 0;
  let strange: number | undefined;
  let inHeader = false;
  for await (const lines of textLines(bytes)) {
    for (const line of lines) {
      number++;
      if (strange !== undefined) throw errors.timingUnreadable(`line ${strange} is not a record of script(1)`);
      const record = line === undefined ? undefined : timingRecord(line);
      if (record === undefined) {
        if (!inHeader && line !== '') strange = number;
        continue;
      }
      inHeader = record.type === 'header';
      if (record.type !== 'header' || HEADERS.has(record.name)) yield record;
    }
  }
  if (strange === 1) throw errors.timingUnreadable('line 1 is not a record of script(1)');
}

/** Those that matter here. */
const HEADERS: ReadonlySet<string> = new Set([
  ...['START_TIME', 'COLUMNS', 'LINES', 'COMMAND', 'INPUT_LOG', 'OUTPUT_LOG', 'EXIT_CODE', 'DURATION'],
]);

/** The bytes of a typescript, so many at a time. */
class Body {
  readonly #source: AsyncIterator<Uint8Array>;
  #held: Uint8Array = new Uint8Array(0);

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#source = bytes[Symbol.asyncIterator]();
  }

  /** @throws OrchError TIMING_UNREADABLE where there are not so many */
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

/** `2026-01-02 03:04:05+00:00`, or as older versions and other locales have it, as far as that can be read. */
function wallTime(text: string | undefined): number | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text.replace(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d)/, '$1T$2'));
  return Number.isNaN(time) || time < 0 ? undefined : time;
}

function unquoted(text: string | undefined): string | undefined {
  return text?.replace(/\\(.)/g, '$1');
}
