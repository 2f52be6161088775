import { LF } from '../../core/terminal/codes.js';
import { TYPESCRIPT_END } from './typescript-lines.js';

/**
 * What lies between the first line of a typescript of script(1) and what it says at its end. `bytes` begin with the first
 * line. `onEnd` is called with what it says at its end.
 */
export function typescriptBody(
  bytes: AsyncIterable<Uint8Array>,
  onEnd: (text: string) => void = () => undefined,
): AsyncGenerator<Uint8Array, void, void> {
  return withoutEnd(withoutFirstLine(bytes), onEnd);
}

async function* withoutFirstLine(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  let isBehind = false;
  for await (const chunk of bytes) {
    const begins: number = isBehind ? 0 : chunk.indexOf(LF) + 1;
    isBehind ||= begins > 0;
    if (isBehind && begins < chunk.length) yield chunk.subarray(begins);
  }
}

/** Holds back what may be the end until it is known whether anything comes behind it. */
async function* withoutEnd(
  bytes: AsyncIterable<Uint8Array>,
  onEnd: (text: string) => void,
): AsyncGenerator<Uint8Array, void, void> {
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    const data = Buffer.concat([held, chunk]);
    const at = endStart(data);
    if (at > 0) yield data.subarray(0, at);
    held = data.subarray(at);
  }
  if (held.subarray(0, TYPESCRIPT_END.length).equals(TYPESCRIPT_END)) onEnd(held.toString());
  else yield held;
}

/** Where the text at the end begins, as far as `data` goes; its length where it has none. */
function endStart(data: Buffer): number {
  const at = data.lastIndexOf(TYPESCRIPT_END);
  if (at !== -1) {
    const end = data.indexOf(LF, at + TYPESCRIPT_END.length);
    const isLast = end === -1 ? data.length - at <= MAX_END_BYTES : end === data.length - 1;
    if (isLast) return at;
  }
  for (let length = Math.min(TYPESCRIPT_END.length - 1, data.length); length > 0; length--) {
    const start = data.length - length;
    if (data.subarray(start).equals(TYPESCRIPT_END.subarray(0, length))) return start;
  }
  return data.length;
}

/** A date, and the exit code. */
const MAX_END_BYTES = 1024;
