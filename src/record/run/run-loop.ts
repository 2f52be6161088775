import type { Behaviour } from '../../backends/index.js';
import { type Account, sumOf, type ReportedState } from '../../core/agent-state.js';
import { type Clock, sleep } from '../../core/clock.js';
import { reason } from '../../core/errors.js';
import type { ExitStatus } from '../../core/exit-status.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import type { PtySpawner } from '../../pty/process/load-pty.js';
import type { PtySpawn } from '../../pty/process/pty-process.js';
import type { RunSettings } from '../../settings/run-settings.js';
import type { Verdict } from '../../store/layout/manifest.js';
import { isStopped } from '../../store/layout/process-identity.js';
import type { ReadableLog } from '../status/read-back.js';
import type { Loop } from './loop.js';
import type { RunEvent, WatchedEvent } from './run-events.js';
import { WatchedRun } from './watched-run.js';

export interface RunLoopOptions {
  readonly clock: Clock;
  readonly spawn: PtySpawner;
  /** The program to start in a terminal of this size. */
  readonly program: (size: TerminalSize) => PtySpawn;
  /** The size of the terminal at the start. */
  readonly size: TerminalSize;
  readonly settings: Pick<RunSettings, 'ending' | 'timeouts'>;
  readonly behaviour: Behaviour;
  /** The agent's prompt, if any. */
  readonly prompt: string | undefined;
  /** Judges each run, and repeats it; undefined: it is run once, and judged by its exit code, or a signal, alone. */
  readonly loop: Loop | undefined;
  /** The log of the agent's output. */
  readonly log: ReadableLog;
  readonly emit: (event: RunEvent) => void;
}

/** The end of all runs of an agent. */
export interface RunsEnd {
  /** Of the last. */
  readonly status: ExitStatus;
  /** The verdict, where there is more than the exit code. */
  readonly verdict: Verdict | undefined;
  /** The signal by which the end was asked for; keys with that meaning count as SIGINT. */
  readonly interruptedBy: NodeJS.Signals | undefined;
  /** What all runs cost, as far as the agent says. */
  readonly account: Account;
  /** The last was ended because its turn was over: its exit code is not its own. */
  readonly left: boolean;
  /** Whether the last ever said what it is doing. */
  readonly begun: boolean;
}

/** Runs one agent as often as its loop requires. It runs from construction on, and knows nothing of a task's folder. */
export class RunLoop implements Disposable {
  readonly #options: RunLoopOptions;
  /** The newest run; the last when the agent is not run again. */
  #run: WatchedRun;
  #size: TerminalSize;
  #isStopped = false;
  /** Aborted when the end is asked for: no run follows. */
  readonly #interrupted = new AbortController();
  #interruptedBy: NodeJS.Signals | undefined;
  /** What each run of a judged agent cost. */
  readonly #accounts: Account[] = [];

  /** Starts the agent; nothing is emitted before {@link untilEnd}. @throws OrchError SPAWN_FAILED, PTY_UNAVAILABLE */
  constructor(options: RunLoopOptions) {
    this.#options = options;
    this.#size = options.size;
    this.#run = this.#start();
  }

  /** The size of the agent's terminal. */
  get size(): TerminalSize {
    return this.#size;
  }

  /** The agent's terminal, such as `/dev/pts/7`. */
  get device(): string {
    return this.#run.device;
  }

  /** True when everything typed has reached the agent's terminal. */
  get inputTaken(): boolean {
    return this.#run.inputTaken;
  }

  /** Resolves when everything typed has reached the agent's terminal; with false when the run ends before. */
  inputWritten(): Promise<boolean> {
    return this.#run.inputWritten();
  }

  /** Types `bytes`, which are the agent's from then on. False: hold back what follows until `onDrained`. */
  type(bytes: Uint8Array, onDrained?: () => void): boolean {
    return this.#run.type(bytes, onDrained);
  }

  /** A person typed this to the agent, a read of their terminal. */
  keysTyped(bytes: Uint8Array): void {
    this.#run.keysTyped(bytes);
  }

  /** The agent reported a status by other means than its output. */
  report(reported: ReportedState): void {
    this.#run.report(reported);
  }

  /** Gives the agent's terminal another size; returns the absolute offset at which that happened. */
  resize(size: TerminalSize): number {
    this.#size = size;
    return this.#run.resize(size);
  }

  /** Passes a signal on to the agent, and ends the loop. */
  interrupt(signal: NodeJS.Signals, from: string): void {
    this.#interruptedBy ??= signal;
    this.#interrupted.abort();
    this.#pass(signal, from);
  }

  /** The agent's process group. */
  get pid(): number {
    return this.#run.pid;
  }

  /** Stops the agent, as Ctrl-Z does in a shell, until `goOn`. */
  suspend(): void {
    this.#isStopped = true;
    this.#options.emit({ type: 'suspended' });
    this.#run.pass('SIGSTOP');
  }

  goOn(): void {
    this.#isStopped = false;
    this.#options.emit({ type: 'resumed' });
    this.#run.pass('SIGCONT');
  }

  /** Checks whether the agent was stopped, for which there is no notification. */
  check(): void {
    const { pid } = this.#run;
    const stopped = isStopped(pid);
    if (stopped === this.#isStopped) return;
    this.#isStopped = stopped;
    this.#options.emit({ type: stopped ? 'stopped' : 'continued', pid });
  }

  /** Follows the agent through all its runs to the end; to be called once, right after construction. */
  async untilEnd(): Promise<RunsEnd> {
    const { loop, clock, emit } = this.#options;
    if (loop !== undefined) emit({ type: 'iteration.start', number: 1 });
    this.#noteStart();
    for (let number = 1; ; number++) {
      const begun = clock.monotonic();
      const status = await this.#run.ended;
      emit({ type: 'exit' });
      // Its timers end here: neither the verdict nor the pause before the next run counts.
      this.#run[Symbol.dispose]();
      const interrupted = this.#interruptedBy;
      if (loop === undefined) return this.#end(status, interrupted && interruption(interrupted), false);
      const { account, facts } = this.#run;
      this.#accounts.push(account);
      const { verdict, byKeys, outcome, reason: why } = await loop.judge({ ...facts, number, status, interrupted });
      const ms = clock.monotonic() - begun;
      emit({ type: 'iteration.end', iteration: { number, outcome, reason: why, status, ms, account } });
      if (verdict !== undefined) return this.#end(status, verdict, byKeys);
      const failure = await this.#again(number + 1, loop);
      if (failure !== undefined)
        return this.#end(status, { result: 'failed', reason: failure, iterations: number }, byKeys);
    }
  }

  /** Lets go of what waits. */
  [Symbol.dispose](): void {
    this.#run[Symbol.dispose]();
  }

  /** Runs the agent again after the pause. Returns the reason where it does not. */
  async #again(number: number, { delayMs }: Loop): Promise<string | undefined> {
    const { clock, emit } = this.#options;
    const { signal } = this.#interrupted;
    await sleep(clock, delayMs, signal);
    if (signal.aborted) return 'interrupted';
    try {
      this.#run = this.#start();
    } catch (error) {
      // The system has no process or no terminal left: what was recorded stays, and ends here.
      return `it could not be started again: ${reason(error)}`;
    }
    emit({ type: 'iteration.start', number });
    const state = { status: 'starting', source: 'exit' } as const;
    emit({ type: 'changed', state });
    emit({ type: 'status', state });
    this.#noteStart();
    emit({ type: 'again' });
    return undefined;
  }

  /** @throws OrchError SPAWN_FAILED, PTY_UNAVAILABLE; then no run has begun */
  #start(): WatchedRun {
    const { clock, spawn, program, settings, behaviour, prompt, loop, log } = this.#options;
    return new WatchedRun(spawn, program(this.#size), {
      clock,
      ending: settings.ending,
      timeouts: settings.timeouts,
      behaviour,
      prompt,
      log,
      // A command has no turns: it ends by itself.
      leaves: loop === undefined ? 'never' : loop.repeats ? 'always' : 'untouched',
      emit: (event) => {
        this.#pick(event);
      },
    });
  }

  #pick(event: WatchedEvent): void {
    this.#options.emit(event);
    if (event.type === 'timeout') this.#pass('SIGTERM', 'a time-out');
    if (event.type === 'stay') this.#pass('SIGTERM', 'orch, because its turn is over');
  }

  #pass(signal: NodeJS.Signals, from: string): void {
    this.#options.emit({ type: 'signal', signal, from });
    this.#run.signal(signal);
  }

  #noteStart(): void {
    const run = this.#run;
    run.onStart(() => {
      this.#options.emit({ type: 'start', pid: run.pid });
    });
  }

  #end(status: ExitStatus, verdict: Verdict | undefined, byKeys: boolean): RunsEnd {
    return {
      status,
      verdict,
      interruptedBy: this.#interruptedBy ?? (byKeys ? 'SIGINT' : undefined),
      account: sumOf(this.#accounts),
      left: this.#run.facts.left,
      begun: this.#run.begun,
    };
  }
}

/** The verdict of a command that was interrupted through orch: no success, whatever its exit code. */
function interruption(signal: NodeJS.Signals): Verdict {
  return { result: 'failed', reason: `interrupted by ${signal}`, iterations: 1 };
}
