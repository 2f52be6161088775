import type { Behaviour } from '../../backends/behaviour.js';
import type { Account, AgentState, ReportedState } from '../../core/agent-state.js';
import { sleep } from '../../core/clock.js';
import type { ExitStatus } from '../../core/exit-status.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import type { PtySpawner } from '../../pty/process/load-pty.js';
import type { PtySpawn } from '../../pty/process/pty-process.js';
import { AgentRun, type AgentRunOptions } from './agent-run.js';
import { AgentWatch, type WatchEvent } from '../status/agent-watch.js';
import type { Iteration } from './loop.js';
import type { WatchedEvent } from './run-events.js';
import { type ReadableLog, readBack } from '../status/read-back.js';
import { TurnHistory } from '../status/turn-history.js';
import { TypedKeys } from '../status/typed-keys.js';

/** Pause between two keys that end an agent, ms: its interface draws the menu that the first one opens. */
const KEY_MS = 1000;

export interface WatchedRunOptions extends Omit<AgentRunOptions, 'emit' | 'drawsStatus'> {
  readonly behaviour: Behaviour;
  readonly prompt: string | undefined;
  readonly log: ReadableLog;
  /**
   * Whether the agent is ended when its turn is over; `untouched`: unless a person has written to it
   * or interrupted it.
   */
  readonly leaves: 'always' | 'untouched' | 'never';
  readonly emit: (event: WatchedEvent) => void;
}

/** One run of an agent, with its output, its reported status, and its end. */
export class WatchedRun implements Disposable {
  /** Resolves when it has ended and all its output has been given. */
  readonly ended: Promise<ExitStatus>;
  readonly #options: WatchedRunOptions;
  readonly #run: AgentRun;
  readonly #watch: AgentWatch;
  /** Where the recording was when it began, and the terminal's sizes since. */
  readonly #offset: number;
  readonly #size: TerminalSize;
  readonly #resizes: { readonly offset: number; readonly size: TerminalSize }[] = [];
  readonly #over = new AbortController();
  readonly #keys: TypedKeys;
  readonly #turns = new TurnHistory();
  #isTouched = false;
  #left = false;
  #account: Account = {};

  /** @throws OrchError SPAWN_FAILED, PTY_UNAVAILABLE */
  constructor(spawn: PtySpawner, what: PtySpawn, options: WatchedRunOptions) {
    const { clock, behaviour, prompt, log } = options;
    this.#options = options;
    this.#offset = log.offset;
    this.#size = what.size;
    this.#keys = new TypedKeys(behaviour.leave?.[0]);
    this.#run = new AgentRun(spawn, what, {
      ...options,
      drawsStatus: behaviour.drawsStatus === true,
      emit: (event) => {
        if (event.type === 'output') this.#turns.printed(log.offset, clock.monotonic());
        options.emit(event);
        // Its status is derived only from output that has been recorded.
        if (event.type === 'output') this.#watch.printed(event.bytes);
      },
    });
    this.#watch = new AgentWatch({
      clock,
      behaviour,
      prompt,
      size: what.size,
      log,
      emit: (event) => {
        this.#heed(event);
      },
    });
    this.ended = this.#run.ended;
  }

  get pid(): number {
    return this.#run.pid;
  }

  /** Calls `listener` once when it runs: at once, except where its session outlives it. */
  onStart(listener: () => void): void {
    this.#run.onStart(listener);
  }

  /** Its terminal, such as `/dev/pts/7`. */
  get device(): string {
    return this.#run.device;
  }

  /** The cost of this run, as the agent reports it. */
  get account(): Account {
    return this.#account;
  }

  /** Whether it has ever said what it is doing. */
  get begun(): boolean {
    return this.#watch.begun;
  }

  /** True when everything typed has reached its terminal. */
  get inputTaken(): boolean {
    return this.#run.inputTaken;
  }

  /** Types `bytes`, which are its own from then on. False: hold back what follows until `onDrained`. */
  type(bytes: Uint8Array, onDrained?: () => void): boolean {
    return this.#run.type(bytes, onDrained);
  }

  /** Resolves when everything typed has reached its terminal; with false when the run ends before. */
  inputWritten(): Promise<boolean> {
    return this.#run.inputWritten();
  }

  /** A person typed this to it, in one read of their terminal. Keys without a meaning, such as arrows, do not count. */
  keysTyped(bytes: Uint8Array): void {
    for (const key of this.#keys.read(bytes)) {
      this.#isTouched = true;
      this.#turns.typed(key, this.#options.log.offset, this.#options.clock.monotonic());
    }
  }

  /** Gives its terminal another size; returns the absolute offset at which that happened. */
  resize(size: TerminalSize): number {
    const offset = this.#offset + this.#run.resize(size);
    this.#resizes.push({ offset, size });
    this.#watch.resized(size);
    return offset;
  }

  /** Sends a signal to its process group; SIGKILL follows when it has not ended in time. */
  signal(signal: NodeJS.Signals): void {
    this.#run.signal(signal);
  }

  /** Sends a signal to its process group which ends nothing. */
  pass(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#run.pass(signal);
  }

  /** A report about it in the task's status file. */
  report(reported: ReportedState): void {
    const { cost, tokens } = reported;
    this.#account = {
      ...this.#account,
      ...(cost === undefined ? {} : { cost }),
      ...(tokens === undefined ? {} : { tokens }),
    };
    this.#watch.report(reported);
  }

  /** The facts for its verdict, when it has ended. */
  get facts(): Omit<Iteration, 'number' | 'status' | 'interrupted'> {
    return {
      timeout: this.#run.timeout,
      reported: this.#watch.reported,
      left: this.#left,
      turns: this.#turns,
      chunks: () => readBack(this.#options.log, this.#offset, this.#resizes),
      size: this.#size,
      offset: this.#offset,
    };
  }

  /** After its end: lets go of what waits. */
  [Symbol.dispose](): void {
    this.#over.abort();
    this.#run[Symbol.dispose]();
    this.#watch[Symbol.dispose]();
  }

  #heed(event: WatchEvent): void {
    switch (event.type) {
      case 'changed':
      case 'held':
      case 'status':
        this.#options.emit(event);
        return;
      case 'reported':
        this.#turns.reported(event.reported, this.#options.log.offset);
        return;
      case 'turn.over':
        if (goesOn(event.state, this.#options.behaviour)) return;
        if (this.#mayEnd && !this.#left) void this.#leave();
        return;
    }
  }

  get #mayEnd(): boolean {
    const { leaves } = this.#options;
    return leaves === 'always' || (leaves === 'untouched' && !this.#isTouched);
  }

  /** Asks it to leave, by the keys it knows. */
  async #leave(): Promise<void> {
    const { clock, behaviour, ending, emit } = this.#options;
    const { signal } = this.#over;
    this.#left = this.#watch.isLeaving = true;
    emit({ type: 'leave' });
    for (const key of behaviour.leave ?? []) {
      if (!this.#isLeaving()) return;
      this.#run.type(Buffer.from(key));
      await sleep(clock, KEY_MS, signal);
    }
    if (behaviour.leave !== undefined) await sleep(clock, ending.killAfterMs, signal);
    if (this.#isLeaving()) emit({ type: 'stay' });
  }

  /** Whether the next key may be typed: not after its end, nor when it asks something, which the key would answer. */
  #isLeaving(): boolean {
    if (this.#watch.reported?.status === 'waiting') this.#left = this.#watch.isLeaving = false;
    return this.#left && !this.#over.signal.aborted;
  }
}

/**
 * Whether an agent that ends by itself is left to do so behind this turn: one that failed may have more to say, and one that reports to
 * its terminal does so in every mode, and between two turns too.
 */
function goesOn({ status, source }: AgentState, behaviour: Behaviour): boolean {
  const mayEnd = source === 'osc' || (status === 'failed' && behaviour.failsForEver !== true);
  return mayEnd && endsByItself(behaviour);
}

/** Whether it ends by itself: it has neither keys to leave by nor a line that says that its work is done. */
function endsByItself({ leave, patterns }: Behaviour): boolean {
  return leave === undefined && patterns?.done === undefined;
}
