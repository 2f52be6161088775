import { isCount, isRecord } from '../../core/guards.js';
import { type TerminalSize, terminalSize } from '../../core/terminal/size.js';
import { parseObject } from '../model/json.js';
import type { TimedChunk } from '../model/timed-recording.js';
import { type TextChunk, textOf } from '../model/whole-characters.js';

/** A line behind the header, as an object: docs/formats.md. */
export function jsonOfChunk(chunk: TextChunk): object {
  const { ms, offset } = chunk;
  switch (chunk.type) {
    case 'output':
      return chunk.text === chunk.bytes
        ? { ms, offset, text: textOf(chunk.bytes) }
        : { ms, offset, base64: Buffer.from(chunk.bytes).toString('base64') };
    case 'redraw':
      return { ms, offset, redraw: textOf(chunk.text) };
    case 'resize':
      return { ms, offset, resize: { cols: chunk.cols, rows: chunk.rows } };
    case 'iteration':
      return { ms, offset, iteration: chunk.iteration };
    case 'missing':
      return { ms, offset, missing: chunk.bytes };
    case 'exit':
      return { ms, offset, exit: { code: chunk.code, signal: chunk.signal } };
  }
}

/** Reads a line as a chunk; undefined where it is none. */
export function jsonChunk(line: string): TimedChunk | undefined {
  const json = parseObject(line);
  const ms = json?.['ms'];
  if (json === undefined || typeof ms !== 'number' || !(ms >= 0)) return undefined;
  const { text, base64, redraw, iteration, missing } = json;
  if (typeof text === 'string') return { type: 'output', ms, bytes: Buffer.from(text) };
  if (typeof redraw === 'string') return { type: 'output', ms, bytes: Buffer.from(redraw) };
  if (typeof base64 === 'string') return { type: 'output', ms, bytes: Buffer.from(base64, 'base64') };
  if (isCount(iteration)) return { type: 'iteration', ms, iteration };
  if (isCount(missing)) return { type: 'missing', ms, bytes: missing };
  const size = readSize(json['resize']);
  if (size !== undefined) return { type: 'resize', ms, ...size };
  const exit = json['exit'];
  if (!isRecord(exit) || !isCredibleCount(exit['code']) || !isCredibleCount(exit['signal'])) return undefined;
  return { type: 'exit', ms, code: exit['code'], signal: exit['signal'] };
}

/** The size in a header or a chunk; undefined where it is none. */
export function readSize(json: unknown): TerminalSize | undefined {
  if (!isRecord(json)) return undefined;
  const { cols, rows } = json;
  return typeof cols === 'number' && typeof rows === 'number' ? terminalSize(cols, rows) : undefined;
}

/** Of bytes, runs, codes: more than any recording has is damage. */
function isCredibleCount(value: unknown): value is number {
  return isCount(value) && value <= MAX_COUNT;
}

const MAX_COUNT = 1e12;
