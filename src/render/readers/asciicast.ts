import { errors } from '../../core/errors.js';
import { isRecord } from '../../core/guards.js';
import { parseSize, type TerminalSize, terminalSize } from '../../core/terminal/size.js';
import type { RenderChunk } from '../model/line.js';
import { textLines } from './text-lines.js';

/** What the beginning of an asciicast says. */
export interface AsciicastHeader {
  readonly version: number;
  /** Undefined where it is no terminal's: some recorders write 0x0. */
  readonly size: TerminalSize | undefined;
  /** Seconds since the epoch. */
  readonly timestamp: number | undefined;
  readonly title: string | undefined;
  readonly command: string | undefined;
}

/** Reads a line as the header of an asciicast; undefined where it is none. */
export function asciicastHeader(line: string): AsciicastHeader | undefined {
  const json = parseJson(line);
  if (!isRecord(json) || !isVersioned(json)) return undefined;
  // Version 3 tells the size in `term`, those before it in the header itself.
  const { term } = json;
  const [cols, rows] = isRecord(term) ? [term['cols'], term['rows']] : [json['width'], json['height']];
  if (typeof cols !== 'number' || typeof rows !== 'number') return undefined;
  const { version, timestamp, title, command } = json;
  return {
    version,
    size: terminalSize(cols, rows),
    timestamp: typeof timestamp === 'number' && timestamp >= 0 && timestamp <= MAX_TIMESTAMP ? timestamp : undefined,
    title: typeof title === 'string' ? title : undefined,
    command: typeof command === 'string' ? command : undefined,
  };
}

/**
 * What versions 2 and 3 hold behind their header: a line an event, `[time, code, data]`
 * (https://docs.asciinema.org/manual/asciicast/v3/). Only output and resizes are for the screen. `onDamage` is told of
 * each line that is not an event; it is left out.
 */
export async function* asciicastChunks(
  bytes: AsyncIterable<Uint8Array>,
  onDamage: () => void,
): AsyncGenerator<RenderChunk, void, void> {
  let isHeader = true;
  for await (const lines of textLines(bytes)) {
    // An event may be a single byte: what came together is handed on together.
    let output: Uint8Array[] = [];
    for (const line of lines) {
      const event = isHeader ? 'passed' : asciicastEvent(line);
      isHeader = false;
      if (event === 'damaged') onDamage();
      else if (event === 'passed') continue;
      else if (event.type === 'output') output.push(event.bytes);
      else if (event.type === 'resize') {
        yield Buffer.concat(output);
        output = [];
        yield { type: 'resize', cols: event.cols, rows: event.rows };
      }
    }
    if (output.length > 0) yield Buffer.concat(output);
  }
}

/**
 * Reads version 1: one JSON object, its output in `stdout` as `[delay, data]`.
 *
 * @throws OrchError ASCIICAST_UNREADABLE
 */
export async function readVersion1(bytes: AsyncIterable<Uint8Array>): Promise<Version1> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of bytes) {
    length += piece.length;
    if (length > MAX_VERSION_1_BYTES) throw errors.asciicastUnreadable('version 1 is read as a whole, 256 MiB at most');
    pieces.push(piece);
  }
  const text = Buffer.concat(pieces).toString();
  const json = parseJson(text);
  if (!isRecord(json) || !isList(json['stdout'])) throw errors.asciicastUnreadable('it is torn, or not JSON');
  const output = json['stdout'].flatMap((event) => {
    if (!isList(event) || typeof event[1] !== 'string') return [];
    return [{ delay: typeof event[0] === 'number' && event[0] >= 0 ? event[0] : 0, bytes: Buffer.from(event[1]) }];
  });
  return { header: asciicastHeader(text), output };
}

interface Version1 {
  readonly header: AsciicastHeader | undefined;
  /** Each so many seconds after the one before. */
  readonly output: readonly { readonly delay: number; readonly bytes: Uint8Array }[];
}

/** What a line of an asciicast says; its time as it stands there, in seconds. */
export type AsciicastEvent =
  | { readonly type: 'output'; readonly time: number; readonly bytes: Uint8Array }
  | ({ readonly type: 'resize'; readonly time: number } & TerminalSize)
  | { readonly type: 'marker'; readonly time: number; readonly label: string }
  | { readonly type: 'exit'; readonly time: number; readonly code: number }
  /** Input, and codes of the future: their times count, too. */
  | { readonly type: 'other'; readonly time: number };

/** `passed` for a comment or nothing. `line`: undefined for one too long to be held. */
export function asciicastEvent(line: string | undefined): AsciicastEvent | 'passed' | 'damaged' {
  if (line === undefined) return 'damaged';
  if (line.trim() === '' || line.startsWith('#')) return 'passed';
  const json = parseJson(line);
  if (!isList(json)) return 'damaged';
  const [seconds, code, data] = json;
  const time = typeof seconds === 'number' && seconds >= 0 ? seconds : 0;
  if (typeof code !== 'string') return 'damaged';
  if (code !== 'o' && code !== 'r' && code !== 'm' && code !== 'x') return { type: 'other', time };
  if (typeof data !== 'string') return code === 'm' || code === 'x' ? { type: 'other', time } : 'damaged';
  if (code === 'o') return { type: 'output', time, bytes: Buffer.from(data) };
  if (code === 'm') return { type: 'marker', time, label: data };
  if (code === 'x')
    return /^\d{1,3}$/.test(data) ? { type: 'exit', time, code: Number(data) } : { type: 'other', time };
  const size = parseSize(data);
  return size === undefined ? 'damaged' : { type: 'resize', time, ...size };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isVersioned(
  json: Readonly<Record<string, unknown>>,
): json is Readonly<Record<string, unknown> & { version: number }> {
  return typeof json['version'] === 'number';
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** The last second of the year 9999: what is later is no time. */
const MAX_TIMESTAMP = 253_402_300_799;
const MAX_VERSION_1_BYTES = 256 * 1024 * 1024;
