import type { Pattern, PatternSpec } from '../../core/pattern/pattern.js';
import { openWorker } from '../../core/worker/open-worker.js';
import { PATTERN_PROTOCOL } from './pattern-protocol.js';

/** A search that may take more steps than these, a third of a second, would keep signals and keys waiting. */
const MOST_STEPS_AT_ONCE = 100_000_000;

/**
 * Whether `pattern` matches anywhere in `text`: at once, or in a thread where that may take time. False as well when `signal`
 * aborts meanwhile.
 */
export function matchesIn(pattern: Pattern, text: string, signal: AbortSignal | undefined): boolean | Promise<boolean> {
  return pattern.steps(text) <= MOST_STEPS_AT_ONCE ? pattern.test(text) : inThread(pattern, text, signal);
}

async function inThread({ source, flags }: PatternSpec, text: string, signal?: AbortSignal): Promise<boolean> {
  using worker = openWorker({
    program: new URL('./pattern-worker.js', import.meta.url),
    protocol: PATTERN_PROTOCOL,
    data: { source, flags },
    onFailure: () => undefined, // The question is rejected.
  });
  try {
    return await worker.ask(text, signal);
  } catch (error) {
    if (signal?.aborted === true) return false;
    throw error;
  }
}
