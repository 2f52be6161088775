import type { Clock } from '../../core/clock.js';
import type { OptionSpec } from './command.js';

/** For commands that wait. */
export const timeoutOption: OptionSpec = {
  flags: '--timeout <time>',
  description: 'give up after this long; exit 124',
};

/** A signal that time may abort. */
export interface TimeLimit extends Disposable {
  readonly signal: AbortSignal;
  /** Aborts it now. */
  end(): void;
}

/** Aborted with `signal`, or after `ms`; undefined: with that alone. Disposing it takes the time away, and aborts nothing. */
export function timeLimit(signal: AbortSignal, ms: number | undefined, clock: Clock): TimeLimit {
  const late = new AbortController();
  const end = (): void => {
    late.abort();
  };
  const timer = ms === undefined ? undefined : clock.after(ms, end);
  return {
    signal: AbortSignal.any([signal, late.signal]),
    end,
    [Symbol.dispose]: () => {
      timer?.cancel();
    },
  };
}
