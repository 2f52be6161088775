import { constants } from 'node:os';
import type { Behaviour, ScreenPatterns } from '../../backends/behaviour.js';
import { isTurnOver, type Outcome, type ReportedState } from '../../core/agent-state.js';
import { ExitCode, type ExitStatus, signalName } from '../../core/exit-status.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import type { RenderChunk } from '../../render/model/line.js';
import type { LoopSettings } from '../../settings/run-settings.js';
import type { Verdict } from '../../store/layout/manifest.js';
import type { Timeout } from './run-events.js';
import type { Neighbours, SaidLine } from '../status/said-lines.js';
import { compilePatterns, meaningOf } from '../status/screen-patterns.js';
import type { TurnHistory } from '../status/turn-history.js';

/** The settings of a loop, and of the agent it runs. */
export interface LoopOptions extends LoopSettings {
  /** The agent's prompt, which it may print again. */
  readonly prompt: string | undefined;
  readonly behaviour: Behaviour;
}

/** One run of the agent, when it has ended. */
export interface Iteration {
  /** From 1. */
  readonly number: number;
  readonly status: ExitStatus;
  readonly timeout: Timeout | undefined;
  /** The signal by which it was asked to end. */
  readonly interrupted: NodeJS.Signals | undefined;
  /** The agent's last report of its status. */
  readonly reported: ReportedState | undefined;
  /** Its turn was over, and it was asked to leave. */
  readonly left: boolean;
  /** The keys typed to it, and its reports that a turn was over. */
  readonly turns: TurnHistory;
  /** Its output, and the terminal's size at its start. */
  readonly chunks: () => Iterable<RenderChunk>;
  readonly size: TerminalSize;
  /** Absolute offset of its first byte. */
  readonly offset: number;
}

/** The result of one iteration. The loop goes on where there is no verdict yet. */
export interface IterationResult extends Found {
  readonly verdict: Verdict | undefined;
  /** A person ended it, by keys typed to the agent. */
  readonly byKeys: boolean;
}

interface Found {
  readonly outcome: Outcome;
  readonly reason: string;
  /** It was interrupted by keys. */
  readonly interrupted?: true;
  /** Behind the line that says so, absolute. */
  readonly offset?: number;
}

/** A typed Ctrl-C reaches the agent alone, but is meant for the loop. */
function isInterrupt({ exitCode, signal }: ExitStatus, { exitCodes }: Behaviour): boolean {
  return (
    signal === constants.signals.SIGINT ||
    (exitCode === ExitCode.interrupted && exitCodes?.has(ExitCode.interrupted) !== true)
  );
}

/** Judges each run of an agent, and decides whether there is to be another. */
export class Loop {
  readonly #options: LoopOptions;
  #failures = 0;

  constructor(options: LoopOptions) {
    this.#options = options;
  }

  /** Whether there may be more runs than one. */
  get repeats(): boolean {
    return this.#options.maxIterations > 1;
  }

  get delayMs(): number {
    return this.#options.delayMs;
  }

  async judge(iteration: Iteration): Promise<IterationResult> {
    const { number } = iteration;
    const found = await this.#outcomeOf(iteration);
    const { outcome, reason, offset, interrupted = false } = found;
    // Ctrl-C is meant for the loop.
    const byKeys = interrupted || (outcome !== 'done' && this.repeats && iteration.turns.endsWithInterrupt);
    this.#failures = outcome === 'failed' || outcome === 'timeout' ? this.#failures + 1 : 0;
    const { maxIterations, stopAfterFailures, behaviour } = this.#options;
    const end = (result: Outcome, why: string): IterationResult => ({
      ...found,
      byKeys,
      verdict: { result, reason: why, iterations: number, ...(offset === undefined ? {} : { offset }) },
    });
    if (outcome === 'done') return end('done', reason);
    if (iteration.interrupted !== undefined) return end('failed', `interrupted by ${iteration.interrupted}`);
    if (byKeys || isInterrupt(iteration.status, behaviour)) return end('failed', 'interrupted');
    if (this.#failures >= stopAfterFailures) {
      return end(
        outcome,
        this.#failures === 1 ? reason : `${this.#failures} iterations failed in a row, the last: ${reason}`,
      );
    }
    if (number >= maxIterations)
      return end(outcome, number === 1 ? reason : `${number} iterations are used up; the last: ${reason}`);
    return { ...found, byKeys, verdict: undefined };
  }

  async #outcomeOf(iteration: Iteration): Promise<Found> {
    const { until } = this.#options;
    const { timeout, interrupted, reported } = iteration;
    const { word, failure, doneAt } = await this.#saidIn(iteration);
    if (word !== undefined) return { outcome: 'done', reason: `it said ${until ?? ''}`, ...at(word, iteration) };
    if (timeout === 'idle') return { outcome: 'timeout', reason: 'it printed nothing for too long' };
    if (timeout !== undefined) return { outcome: 'timeout', reason: 'it took too long' };
    if (interrupted !== undefined) return { outcome: 'failed', reason: `interrupted by ${interrupted}` };
    if (failure !== undefined)
      return { outcome: 'failed', reason: `it said: ${failure.text}`, ...at(failure, iteration) };
    if (reported?.status === 'failed') return { outcome: 'failed', reason: reported.reason ?? 'it reported an error' };
    const ended = this.#byKeys(iteration, doneAt) ?? this.#byEnd(iteration);
    if (ended.outcome === 'done' && until !== undefined)
      return { outcome: 'unfinished', reason: `it did not say ${until}` };
    return ended;
  }

  /** Whether a person left it within a turn, which its exit code may not show. */
  #byKeys({ turns, status, reported }: Iteration, doneAt: readonly number[]): Found | undefined {
    const { answersForItself, exitCodes, reports, patterns } = this.#options.behaviour;
    const isOwn = status.signal !== 0 || status.exitCode !== 0 || exitCodes?.has(0) === true;
    if (answersForItself || isOwn || !turns.touched) return undefined;
    const turn = turns.end(doneAt);
    if (turn === 'interrupted') return { outcome: 'failed', reason: 'interrupted', interrupted: true };
    const tells = reports || patterns?.done !== undefined || (reported !== undefined && reported.source !== 'screen');
    return turn === 'open' && tells ? { outcome: 'failed', reason: 'it was left before its turn was over' } : undefined;
  }

  /** The outcome by its exit status, where no one asked it to end. */
  #byEnd({ status, reported, left }: Iteration): Found {
    if (left) return { outcome: 'done', reason: 'its turn is over' };
    const { exitCode, signal } = status;
    if (signal !== 0) return { outcome: 'failed', reason: `ended by ${signalName(signal) ?? `signal ${signal}`}` };
    const reason = `exit ${exitCode}`;
    const meant = this.#options.behaviour.exitCodes?.get(exitCode);
    if (meant !== undefined) return { outcome: meant, reason };
    if (exitCode !== 0) return { outcome: 'failed', reason };
    // A status from its screen does not count: text may stay there after a turn.
    if (reported !== undefined && reported.source !== 'screen' && !isTurnOver(reported.status))
      return { outcome: 'failed', reason: 'it ended before its turn did' };
    return { outcome: 'done', reason };
  }

  /** Finds the `until` line, a line that says that the agent failed, and the offsets behind lines that end a turn. */
  async #saidIn({ chunks, size, turns, offset: begin }: Iteration): Promise<Said> {
    const { until, prompt, behaviour } = this.#options;
    const failed = behaviour.patterns?.failed;
    // The ends of turns are needed only where a person may have interrupted it.
    const done = turns.touched ? behaviour.patterns?.done : undefined;
    if (until === undefined && failed === undefined && done === undefined) return { doneAt: [] };
    // Loaded only where it is needed: the screen model takes longer to load than an agent to start.
    const { folded, LineFinder, readLines } = await import('../status/said-lines.js');
    const word = until === undefined ? undefined : folded(until);
    const patterns = compilePatterns({ failed, done });
    const meaning = (text: string, around: Neighbours): 'word' | keyof ScreenPatterns | undefined =>
      text === word ? 'word' : meaningOf(text, around, patterns);
    let failure: SaidLine<unknown> | undefined;
    const doneAt: number[] = [];
    for (const said of new LineFinder(meaning, prompt).find(readLines(chunks(), size))) {
      if (said.what === 'word') return { word: said, doneAt };
      if (said.what === 'failed') failure ??= said;
      else if (said.endOffset !== undefined) doneAt.push(begin + said.endOffset);
    }
    return failure === undefined ? { doneAt } : { failure, doneAt };
  }
}

interface Said {
  readonly word?: SaidLine<unknown>;
  readonly failure?: SaidLine<unknown>;
  readonly doneAt: readonly number[];
}

function at({ endOffset }: SaidLine<unknown>, { offset }: Iteration): { readonly offset?: number } {
  return endOffset === undefined ? {} : { offset: offset + endOffset };
}
