import type { TerminalSize } from '../../core/terminal/size.js';
import type { RenderChunk } from '../../render/model/line.js';
import type { LogRead } from '../../store/log/sealed-segments.js';

/** One look back into the log. */
const READ_BYTES = 64 * 1024;

/** A log that can be read while it is written. */
export interface ReadableLog {
  /** The absolute offset behind the last byte. */
  readonly offset: number;
  read(buffer: Uint8Array, offset: number): LogRead;
}

/** What was recorded from absolute offset `from` on, with the sizes the terminal took on since, in their order. */
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
      const bytes = read.type === 'bytes' ? read.count : Math.min(read.until, to) - offset;
      yield read.type === 'bytes' ? Uint8Array.from(buffer.subarray(0, bytes)) : { type: 'missing', bytes };
      offset += bytes;
    }
    if (resize !== undefined) yield { type: 'resize', ...resize.size };
  }
}
