import { isCount, isRecord } from '../../../core/guards.js';
import { type TerminalSize, terminalSize } from '../../../core/terminal/size.js';
import { textLines } from '../text-lines.js';
import type { TimedPiece, TimedRecording } from './timed-recording.js';

/** The first line of what `orch export --format json` writes. */
export interface JsonHeader {
  readonly size: TerminalSize;
  readonly started: number | undefined;
  readonly title: string | undefined;
  readonly command: string | undefined;
}

/** The format of it; docs/formats.md. A reader refuses a larger one. */
export const JSON_EXPORT_VERSION = 1;

/** Reads a line as the header; undefined where it is none. */
export function jsonHeader(line: string): JsonHeader | undefined {
  const json = objectOf(line);
  if (json?.['v'] !== JSON_EXPORT_VERSION || typeof json['task'] !== 'string') return undefined;
  const size = sizeOf(json['size']);
  if (size === undefined) return undefined;
  const { started, title, command } = json;
  const time = typeof started === 'string' ? Date.parse(started) : Number.NaN;
  return {
    size,
    started: Number.isNaN(time) || time < 0 ? undefined : time,
    title: typeof title === 'string' ? title : undefined,
    command: typeof command === 'string' ? command : undefined,
  };
}

/** `onDamage` is told of each line that is none of these. */
export function timedJson(header: JsonHeader, bytes: AsyncIterable<Uint8Array>, onDamage: () => void): TimedRecording {
  return { format: 'json', ...header, pieces: piecesOf(bytes, onDamage) };
}

async function* piecesOf(
  bytes: AsyncIterable<Uint8Array>,
  onDamage: () => void,
): AsyncGenerator<TimedPiece, void, void> {
  let isHeader = true;
  let last = 0;
  for await (const lines of textLines(bytes)) {
    for (const line of lines) {
      if (!isHeader && line !== '') {
        const piece = line === undefined ? undefined : pieceOf(line);
        if (piece === undefined) onDamage();
        else {
          last = Math.max(last, piece.ms);
          yield { ...piece, ms: last };
        }
      }
      isHeader = false;
    }
  }
}

function pieceOf(line: string): TimedPiece | undefined {
  const json = objectOf(line);
  const ms = json?.['ms'];
  if (json === undefined || typeof ms !== 'number' || !(ms >= 0)) return undefined;
  const { text, base64, redraw, iteration, missing } = json;
  if (typeof text === 'string') return { type: 'output', ms, bytes: Buffer.from(text) };
  if (typeof redraw === 'string') return { type: 'output', ms, bytes: Buffer.from(redraw) };
  if (typeof base64 === 'string') return { type: 'output', ms, bytes: Buffer.from(base64, 'base64') };
  if (isCount(iteration)) return { type: 'iteration', ms, iteration };
  if (isCount(missing)) return { type: 'missing', ms, bytes: missing };
  const size = sizeOf(json['resize']);
  if (size !== undefined) return { type: 'resize', ms, ...size };
  const exit = json['exit'];
  if (!isRecord(exit) || !isCredibleCount(exit['code']) || !isCredibleCount(exit['signal'])) return undefined;
  return { type: 'exit', ms, code: exit['code'], signal: exit['signal'] };
}

function sizeOf(json: unknown): TerminalSize | undefined {
  if (!isRecord(json)) return undefined;
  const { cols, rows } = json;
  return typeof cols === 'number' && typeof rows === 'number' ? terminalSize(cols, rows) : undefined;
}

function objectOf(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(line);
    return isRecord(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

/** Of bytes, runs, codes: more than any recording has is damage. */
function isCredibleCount(value: unknown): value is number {
  return isCount(value) && value <= MAX_COUNT;
}

const MAX_COUNT = 1e12;
