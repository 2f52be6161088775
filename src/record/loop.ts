import { constants } from 'node:os';
import { ExitCode, type ExitStatus } from '../core/exit-status.js';
import type { TerminalSize } from '../core/size.js';
import type { RenderChunk } from '../render/line.js';
import type { Verdict } from '../store/manifest.js';
import type { Timeout } from './agent-run.js';
import { Completion } from './completion.js';

/** How often an agent is run, and what ends that. */
export interface LoopOptions {
  /** A line that says all is done; undefined: the exit code says it. */
  readonly until: string | undefined;
  /** What the agent is asked, which it may print again. */
  readonly prompt: string | undefined;
  readonly maxIterations: number;
  /** How many iterations in a row may fail. */
  readonly stopAfterFailures: number;
  /** Between two iterations, ms. */
  readonly delayMs: number;
}

/** One run of the agent, when it has ended. */
export interface Iteration {
  /** From 1. */
  readonly number: number;
  readonly status: ExitStatus;
  readonly timeout: Timeout | undefined;
  /** Somebody asked it to end. */
  readonly interrupted: boolean;
  /** What it printed, and the terminal's size at its start. */
  readonly chunks: () => Iterable<RenderChunk>;
  readonly size: TerminalSize;
  /** Absolute offset of its first byte. */
  readonly offset: number;
}

/** What one iteration came to. The loop goes on where there is no verdict yet. */
export interface Judgement {
  readonly outcome: Verdict['result'];
  readonly reason: string;
  readonly verdict: Verdict | undefined;
}

/** Ctrl-C that was typed reaches the agent alone; whoever types it means the loop. */
function isInterrupt({ exitCode, signal }: ExitStatus): boolean {
  return signal === constants.signals.SIGINT || exitCode === ExitCode.interrupted;
}

/** Decides after each iteration whether there is to be another. */
export class Loop {
  readonly #options: LoopOptions;
  readonly #completion: Completion | undefined;
  #failures = 0;

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#completion = options.until === undefined ? undefined : new Completion(options.until, options.prompt);
  }

  get delayMs(): number {
    return this.#options.delayMs;
  }

  judge(iteration: Iteration): Judgement {
    const { number } = iteration;
    const { outcome, reason, offset } = this.#outcomeOf(iteration);
    this.#failures = outcome === 'failed' || outcome === 'timeout' ? this.#failures + 1 : 0;
    const { maxIterations, stopAfterFailures } = this.#options;
    const end = (result: Verdict['result'], why: string): Judgement => ({
      outcome,
      reason,
      verdict: { result, reason: why, iterations: number, ...(offset === undefined ? {} : { offset }) },
    });
    if (outcome === 'done') return end('done', reason);
    if (iteration.interrupted || isInterrupt(iteration.status)) return end('failed', 'interrupted');
    if (this.#failures >= stopAfterFailures) {
      return end(
        outcome,
        this.#failures === 1 ? reason : `${this.#failures} iterations failed in a row, the last: ${reason}`,
      );
    }
    if (number >= maxIterations)
      return end(outcome, number === 1 ? reason : `${number} iterations are used up; the last: ${reason}`);
    return { outcome, reason, verdict: undefined };
  }

  #outcomeOf({ status, timeout, chunks, size, offset }: Iteration): {
    readonly outcome: Verdict['result'];
    readonly reason: string;
    readonly offset?: number;
  } {
    const said = this.#completion?.find(chunks(), size);
    if (said !== undefined) return { outcome: 'done', reason: `it said ${this.#options.until}`, offset: offset + said };
    if (timeout !== undefined) {
      return {
        outcome: 'timeout',
        reason: timeout === 'idle' ? 'it printed nothing for too long' : 'it took too long',
      };
    }
    if (status.signal !== 0) return { outcome: 'failed', reason: `ended by signal ${status.signal}` };
    if (status.exitCode !== 0) return { outcome: 'failed', reason: `exit code ${status.exitCode}` };
    if (this.#options.until === undefined) return { outcome: 'done', reason: 'exit code 0' };
    return { outcome: 'unfinished', reason: `it did not say ${this.#options.until}` };
  }
}
