import type { TerminalSize } from '../../core/terminal/size.js';
import type { RenderChunk } from '../../render/model/line.js';
import { READ_BYTES } from '../../store/files/read-size.js';
import type { LogRead } from '../../store/log/sealed-segments.js';

/** A log that can be read while it is written. */
export interface ReadableLog {
  /** The absolute offset behind the last byte. */
  readonly offset: number;
  read(buffer: Uint8Array, offset: number): LogRead;
}

/** The recording from absolute offset `from` on, with the terminal's size changes in their order. */
export function* readBack(
  log: ReadableLog,
  from: number,
  resizes: readonly { readonly offset: number; readonly size: TerminalSize }[],
): Generator<RenderChunk, void, void> {
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  const end = log.offset;
  let offset = from;
  for (const resize of [...resizes, undefined]) {
    const to = Math.min(end, resize?.offset ?? end);
    while (offset < to) {
      const read = log.read(buffer.subarray(0, Math.min(READ_BYTES, to - offset)), offset);
      const bytes = read.type === 'bytes' ? read.count : Math.min(behind(read, offset), to) - offset;
      yield read.type === 'bytes' ? Uint8Array.from(buffer.subarray(0, bytes)) : { type: 'missing', bytes };
      offset += bytes;
    }
    if (resize !== undefined) yield { type: 'resize', ...resize.size };
  }
}

/** The bytes of the recording from absolute offset `from` to `to`, without missing ranges. */
export function readBetween(log: Pick<ReadableLog, 'read'>, from: number, to: number): Uint8Array {
  const bytes = new Uint8Array(to - from);
  let length = 0;
  for (let offset = from; offset < to; ) {
    const read = log.read(bytes.subarray(length, length + to - offset), offset);
    if (read.type === 'bytes') length += read.count;
    offset = read.type === 'bytes' ? offset + read.count : behind(read, offset);
  }
  return bytes.subarray(0, length);
}

/** The offset behind a missing range: always greater than `offset`, so that reading ends. */
function behind(missing: Exclude<LogRead, { readonly type: 'bytes' }>, offset: number): number {
  return Math.max(offset + 1, missing.until);
}
