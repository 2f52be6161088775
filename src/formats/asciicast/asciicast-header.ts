import { errors } from '../../core/errors.js';
import { isRecord } from '../../core/guards.js';
import { type TerminalSize, terminalSize } from '../../core/terminal/size.js';
import { parseObject, textOrNone } from '../model/json.js';
import { byFirstLine, type Recogniser } from '../model/recogniser.js';
import type { WrittenRecording } from '../model/written-recording.js';

/** What the beginning of an asciicast says. */
export interface AsciicastHeader {
  readonly version: number;
  /** Undefined where it is no terminal's: some recorders write 0x0. */
  readonly size: TerminalSize | undefined;
  /** Seconds of Unix time. */
  readonly timestamp: number | undefined;
  readonly title: string | undefined;
  readonly command: string | undefined;
}

/** The first line of an asciicast of this version, without its end. */
export function asciicastHeaderLine(
  version: 2 | 3,
  { size, started, title, command }: Omit<WrittenRecording, 'chunks'>,
): string {
  const { cols, rows } = size;
  return JSON.stringify({
    version,
    ...(version === 2 ? { width: cols, height: rows } : { term: { cols, rows } }),
    ...(started === undefined ? {} : { timestamp: Math.floor(started / 1000) }),
    title,
    command,
  });
}

/** Reads a line as the header of an asciicast; undefined where it is none. */
export function asciicastHeader(line: string): AsciicastHeader | undefined {
  const json = parseObject(line);
  if (json === undefined) return undefined;
  // Version 3 tells the size in `term`, those before it in the header itself.
  const { version, term, timestamp } = json;
  const [cols, rows] = isRecord(term) ? [term['cols'], term['rows']] : [json['width'], json['height']];
  if (typeof version !== 'number' || typeof cols !== 'number' || typeof rows !== 'number') return undefined;
  return {
    version,
    size: terminalSize(cols, rows),
    timestamp: typeof timestamp === 'number' && timestamp >= 0 && timestamp <= MAX_TIMESTAMP ? timestamp : undefined,
    title: textOrNone(json['title']),
    command: textOrNone(json['command']),
  };
}

/** Version 1 is one JSON text, whose header is not read before the rest of it. */
export type AsciicastKind =
  | { readonly type: 'asciicast'; readonly header: AsciicastHeader }
  | { readonly type: 'asciicast-1' };

/**
 * A first line that is a JSON object with a version and a size; a program may well print JSON that is not.
 *
 * @throws OrchError ASCIICAST_UNREADABLE for a version that is not known
 */
export const recogniseAsciicast: Recogniser<AsciicastKind> = (head, ended) => {
  if (head.length === 0) return ended ? undefined : 'open';
  const start = head.toString('latin1', 0, START_BYTES);
  if (VERSION_1_START.test(start)) return { type: 'asciicast-1' };
  return JSON_START.test(start) ? byHeader(head, ended) : undefined;
};

const byHeader = byFirstLine((line): AsciicastKind | undefined => {
  const header = asciicastHeader(line);
  if (header === undefined) return undefined;
  if (header.version === 1) return { type: 'asciicast-1' };
  if (header.version > LAST_VERSION) throw errors.asciicastUnreadable(`its version is ${header.version}`);
  return { type: 'asciicast', header };
});

const START_BYTES = 64 * 1024;
const JSON_START = /^\{\s*("|$)/;
const VERSION_1_START = /^\{\s*"version"\s*:\s*1\s*,/;
const LAST_VERSION = 3;
/** The last second of the year 9999: what is later is no time. */
const MAX_TIMESTAMP = 253_402_300_799;
