// The published types reference what they need, so that a user's tsconfig need not name it.
/// <reference lib="esnext.disposable" preserve="true" />
import { hrtime } from 'node:process';

/** The source of time. Code that waits or stamps takes one, so that tests control the time. */
export interface Clock {
  /** Wall time, milliseconds of Unix time. May jump back; for people, never for intervals. */
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

/** How far two clocks that the network sets may differ, ms. */
const AGREEMENT_MS = 60_000;

/** Whether a recorded wall time lies in the future, so that its clock was wrong. Both in milliseconds of Unix time. */
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
