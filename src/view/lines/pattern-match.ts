import { Worker } from 'node:worker_threads';
import type { Pattern, PatternSpec } from '../../core/pattern/pattern.js';
import { THREAD_OPTIONS } from '../../core/process/thread-options.js';

/** A search that may take more steps than these, a third of a second, would keep signals and keys waiting. */
const MOST_STEPS_AT_ONCE = 100_000_000;

/** To the thread, at its start. It answers whether the pattern matches. */
export interface MatchWork {
  readonly spec: PatternSpec;
  readonly text: string;
}

/**
 * Whether `pattern` matches anywhere in `text`: at once, or where it is so long that this may take time, in a thread. No:
 * also when `signal` aborts meanwhile.
 */
export function matchesIn(pattern: Pattern, text: string, signal: AbortSignal | undefined): boolean | Promise<boolean> {
  return pattern.steps(text) <= MOST_STEPS_AT_ONCE ? pattern.test(text) : inThread(pattern, text, signal);
}

function inThread({ source, flags }: PatternSpec, text: string, signal: AbortSignal | undefined): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const work: MatchWork = { spec: { source, flags }, text };
    const worker = new Worker(new URL('./pattern-worker.js', import.meta.url), { ...THREAD_OPTIONS, workerData: work });
    const end = (): void => {
      signal?.removeEventListener('abort', end);
      resolve(false);
      void worker.terminate();
    };
    worker.once('message', (matches: boolean) => {
      resolve(matches);
      end();
    });
    worker.once('error', reject);
    if (signal?.aborted) end();
    else signal?.addEventListener('abort', end);
  });
}
