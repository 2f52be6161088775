import type { AgentState, ReportedState } from '../../core/agent-state.js';
import type { Clock, Timer } from '../../core/clock.js';

/** Time for which a status must hold before it is reported, ms. */
const SETTLE_MS = 1000;
/** Silence after which an agent that reports no status counts as idle, ms. */
const QUIET_MS = 10_000;

export interface StatusTrackerOptions {
  readonly clock: Clock;
  /** Called with each status at once. */
  readonly onChanged?: (state: AgentState) => void;
  /** Called with each status that has held for a second. */
  readonly onSettled: (state: AgentState) => void;
  /** Called with a status that has held for a second again, after others that did not. */
  readonly onReturned?: (state: AgentState) => void;
}

/**
 * The status of one run of an agent, derived from its reports and, where there are none, from whether it
 * prints. A status counts when it has held for a second; the first is `starting`, and the final one is the caller's to set.
 */
export class StatusTracker implements Disposable {
  readonly #options: StatusTrackerOptions;
  #settled: AgentState = { status: 'starting', source: 'exit' };
  /** The newest status, which has not held yet. */
  #current = this.#settled;
  #reported: ReportedState | undefined;
  /** It has reported that it will say no more: whether it prints counts again. */
  #isCleared = false;
  #settling: Timer | undefined;
  #quiet: Timer | undefined;
  #printedAt = 0;
  #over = false;

  constructor(options: StatusTrackerOptions) {
    this.#options = options;
  }

  /** The agent's last report; undefined where there was none. */
  get reported(): ReportedState | undefined {
    return this.#reported;
  }

  /** It has printed something. Called for every piece of output. */
  printed(): void {
    if (this.#reported !== undefined && !this.#isCleared) return;
    this.#printedAt = this.#options.clock.monotonic();
    this.#take({ status: 'working', source: 'quiet' });
    if (this.#quiet === undefined) this.#watchQuiet(QUIET_MS);
  }

  /**
   * It reported a status: from then on, output does not count. For an agent that reports its status in
   * its output, hooks repeat it late; only a failed turn may be reported by a hook alone.
   */
  report(reported: ReportedState): void {
    const isRepeated = this.#reported?.source === 'osc' && !this.#isCleared;
    if (reported.source === 'hook' && reported.status !== 'failed' && isRepeated) return;
    this.#reported = { ...reported, ...reasonOf(reported, this.#reported) };
    this.#isCleared = false;
    this.#quiet?.cancel();
    this.#quiet = undefined;
    const { status, source, reason } = this.#reported;
    this.#take({ status, source, ...(reason === undefined ? {} : { reason }) });
  }

  /** It says nothing of its status any more: from its next output on, whether it prints counts. */
  clear(): void {
    this.#isCleared = true;
  }

  /** Ends the tracking: later reports are not passed on. */
  [Symbol.dispose](): void {
    this.#over = true;
    this.#settling?.cancel();
    this.#quiet?.cancel();
  }

  #take(state: AgentState): void {
    const isNew = !isSame(state, this.#current);
    this.#current = state;
    if (!isNew || this.#over) return;
    this.#settling?.cancel();
    const { clock, onChanged, onSettled, onReturned } = this.#options;
    onChanged?.(this.#current);
    this.#settling = clock.after(SETTLE_MS, () => {
      const hasReturned = isSame(this.#current, this.#settled);
      this.#settled = this.#current;
      if (hasReturned) onReturned?.(this.#settled);
      else onSettled(this.#settled);
    });
  }

  #watchQuiet(ms: number): void {
    const { clock } = this.#options;
    this.#quiet = clock.after(ms, () => {
      const left = this.#printedAt + QUIET_MS - clock.monotonic();
      if (left > 0) {
        this.#watchQuiet(left);
        return;
      }
      this.#quiet = undefined;
      this.#take({ status: 'idle', source: 'quiet' });
    });
  }
}

/** Another question is another status: a person has to look again. */
function isSame(a: AgentState, b: AgentState): boolean {
  return a.status === b.status && (a.status !== 'waiting' || a.reason === b.reason);
}

/** A second report of a failure without a reason keeps the reason of the first. */
function reasonOf(reported: ReportedState, before: ReportedState | undefined): Pick<ReportedState, 'reason'> {
  const reason = reported.reason ?? (before?.status === reported.status ? before.reason : undefined);
  return reason === undefined ? {} : { reason };
}
