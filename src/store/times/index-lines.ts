import { isCount } from '../../core/guards.js';
import { type TerminalSize, terminalSize } from '../../core/terminal/size.js';
import { parseJson } from '../files/text-file.js';
import { INDEX_VERSION, type IndexEntry, type IndexHeader } from './time-index.js';

/** The first line of backend.idx; undefined where it is no header that this orch can read. */
export function parseIndexHeader(line: string): IndexHeader | undefined {
  const json = parseJson(line);
  if (typeof json !== 'object' || json === null || !('v' in json && 'start' in json && 'size' in json))
    return undefined;
  const size = parseSize(json.size);
  const { v, start } = json;
  if (v !== INDEX_VERSION || typeof start !== 'string' || Number.isNaN(Date.parse(start))) return undefined;
  return size === undefined ? undefined : { v, start, size };
}

function parseSize(json: unknown): TerminalSize | undefined {
  if (typeof json !== 'object' || json === null || !('cols' in json && 'rows' in json)) return undefined;
  const { cols, rows } = json;
  return typeof cols === 'number' && typeof rows === 'number' ? terminalSize(cols, rows) : undefined;
}

/** Any other line; `unknown` for one of a later orch. */
export function parseIndexEntry(line: string): IndexEntry | 'unknown' | 'damaged' {
  const json = parseJson(line);
  if (!Array.isArray(json)) return 'damaged';
  const [ms, type, offset, cols, rows] = json as readonly unknown[];
  if (!isCount(ms) || typeof type !== 'string') return 'damaged';
  if (type !== 'o' && type !== 'r') return 'unknown';
  if (!isCount(offset)) return 'damaged';
  if (type === 'o') return [ms, type, offset];
  const size = parseSize({ cols, rows });
  return size === undefined ? 'damaged' : [ms, type, offset, size.cols, size.rows];
}
