// Of who compiles against this it needs nothing but TypeScript itself.
/// <reference lib="esnext.disposable" preserve="true" />
import { hrtime } from 'node:process';

/** Where time comes from. Everything that waits or stamps takes one, so that tests decide what time it is. */
export interface Clock {
  /** Wall time, milliseconds since the epoch. May jump back; for people, never for intervals. */
  now(): number;
  /** Milliseconds from an arbitrary start, with fractions. Never jumps back. */
  monotonic(): number;
  /** Calls `run` once after `ms`, unless cancelled before. */
  after(ms: number, run: () => void): Timer;
}

export interface Timer extends Disposable {
  cancel(): void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  // Not performance.now(): touching `performance` loads a module that costs every start several milliseconds.
  monotonic: () => Number(hrtime.bigint()) / 1e6,
  after(ms, run) {
    const timer = setTimeout(run, ms);
    const cancel = (): void => {
      clearTimeout(timer);
    };
    return { cancel, [Symbol.dispose]: cancel };
  },
};

/** Two clocks that are set by the network agree as well as this, ms; across machines a little worse than that. */
const AGREEMENT_MS = 60_000;

/** Whether a wall time was told by a clock that was wrong: it has yet to come. Both in milliseconds since the epoch. */
export function isYetToCome(time: number, now: number): boolean {
  return time > now + AGREEMENT_MS;
}

/** Resolves after `ms`, or at once when `signal` aborts; never rejects. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      timer.cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = clock.after(ms, done);
    signal?.addEventListener('abort', done, { once: true });
  });
}
