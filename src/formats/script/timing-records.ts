import { errors } from '../../core/errors.js';
import { LF } from '../../core/terminal/codes.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import { textLines } from '../model/text-lines.js';
import { sizeOfTexts } from './typescript-lines.js';

/**
 * A line of a timing file of util-linux: in the classic format, `delay bytes`, or the advanced one, whose lines begin with the
 * stream they are of (script(1), "--log-timing"). `delay`: seconds after the record before, which headers have none of.
 */
export type TimingRecord = { readonly delay: number } & (
  | { readonly type: 'output'; readonly bytes: number }
  | { readonly type: 'input'; readonly bytes: number }
  | { readonly type: 'header'; readonly name: string; readonly value: string }
  | { readonly type: 'signal'; readonly name: string; readonly value: string }
);

/** A record as a line of the advanced format; names and values are of one line. */
export function timingLine(record: TimingRecord): string {
  const start = `${LETTERS[record.type]} ${record.delay.toFixed(6)}`;
  return record.type === 'output' || record.type === 'input'
    ? `${start} ${record.bytes}\n`
    : `${start} ${record.name} ${record.value}\n`;
}

/** Reads a line as a record; undefined where it is none. */
export function timingRecord(line: string): TimingRecord | undefined {
  const data = /^(?:([IO]) )?(\d{1,12}[.,]\d{1,12}) (\d{1,15})$/.exec(line);
  if (data !== null)
    return { type: data[1] === LETTERS.input ? 'input' : 'output', delay: secondsOf(data[2]), bytes: Number(data[3]) };
  const [, letter, delay, name = '', value = ''] = /^([HS]) (\d{1,12}[.,]\d{1,12}) (\S+) ?(.*)$/.exec(line) ?? [];
  if (letter === undefined) return undefined;
  return { type: letter === LETTERS.header ? 'header' : 'signal', delay: secondsOf(delay), name, value };
}

/**
 * The records of a timing file. A last line that was cut short is passed over; a command may have several lines, and is
 * written as it is.
 *
 * @throws OrchError TIMING_UNREADABLE; what `bytes` throws
 */
export async function* timingRecords(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<TimingRecord, void, void> {
  let last = LF;
  const watched = async function* (): AsyncGenerator<Uint8Array, void, void> {
    for await (const chunk of bytes) {
      last = chunk.at(-1) ?? last;
      yield chunk;
    }
  };
  let number = 0;
  let strange: number | undefined;
  let inHeader = false;
  for await (const lines of textLines(watched())) {
    for (const line of lines) {
      number++;
      if (strange !== undefined) throw noRecord(strange);
      const record = line === undefined ? undefined : timingRecord(line);
      if (record !== undefined) {
        inHeader = record.type === 'header';
        yield record;
      } else if (!inHeader && line !== '') strange = number;
    }
  }
  if (strange !== undefined && (strange === 1 || last === LF)) throw noRecord(strange);
}

function noRecord(line: number): Error {
  return errors.timingUnreadable(`line ${line} is not a record of script(1)`);
}

/** The terminal became this large. */
export function resizeRecord(delay: number, { cols, rows }: TerminalSize): TimingRecord {
  return { type: 'signal', delay, name: WINDOW_CHANGE, value: `ROWS=${rows} COLS=${cols}` };
}

/** The size that a signal says. */
export function resizeOf({ name, value }: { readonly name: string; readonly value: string }): TerminalSize | undefined {
  if (name !== WINDOW_CHANGE) return undefined;
  return sizeOfTexts(/\bCOLS=(\d+)/.exec(value)?.[1], /\bROWS=(\d+)/.exec(value)?.[1]);
}

/** The names of the headers that orch writes and reads, at the beginning and at the end. */
export const TimingHeader = {
  started: 'START_TIME',
  cols: 'COLUMNS',
  rows: 'LINES',
  command: 'COMMAND',
  input: 'INPUT_LOG',
  output: 'OUTPUT_LOG',
  duration: 'DURATION',
  exitCode: 'EXIT_CODE',
} as const;

/** Reads headers as they come; of each the last counts. */
export class TimingHeaders {
  readonly #values = new Map<string, string>();

  add({ name, value }: { readonly name: string; readonly value: string }): void {
    if (KNOWN.has(name)) this.#values.set(name, value);
  }

  get(name: keyof typeof TimingHeader): string | undefined {
    return this.#values.get(TimingHeader[name]);
  }

  /** Of the terminal at the start. */
  get size(): TerminalSize | undefined {
    return sizeOfTexts(this.get('cols'), this.get('rows'));
  }

  /** What was typed is in the same file as what was printed: script(1) ran with `--log-io`. */
  get hasInputInOutput(): boolean {
    return this.get('input') === this.get('output');
  }
}

const KNOWN: ReadonlySet<string> = new Set(Object.values(TimingHeader));
const LETTERS = { output: 'O', input: 'I', header: 'H', signal: 'S' } as const;
const WINDOW_CHANGE = 'SIGWINCH';

/** Some locales have a comma for the point. */
function secondsOf(text = '0'): number {
  return Number(text.replace(',', '.'));
}
