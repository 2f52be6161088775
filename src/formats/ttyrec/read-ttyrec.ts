import type { Recogniser } from '../model/recogniser.js';
import type { TimedChunk, TimedRecording } from '../model/timed-recording.js';

/**
 * A recording of ttyrec(1): records of a header (three 32-bit numbers, the lowest byte first: seconds of Unix time,
 * microseconds, length) and as many bytes. `onDamage` is called once, for a last record that is cut short or for what is no
 * record; behind that there is nothing more to be read.
 */
export function readTtyrec(head: TtyrecHeader, bytes: AsyncIterable<Uint8Array>, onDamage: () => void): TimedRecording {
  const about = { size: undefined, title: undefined, command: undefined };
  return { format: 'ttyrec', ...about, started: head.ms, chunks: chunksOf(head.ms, bytes, onDamage) };
}

interface TtyrecHeader {
  /** Milliseconds of Unix time, with fractions. */
  readonly ms: number;
  readonly length: number;
}

export interface TtyrecKind {
  readonly type: 'ttyrec';
  readonly header: TtyrecHeader;
}

/** By the header of its first record: no four bytes of text are a number of microseconds. */
export const recogniseTtyrec: Recogniser<TtyrecKind> = (head, ended) => {
  if (head.length < HEADER_BYTES) return ended ? undefined : 'open';
  const header = ttyrecHeader(head);
  return header === undefined ? undefined : { type: 'ttyrec', header };
};

async function* chunksOf(
  start: number,
  bytes: AsyncIterable<Uint8Array>,
  onDamage: () => void,
): AsyncGenerator<TimedChunk, void, void> {
  let header: Buffer = Buffer.alloc(0);
  let left = 0;
  let ms = 0;
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; ) {
      if (left > 0) {
        const output = chunk.subarray(at, at + left);
        yield { type: 'output', ms, bytes: output };
        at += output.length;
        left -= output.length;
        continue;
      }
      const more = chunk.subarray(at, at + HEADER_BYTES - header.length);
      header = Buffer.concat([header, more]);
      at += more.length;
      if (header.length < HEADER_BYTES) continue;
      const record = ttyrecHeader(header);
      if (record === undefined) {
        onDamage();
        return;
      }
      header = Buffer.alloc(0);
      left = record.length;
      ms = Math.max(ms, record.ms - start);
    }
  }
  if (left > 0 || header.length > 0) onDamage();
}

/** Reads the header of a record; undefined where the bytes are none. */
function ttyrecHeader(bytes: Buffer): TtyrecHeader | undefined {
  const [seconds, micros, length] = [bytes.readUInt32LE(0), bytes.readUInt32LE(4), bytes.readUInt32LE(8)];
  if (micros >= 1e6 || length === 0 || length > MAX_RECORD_BYTES) return undefined;
  return { ms: seconds * 1000 + micros / 1000, length };
}

const HEADER_BYTES = 12;
/** ttyrec reads 1 KiB at a time; this is far from that, and tells records from anything else. */
const MAX_RECORD_BYTES = 16 * 1024 * 1024;
