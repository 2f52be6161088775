import type { Readable } from 'node:stream';
import { LF } from '../../core/terminal/codes.js';
import { type Clock, sleep } from '../../core/clock.js';
import { lineSettings, LONGEST_LINE, stopEcho } from './line-settings.js';

/** Ctrl-D: the end of the input in canonical mode (termios(3), VEOF). */
const END_OF_INPUT = 0x04;
/** Silence that counts as waiting for input, ms: an agent that has just started may be about to set its terminal up. */
const QUIET_MS = 250;
/** Pauses between Ctrl-Ds, ms. One ends one read; a program that reads again, such as the next command of a script, gets another. */
const REPEAT_MS = { first: 1000, longest: 30_000 } as const;
/** The program's side of its terminal. */
export interface InputTarget {
  readonly device: string;
  /** Grows with everything the agent prints. */
  readonly offset: number;
  readonly inputTaken: boolean;
  type(bytes: Uint8Array, onDrained?: () => void): boolean;
}

export interface InputOptions {
  readonly clock: Clock;
  /** Called for a line that is longer than a terminal can hand over, with its bytes. */
  readonly onLongLine: (bytes: number) => void;
  /** Ends the input at once. */
  readonly signal: AbortSignal;
}

/**
 * Types what is piped into orch, without echo, and then its end, into an unattended agent. Without a source
 * there is only the end: an agent that reads input gets its end instead of waiting for ever.
 */
export async function feedInput(
  target: InputTarget,
  source: Readable | undefined,
  options: InputOptions,
): Promise<void> {
  const lastByte = source === undefined ? LF : await typeAll(target, source, options);
  await sayEnd(target, lastByte, options);
}

/** Types the end of input whenever the agent waits for another line. */
async function sayEnd(target: InputTarget, lastByte: number, { clock, signal }: InputOptions): Promise<void> {
  if (lastByte === LF) await quiet(target, clock, signal);
  // Within a line the first Ctrl-D hands the line over, and only the second is the end.
  let end = lastByte === LF ? [END_OF_INPUT] : [END_OF_INPUT, END_OF_INPUT];
  for (let pause: number = REPEAT_MS.first; !signal.aborted; pause = Math.min(pause * 2, REPEAT_MS.longest)) {
    if ((await lineSettings(target.device)).isCanonical) {
      target.type(Uint8Array.from(end));
      end = [END_OF_INPUT];
    }
    await sleep(clock, pause, signal);
    await quiet(target, clock, signal);
  }
}

/** Types the whole source, without echo, and returns its last byte when the agent's terminal has taken it. */
async function typeAll(target: InputTarget, source: Readable, options: InputOptions): Promise<number> {
  const { clock, signal } = options;
  await stopEcho(target.device);
  const lastByte = await pour(source, target, options);
  while (!target.inputTaken && !signal.aborted) await sleep(clock, 1, signal);
  return lastByte;
}

/** Resolves with the last byte when the source has ended or failed, or the signal aborts. */
function pour(source: Readable, target: InputTarget, { onLongLine, signal }: InputOptions): Promise<number> {
  let lastByte = LF;
  let line = 0;
  return new Promise((resolve) => {
    source.on('data', (chunk: Buffer) => {
      for (let from = 0; from < chunk.length; ) {
        const lineEnd = chunk.indexOf(LF, from);
        const to = lineEnd === -1 ? chunk.length : lineEnd + 1;
        line += to - from;
        from = to;
        if (lineEnd === -1) break;
        if (line > LONGEST_LINE) onLongLine(line);
        line = 0;
      }
      lastByte = chunk.at(-1) ?? lastByte;
      const takesMore = target.type(chunk, () => {
        source.resume();
      });
      if (!takesMore) source.pause();
    });
    const done = (): void => {
      if (line > LONGEST_LINE) onLongLine(line);
      line = 0; // Reached by the end of the source and by the signal.
      resolve(lastByte);
    };
    source.once('end', done);
    source.once('error', done);
    if (signal.aborted) done();
    else signal.addEventListener('abort', done, { once: true });
  });
}

/** Resolves when the agent has printed nothing for a while. */
async function quiet(target: InputTarget, clock: Clock, signal: AbortSignal): Promise<void> {
  for (let before = -1; before !== target.offset && !signal.aborted; ) {
    before = target.offset;
    await sleep(clock, QUIET_MS, signal);
  }
}
