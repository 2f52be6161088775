import type { TerminalSize } from '../../core/terminal/size.js';
import { parseObject, textOrNone } from '../model/json.js';
import { byFirstLine, type Recogniser } from '../model/recogniser.js';
import type { WrittenRecording } from '../model/written-recording.js';
import { readSize } from './json-chunk.js';

/** The first line of what `orch export --format json` writes. */
export interface JsonHeader {
  readonly size: TerminalSize;
  /** Milliseconds of Unix time. */
  readonly started: number | undefined;
  readonly title: string | undefined;
  readonly command: string | undefined;
}

/** The first line, as an object: docs/formats.md. */
export function jsonOfHeader({ id, started, size, title, command }: Omit<WrittenRecording, 'chunks'>): object {
  const time = started === undefined ? {} : { started: new Date(started).toISOString() };
  return { v: JSON_EXPORT_VERSION, task: id, ...time, size, title, command };
}

/** Reads a line as the header; undefined where it is none. */
function jsonHeader(line: string): JsonHeader | undefined {
  const json = parseObject(line);
  if (json?.['v'] !== JSON_EXPORT_VERSION || typeof json['task'] !== 'string') return undefined;
  const size = readSize(json['size']);
  if (size === undefined) return undefined;
  const { started, title, command } = json;
  const time = typeof started === 'string' ? Date.parse(started) : Number.NaN;
  return {
    size,
    started: Number.isNaN(time) || time < 0 ? undefined : time,
    title: textOrNone(title),
    command: textOrNone(command),
  };
}

export interface JsonLinesKind {
  readonly type: 'json';
  readonly header: JsonHeader;
}

export const recogniseJsonLines: Recogniser<JsonLinesKind> = (head, ended) => {
  if (head.length === 0) return ended ? undefined : 'open';
  return head[0] === OPENING_BRACE ? byHeader(head, ended) : undefined;
};

const byHeader = byFirstLine((line): JsonLinesKind | undefined => {
  const header = jsonHeader(line);
  return header === undefined ? undefined : { type: 'json', header };
});

const OPENING_BRACE = 0x7b;
/** A reader refuses a larger one. */
const JSON_EXPORT_VERSION = 1;
