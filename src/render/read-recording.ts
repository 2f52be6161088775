import type { TerminalSize } from '../core/size.js';
import { terminalSize } from '../core/size.js';
import type { RenderChunk } from './line.js';

/** What a file of recorded output is, and what it holds: output and resizes in order, and the size it began with. */
export interface Recording {
  readonly format: 'raw' | 'typescript' | 'asciicast';
  /** Undefined where the format tells none. */
  readonly size: TerminalSize | undefined;
  readonly chunks: readonly RenderChunk[];
}

/**
 * Reads a raw log, a typescript of script(1) or an asciicast (v1, v2, v3), told apart by how they begin. A line of an
 * asciicast that is torn or not understood is left out, as its player does.
 */
export function readRecording(bytes: Uint8Array): Recording {
  const head = Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString('utf8');
  if (/^Script started on .*\n/.test(head)) return readTypescript(bytes);
  if (/^\s*\{/.test(head) && /"version"\s*:\s*[123]\b/.test(head)) return readAsciicast(bytes);
  return { format: 'raw', size: undefined, chunks: [bytes] };
}

/** Takes off the first line and the last two that script(1) adds; newer versions tell the size in the first. */
function readTypescript(bytes: Uint8Array): Recording {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const begin = data.indexOf(0x0a) + 1;
  const header = data.toString('utf8', 0, begin);
  const end = data.lastIndexOf('\nScript done on ');
  const cols = /COLUMNS="(\d+)"/.exec(header)?.[1];
  const rows = /LINES="(\d+)"/.exec(header)?.[1];
  return {
    format: 'typescript',
    size: terminalSize(Number(cols), Number(rows)),
    chunks: [data.subarray(begin, end >= begin ? end : data.length)],
  };
}

function readAsciicast(bytes: Uint8Array): Recording {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  const whole = parse(text);
  if (isRecord(whole)) return readVersion1(whole);
  const [first = '', ...lines] = text.split('\n');
  const header = parse(first);
  return {
    format: 'asciicast',
    size: isRecord(header) ? headerSize(header) : undefined,
    chunks: lines.flatMap((line) => eventChunk(parse(line))),
  };
}

/** Version 1: one JSON object, its output in `stdout` as [delay, text]. */
function readVersion1(recording: Readonly<Record<string, unknown>>): Recording {
  const events: readonly unknown[] = Array.isArray(recording['stdout']) ? recording['stdout'] : [];
  return {
    format: 'asciicast',
    size: headerSize(recording),
    chunks: events.flatMap((event) => (isList(event) && typeof event[1] === 'string' ? [Buffer.from(event[1])] : [])),
  };
}

/** Versions 1 and 2 have `width` and `height`, version 3 `term.cols` and `term.rows`. */
function headerSize(header: Readonly<Record<string, unknown>>): TerminalSize | undefined {
  const { term } = header;
  const [cols, rows] = isRecord(term) ? [term['cols'], term['rows']] : [header['width'], header['height']];
  return terminalSize(Number(cols), Number(rows));
}

/** `[time, "o", text]` is output, `[time, "r", "COLSxROWS"]` a resize; input and markers are not shown. */
function eventChunk(event: unknown): readonly RenderChunk[] {
  if (!isList(event)) return [];
  const [, code, data] = event;
  if (typeof data !== 'string') return [];
  if (code === 'o') return [Buffer.from(data)];
  const match = code === 'r' ? /^(\d+)x(\d+)$/.exec(data) : null;
  const size = match === null ? undefined : terminalSize(Number(match[1]), Number(match[2]));
  return size === undefined ? [] : [{ type: 'resize', ...size }];
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
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

/** Where a header is looked for. */
const HEAD_BYTES = 4096;
