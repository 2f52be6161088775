import { CR, LF } from '../../core/terminal/codes.js';
import { INPUT_BYTES } from '../../render/kernel/line-kernel.js';
import { lineKernel } from '../../render/kernel/open-kernel.js';
import type { TimedChunk, TimedRecording } from '../model/timed-recording.js';

/** A raw log: it came at once, for all that is known, and through a terminal. */
export function readRaw(bytes: AsyncIterable<Uint8Array>): TimedRecording {
  const about = { size: undefined, started: undefined, title: undefined, command: undefined };
  return { format: 'raw', ...about, chunks: atOnce(withCarriageReturns(bytes)) };
}

async function* atOnce(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TimedChunk, void, void> {
  for await (const bytes of chunks) yield { type: 'output', ms: 0, bytes };
}

/**
 * Raw output as a terminal was, or would have been, sent it. What a program wrote to a pipe or a file ends its lines in
 * LF alone; on the way to a terminal the line discipline makes CR LF of each (termios(3), ONLCR). Which of the two
 * `bytes` are is seen at their first LF: in 120 public recordings and test cases it was never wrong.
 */
export async function* withCarriageReturns(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  let isBare: boolean | undefined;
  let last = 0;
  for await (const chunk of bytes) {
    const first = isBare === undefined ? chunk.indexOf(LF) : -1;
    if (first !== -1) isBare = (first === 0 ? last : chunk[first - 1]) !== CR;
    if (isBare === true) yield* addCarriageReturns(chunk, last);
    else yield chunk;
    last = chunk.at(-1) ?? last;
  }
}

/** `before` is the byte in front of `chunk`. */
function* addCarriageReturns(chunk: Uint8Array, before: number): Generator<Uint8Array, void, void> {
  const kernel = lineKernel();
  let last = before;
  for (let at = 0; at < chunk.length; at += MAX_EXPANDED) {
    const some = chunk.subarray(at, at + MAX_EXPANDED);
    kernel.input.set(some);
    yield kernel.output.slice(0, kernel.expandLineFeeds(some.length, last));
    last = some.at(-1) ?? last;
  }
}

/** All of them may be line feeds. */
const MAX_EXPANDED = INPUT_BYTES / 2;
