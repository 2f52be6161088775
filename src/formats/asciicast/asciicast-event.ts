import { jsonString } from '../../core/text/json-string.js';
import { parseSize, type TerminalSize } from '../../core/terminal/size.js';
import { isList, parseJson } from '../model/json.js';

/**
 * What a line behind the header says, `[time, code, data]`, of versions 2 and 3
 * (https://docs.asciinema.org/manual/asciicast/v3/). `time` is in seconds, as it stands there: version 2 counts from the
 * start, version 3 from the event before.
 */
export type AsciicastEvent = { readonly time: number } & (
  | { readonly type: 'output'; readonly bytes: Uint8Array }
  | ({ readonly type: 'resize' } & TerminalSize)
  | { readonly type: 'marker'; readonly label: string }
  | { readonly type: 'exit'; readonly code: number }
);

/** Input, and codes of the future: their times count, too. */
interface OtherEvent {
  readonly type: 'other';
  readonly time: number;
}

/** The event as a line; `bytes` have to be UTF-8. Of the time three digits are kept: milliseconds. */
export function eventLine(event: AsciicastEvent): Uint8Array {
  const before = `[${event.time.toFixed(3)}, "${CODES[event.type]}", `;
  return jsonString(dataOf(event), before, ']\n');
}

function dataOf(event: AsciicastEvent): Uint8Array {
  switch (event.type) {
    case 'output':
      return event.bytes;
    case 'resize':
      return Buffer.from(`${event.cols}x${event.rows}`);
    case 'marker':
      return Buffer.from(event.label);
    case 'exit':
      return Buffer.from(`${event.code}`);
  }
}

/**
 * Reads a line as an event: `passed` for a comment or nothing, `damaged` for what is none. `line`: undefined for one too long
 * to be held.
 */
export function asciicastEvent(line: string | undefined): AsciicastEvent | OtherEvent | 'passed' | 'damaged' {
  if (line === undefined) return 'damaged';
  if (line.trim() === '' || line.startsWith('#')) return 'passed';
  const json = parseJson(line);
  if (!isList(json)) return 'damaged';
  const [seconds, code, data] = json;
  if (typeof code !== 'string') return 'damaged';
  const time = typeof seconds === 'number' && seconds >= 0 ? seconds : 0;
  const other: OtherEvent = { type: 'other', time };
  const text = typeof data === 'string' ? data : undefined;
  switch (code) {
    case CODES.output:
      return text === undefined ? 'damaged' : { type: 'output', time, bytes: Buffer.from(text) };
    case CODES.resize: {
      const size = text === undefined ? undefined : parseSize(text);
      return size === undefined ? 'damaged' : { type: 'resize', time, ...size };
    }
    case CODES.marker:
      return text === undefined ? other : { type: 'marker', time, label: text };
    case CODES.exit:
      return text !== undefined && /^\d{1,3}$/.test(text) ? { type: 'exit', time, code: Number(text) } : other;
    default:
      return other;
  }
}

/** The label of the marker at the beginning of an iteration, counted from 1. */
export function iterationLabel(iteration: number): string {
  return `iteration ${iteration}`;
}

const CODES = { output: 'o', resize: 'r', marker: 'm', exit: 'x' } as const satisfies Record<
  AsciicastEvent['type'],
  string
>;
