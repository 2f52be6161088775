import { errors } from '../../core/errors.js';
import { type TerminalSize, terminalSize } from '../../core/terminal/size.js';

/** What the timing file of script(1) says of its typescript, but for the times. */
export interface ScriptTiming {
  /** Of the terminal at the start; undefined where there was none, or the classic format does not tell. */
  readonly size: TerminalSize | undefined;
  readonly parts: readonly TypescriptPart[];
}

/** What the typescript is made of, in order; parts of a kind that follow each other are one. */
type TypescriptPart =
  | { readonly type: 'output'; readonly bytes: number }
  /** What was typed, where `--log-io` put both into one file. */
  | { readonly type: 'input'; readonly bytes: number }
  | TimedResize;

type TimedResize = { readonly type: 'resize' } & TerminalSize;

/**
 * Reads a timing file of util-linux: the classic format, `delay bytes` a line, or the advanced one, whose lines begin
 * with the stream they are of (script(1), "--log-timing"). A last line that was cut short is passed over.
 *
 * @throws OrchError TIMING_UNREADABLE; what `bytes` throws
 */
export async function readScriptTiming(bytes: AsyncIterable<Uint8Array>): Promise<ScriptTiming> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of bytes) {
    length += piece.length;
    if (length > MAX_BYTES) throw errors.timingUnreadable('it is longer than 256 MiB');
    pieces.push(piece);
  }
  const lines = Buffer.concat(pieces).toString().split('\n');
  const last = lines.pop() ?? '';
  const isCut = lines.length > 0 && timingRecord(last) === undefined;
  return readRecords(isCut ? lines : [...lines, last]);
}

/**
 * The output of a typescript, the resizes at their bytes, without what was typed.
 *
 * @throws OrchError TIMING_UNREADABLE at the end of a typescript that is shorter than its timing says
 */
export async function* timedChunks(
  bytes: AsyncIterable<Uint8Array>,
  { parts }: ScriptTiming,
): AsyncGenerator<Uint8Array | TimedResize, void, void> {
  let next = 0;
  /** Bytes of the part `next` that have come. */
  let come = 0;
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; ) {
      const part = parts[next];
      if (part?.type === 'resize') yield part;
      else {
        const to = Math.min(chunk.length, part === undefined ? chunk.length : at + part.bytes - come);
        if (part?.type !== 'input') yield chunk.subarray(at, to);
        come += to - at;
        at = to;
        if (part === undefined || come < part.bytes) continue;
      }
      next++;
      come = 0;
    }
  }
  for (let part = parts[next]; part !== undefined; part = parts[++next]) {
    if (part.type !== 'resize') throw errors.timingUnreadable('it has more bytes than the typescript');
    yield part;
  }
}

/** A line of a timing file; `delay`: seconds after the record before, which headers have none of. */
export type TimingRecord = { readonly delay: number } & (
  | { readonly type: 'output'; readonly bytes: number }
  | { readonly type: 'input'; readonly bytes: number }
  | { readonly type: 'header'; readonly name: string; readonly value: string }
  | { readonly type: 'signal'; readonly name: string; readonly value: string }
);

function readRecords(lines: readonly string[]): ScriptTiming {
  const headers = new Map<string, string>();
  const parts: TypescriptPart[] = [];
  let inHeader = false;
  for (const [index, line] of lines.entries()) {
    const record = timingRecord(line);
    if (record === undefined) {
      // A command may have several lines, and is written as it is.
      if (inHeader || line === '') continue;
      throw errors.timingUnreadable(`line ${index + 1} is not a record of script(1)`);
    }
    inHeader = record.type === 'header';
    if (record.type === 'header') headers.set(record.name, record.value);
    else if (record.type === 'output') add(parts, 'output', record.bytes);
    else if (record.type === 'input') {
      if (headers.get('INPUT_LOG') === headers.get('OUTPUT_LOG')) add(parts, 'input', record.bytes);
    } else {
      const size = resizeOf(record);
      if (size !== undefined) parts.push({ type: 'resize', ...size });
    }
  }
  return { size: sizeOfTexts(headers.get('COLUMNS'), headers.get('LINES')), parts };
}

/** Reads a line as a record; undefined where it is none. */
export function timingRecord(line: string): TimingRecord | undefined {
  const data = /^(?:([IO]) )?(\d{1,12}[.,]\d{1,12}) (\d{1,15})$/.exec(line);
  if (data !== null)
    return { type: data[1] === 'I' ? 'input' : 'output', delay: secondsOf(data[2]), bytes: Number(data[3]) };
  const [, stream, delay, name = '', value = ''] = /^([HS]) (\d{1,12}[.,]\d{1,12}) (\S+) ?(.*)$/.exec(line) ?? [];
  if (stream === undefined) return undefined;
  return { type: stream === 'H' ? 'header' : 'signal', delay: secondsOf(delay), name, value };
}

/** Some locales have a comma for the point. */
function secondsOf(text = '0'): number {
  return Number(text.replace(',', '.'));
}

/** The size that a SIGWINCH says. */
export function resizeOf({ name, value }: { readonly name: string; readonly value: string }): TerminalSize | undefined {
  if (name !== 'SIGWINCH') return undefined;
  return sizeOfTexts(/\bCOLS=(\d+)/.exec(value)?.[1], /\bROWS=(\d+)/.exec(value)?.[1]);
}

function add(parts: TypescriptPart[], type: 'output' | 'input', bytes: number): void {
  if (bytes === 0) return;
  const last = parts.at(-1);
  if (last?.type === type) parts[parts.length - 1] = { type, bytes: last.bytes + bytes };
  else parts.push({ type, bytes });
}

/** script writes -1 for what it does not know. */
export function sizeOfTexts(cols: string | undefined, rows: string | undefined): TerminalSize | undefined {
  return terminalSize(Number(cols), Number(rows));
}

/** A line is some 15 bytes and stands for a read: gigabytes of recording. */
const MAX_BYTES = 256 * 1024 * 1024;
