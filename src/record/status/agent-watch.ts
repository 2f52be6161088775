import type { Behaviour } from '../../backends/behaviour.js';
import { type AgentState, isTurnOver, type ReportedState } from '../../core/agent-state.js';
import type { Clock } from '../../core/clock.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import { OscReports } from './osc-reports.js';
import type { ReadableLog } from './read-back.js';
import type { ScreenStatus } from './screen-watch-protocol.js';
import { ScreenWatch } from './screen-watch.js';
import { StatusTracker } from './status-tracker.js';

export interface AgentWatchOptions {
  readonly clock: Clock;
  readonly behaviour: Behaviour;
  /** The prompt: lines of it that the agent prints again do not count. */
  readonly prompt: string | undefined;
  readonly size: TerminalSize;
  readonly log: ReadableLog;
  readonly emit: (event: WatchEvent) => void;
}

/** The events of a watched agent. */
export type WatchEvent =
  /** It has this status since now. */
  | { readonly type: 'changed'; readonly state: AgentState }
  /** It has had this status for a second, perhaps again after others that did not last. */
  | { readonly type: 'held'; readonly state: AgentState }
  /** It has had this status for a second, which is another than before. */
  | { readonly type: 'status'; readonly state: AgentState }
  /** It reported its status. */
  | { readonly type: 'reported'; readonly reported: ReportedState }
  /** It reported that its turn is over, successful or not, and no other status for a second. */
  | { readonly type: 'turn.over'; readonly state: AgentState };

/** Follows the status of one run of an agent, by all of its sources. */
export class AgentWatch implements Disposable {
  readonly #options: AgentWatchOptions;
  readonly #tracker: StatusTracker;
  readonly #reports = new OscReports();
  readonly #screenWatch: ScreenWatch | undefined;
  /** It has begun its first turn: before that it is idle, too. */
  #worked = false;
  #begun = false;
  #isCleared = false;
  /** It is asked to leave. */
  isLeaving = false;

  constructor(options: AgentWatchOptions) {
    const { clock, behaviour, prompt, size, log } = options;
    this.#options = options;
    this.#tracker = new StatusTracker({
      clock,
      onChanged: (state) => {
        options.emit({ type: 'changed', state });
      },
      onSettled: (state) => {
        options.emit({ type: 'status', state });
        this.#hasHeld(state);
      },
      // A turn may be over within a second.
      onReturned: (state) => {
        this.#hasHeld(state);
      },
    });
    // Patterns of failures alone are matched after the end, as a rule: they need no reaction before.
    const { patterns, failsForEver } = behaviour;
    if (patterns !== undefined && (patterns.done ?? patterns.waiting ?? failsForEver) !== undefined) {
      const onStatus = (shown: ScreenStatus): void => {
        this.#see(shown);
      };
      this.#screenWatch = new ScreenWatch({ size, patterns, prompt }, { clock, log, onStatus });
    }
  }

  /**
   * The agent's last report; undefined where there was none, or where it took that back. One that is known to report takes its last
   * one back whenever it ends, in the middle of a turn too.
   */
  get reported(): ReportedState | undefined {
    return this.#isCleared && this.#options.behaviour.reports !== true ? undefined : this.#tracker.reported;
  }

  /** Whether it has ever reported a status; a stream that only reports a failure does not count. */
  get begun(): boolean {
    return this.#begun;
  }

  /** It has printed this. */
  printed(bytes: Uint8Array): void {
    this.#tracker.printed();
    this.#screenWatch?.printed();
    for (const report of this.#reports.push(bytes)) {
      if (report.type === 'clear') this.#clear();
      else this.#hear(report);
    }
  }

  resized(size: TerminalSize): void {
    this.#screenWatch?.resized(size);
  }

  /** It reported a status by other means than its output. */
  report(reported: ReportedState): void {
    this.#worked ||= reported.status === 'working' || reported.source !== 'osc';
    this.#begun ||= reported.source !== 'stream' || reported.status !== 'failed';
    this.#isCleared = false;
    this.#tracker.report(reported);
    this.#options.emit({ type: 'reported', reported });
  }

  [Symbol.dispose](): void {
    this.#tracker[Symbol.dispose]();
    this.#screenWatch?.[Symbol.dispose]();
  }

  #hasHeld(state: AgentState): void {
    const { status, source } = state;
    this.#options.emit({ type: 'held', state });
    if (this.#worked && source !== 'quiet' && isTurnOver(status)) this.#options.emit({ type: 'turn.over', state });
  }

  #hear({ status, reason }: Omit<AgentState, 'source'>): void {
    this.report({ status, source: 'osc', ...(reason === undefined ? {} : { reason }) });
  }

  #clear(): void {
    this.#isCleared = true;
    // What it prints when it leaves is no work.
    if (!this.isLeaving) this.#tracker.clear();
  }

  #see(shown: ScreenStatus): void {
    // The question may stand there for long after it was answered; one that reports by itself says when it waits.
    if (shown?.status === 'waiting' && this.reported?.source === 'osc') return;
    if (shown !== null) this.report({ ...screenState(shown), source: 'screen' });
    else if (this.reported?.source === 'screen') this.report({ status: 'working', source: 'screen' });
  }
}

/** What it waits for is in the line that says so; that it is done says no more. */
function screenState({ status, text }: NonNullable<ScreenStatus>): Omit<AgentState, 'source'> {
  return status === 'done' ? { status } : { status, reason: text };
}
