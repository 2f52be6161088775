import { errors } from '../core/errors.js';
import { parseSize, type TerminalSize, terminalSize } from '../core/size.js';
import type { RenderChunk } from './line.js';

/** What the beginning of an asciicast says. */
export interface AsciicastHeader {
  readonly version: number;
  /** Undefined where it is no terminal's: some recorders write 0x0. */
  readonly size: TerminalSize | undefined;
}

/** Reads a line as the header of an asciicast; undefined where it is none. */
export function asciicastHeader(line: string): AsciicastHeader | undefined {
  const json = parseJson(line);
  if (!isRecord(json) || typeof json['version'] !== 'number') return undefined;
  // Version 3 tells the size in `term`, those before it in the header itself.
  const { term } = json;
  const [cols, rows] = isRecord(term) ? [term['cols'], term['rows']] : [json['width'], json['height']];
  if (typeof cols !== 'number' || typeof rows !== 'number') return undefined;
  return { version: json['version'], size: terminalSize(cols, rows) };
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
  for await (const lines of linesOf(bytes)) {
    // An event may be a single byte: what came together is handed on together.
    let output: Uint8Array[] = [];
    for (const line of lines) {
      const event = isHeader ? 'passed' : eventOf(line);
      isHeader = false;
      if (event === 'damaged') onDamage();
      else if (event instanceof Uint8Array) output.push(event);
      else if (event !== 'passed') {
        yield Buffer.concat(output);
        output = [];
        yield event;
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
export async function readVersion1(
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ readonly size: TerminalSize | undefined; readonly chunks: AsyncIterable<RenderChunk> }> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of bytes) {
    length += piece.length;
    if (length > MAX_VERSION_1_BYTES) throw errors.asciicastUnreadable('version 1 is read as a whole, 256 MiB at most');
    pieces.push(piece);
  }
  const text = Buffer.concat(pieces).toString();
  const json = parseJson(text);
  if (!isRecord(json) || !isList(json['stdout'])) throw errors.asciicastUnreadable('it is torn, or no JSON');
  return { size: asciicastHeader(text)?.size, chunks: outputOf(json['stdout']) };
}

// eslint-disable-next-line @typescript-eslint/require-await -- an array, to be read as the other formats are
async function* outputOf(events: readonly unknown[]): AsyncGenerator<RenderChunk, void, void> {
  for (const event of events) if (isList(event) && typeof event[1] === 'string') yield Buffer.from(event[1]);
}

/** `passed` for what has nothing to do with the screen: input, markers, comments, and codes of the future. */
function eventOf(line: string | undefined): RenderChunk | 'passed' | 'damaged' {
  if (line === undefined) return 'damaged';
  if (line.trim() === '' || line.startsWith('#')) return 'passed';
  const json = parseJson(line);
  if (!isList(json)) return 'damaged';
  const [, code, data] = json;
  if (code === 'o') return typeof data === 'string' ? Buffer.from(data) : 'damaged';
  if (code !== 'r') return typeof code === 'string' ? 'passed' : 'damaged';
  const size = typeof data === 'string' ? parseSize(data) : undefined;
  return size === undefined ? 'damaged' : { type: 'resize', ...size };
}

/**
 * The lines of a UTF-8 text, as many at a time as came together; what is not UTF-8 in them is U+FFFD, and undefined
 * stands for one too long to be held.
 */
async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<readonly (string | undefined)[], void, void> {
  let held: Uint8Array[] = [];
  let length = 0;
  const take = (): string | undefined => {
    const line = length > MAX_LINE_BYTES ? undefined : Buffer.concat(held).toString();
    held = [];
    length = 0;
    return line;
  };
  const hold = (piece: Uint8Array): void => {
    length += piece.length;
    if (length <= MAX_LINE_BYTES) held.push(piece);
    else held = [];
  };
  for await (const chunk of bytes) {
    const lines: (string | undefined)[] = [];
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, from)) {
      hold(chunk.subarray(from, end));
      lines.push(take());
      from = end + 1;
    }
    hold(chunk.subarray(from));
    yield lines;
  }
  if (length > 0) yield [take()];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

const LINE_FEED = 0x0a;

/** An event is a read of a terminal, 64 KiB at most, and every byte of it six in JSON; this is far from both. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
const MAX_VERSION_1_BYTES = 256 * 1024 * 1024;
