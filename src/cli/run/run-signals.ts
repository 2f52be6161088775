import type { Recording } from '../../record/run/recording.js';
import type { CliContext, CliSignal } from '../options/context.js';

/** A signal that asks orch to end is meant for its agent. */
const PASSED_ON: readonly CliSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

/** Signals sent to orch while an agent runs go to the agent, which then ends the run by ending. */
export class RunSignals implements Disposable {
  readonly #listening: Disposable[];
  readonly #ended = new AbortController();
  #target: ((signal: CliSignal) => void) | undefined;
  #early: CliSignal | undefined;

  constructor(context: CliContext) {
    this.#listening = PASSED_ON.map((signal) =>
      context.onSignal(signal, () => {
        if (this.#target === undefined) this.#early = signal;
        else this.#target(signal);
      }),
    );
  }

  /** Aborted by a signal after the agent's end: nothing should wait for a reader any longer. */
  get afterEnd(): AbortSignal {
    return this.#ended.signal;
  }

  /** Passes signals on to `target` from now on, and at once one that came before. */
  passOnTo(target: (signal: CliSignal) => void): void {
    this.#target = target;
    if (this.#early !== undefined) target(this.#early);
  }

  /** The agent has ended: a signal now means orch itself. */
  agentEnded(): void {
    this.#target = () => {
      this.#ended.abort();
    };
  }

  /** Passes signals on to a recording, until it has ended. */
  follow(recording: Recording): void {
    this.passOnTo((signal) => {
      recording.signal(signal, 'outside');
    });
    const ended = (): void => {
      this.agentEnded();
    };
    // A failure is reported where the run is awaited.
    recording.ended.then(ended, ended);
  }

  [Symbol.dispose](): void {
    for (const listening of this.#listening) listening[Symbol.dispose]();
  }
}
