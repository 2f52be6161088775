import type { AgentState, AgentStatus, StatusSource, ReportedState } from '../../core/agent-state.js';
import type { Clock, Timer } from '../../core/clock.js';

/** A status that does not hold for so long is not worth telling anybody, ms. */
const SETTLE_MS = 1000;
/** An agent that says nothing of itself counts as idle when it has printed nothing for so long, ms. */
const QUIET_MS = 10_000;

export interface StatusTrackerOptions {
  readonly clock: Clock;
  /** Told of each status that has held for a second. */
  readonly onSettled: (state: AgentState) => void;
  /** Told of one that has held for a second again, after others that did not. */
  readonly onReturned?: (state: AgentState) => void;
}

/**
 * What one run of an agent is doing, made out of what it says of itself and, where it says nothing, of whether it
 * prints. A status counts when it has held for a second; the first is `starting`, and the last for whoever sees the end.
 */
export class StatusTracker implements Disposable {
  readonly #options: StatusTrackerOptions;
  #settled: AgentState = { status: 'starting', source: 'exit' };
  /** The newest, which may not hold. */
  #current = this.#settled;
  #reported: ReportedState | undefined;
  #settling: Timer | undefined;
  #quiet: Timer | undefined;
  #printedAt = 0;
  #over = false;

  constructor(options: StatusTrackerOptions) {
    this.#options = options;
  }

  /** What the agent last said of itself; undefined where it never did. */
  get reported(): ReportedState | undefined {
    return this.#reported;
  }

  /** It has printed something. Called for every piece of output. */
  printed(): void {
    if (this.#reported !== undefined) return;
    this.#printedAt = this.#options.clock.monotonic();
    this.#take('working', 'quiet');
    if (this.#quiet === undefined) this.#watchQuiet(QUIET_MS);
  }

  /**
   * It has said what it is doing: from then on, whether it prints says nothing. Of an agent that reports its state in
   * its output, hooks say the same again, and late; but that a turn failed may be said by a hook alone.
   */
  report(reported: ReportedState): void {
    if (reported.source === 'hook' && reported.status !== 'failed' && this.#reported?.source === 'osc') return;
    this.#reported = { ...reported, ...reasonOf(reported, this.#reported) };
    this.#quiet?.cancel();
    this.#take(reported.status, reported.source);
  }

  /** What is told from now on comes too late to be told on. */
  [Symbol.dispose](): void {
    this.#over = true;
    this.#settling?.cancel();
    this.#quiet?.cancel();
  }

  #take(status: AgentStatus, source: StatusSource): void {
    const isNew = status !== this.#current.status;
    this.#current = { status, source };
    if (!isNew || this.#over) return;
    this.#settling?.cancel();
    const { clock, onSettled, onReturned } = this.#options;
    this.#settling = clock.after(SETTLE_MS, () => {
      const hasReturned = this.#current.status === this.#settled.status;
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
      this.#take('idle', 'quiet');
    });
  }
}

/** Whoever says that it failed does not take back why, as another has said. */
function reasonOf(reported: ReportedState, before: ReportedState | undefined): Pick<ReportedState, 'reason'> {
  const reason = reported.reason ?? (before?.status === reported.status ? before.reason : undefined);
  return reason === undefined ? {} : { reason };
}
