import type { Clock, Timer } from '../../core/clock.js';
import type { ExitStatus } from '../../core/exit-status.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import { isOnlyStatusLines } from '../../core/terminal/status-line.js';
import { Capture } from '../../pty/process/capture.js';
import { InputQueue } from '../../pty/input/input-queue.js';
import type { PtySpawner } from '../../pty/process/load-pty.js';
import type { PtyProcess, PtySpawn } from '../../pty/process/pty-process.js';
import type { RunSettings } from '../../settings/run-settings.js';
import { isStopped } from '../../store/layout/process-identity.js';
import type { AgentEvent, Timeout } from './run-events.js';

export interface AgentRunOptions {
  readonly clock: Clock;
  readonly ending: RunSettings['ending'];
  readonly timeouts: RunSettings['timeouts'];
  /** Status lines of orch's own are silence. */
  readonly drawsStatus: boolean;
  readonly emit: (event: AgentEvent) => void;
}

/** One agent under its pseudo-terminal, from its start to the last byte it printed. */
export class AgentRun implements Disposable {
  /** Resolves when it has ended and all its output has been given. */
  readonly ended: Promise<ExitStatus>;
  readonly #options: AgentRunOptions;
  readonly #pty: PtyProcess;
  readonly #capture: Capture;
  readonly #input: InputQueue;
  #deadline: Timer | undefined;
  #idle: Timer | undefined;
  #printedAt: number;
  #killing: Timer | undefined;
  #timeout: Timeout | undefined;

  constructor(spawn: PtySpawner, what: PtySpawn, options: AgentRunOptions) {
    const { clock, timeouts, drawsStatus } = options;
    const { lingerMs } = options.ending;
    this.#options = options;
    this.#pty = spawn({ ...what, sessionStays: lingerMs > 0 });
    this.#input = new InputQueue({ clock, write: (bytes) => this.#pty.write(bytes) });
    this.#printedAt = clock.monotonic();
    this.#capture = new Capture(this.#pty, {
      clock,
      lingerMs,
      sink: (bytes) => {
        if (!drawsStatus || !isOnlyStatusLines(bytes)) this.#printedAt = clock.monotonic();
        options.emit({ type: 'output', bytes });
      },
    });
    if (timeouts.iterationMs !== undefined) {
      this.#deadline = clock.after(timeouts.iterationMs, () => {
        this.#tookTooLong('iteration');
      });
    }
    if (timeouts.idleMs !== undefined) this.#watchIdle(timeouts.idleMs);
    this.ended = this.#capture.ended;
  }

  get pid(): number {
    return this.#pty.pid;
  }

  /** Calls `listener` once when it runs: at once, except where its session outlives it. */
  onStart(listener: () => void): void {
    this.#pty.onStart(listener);
  }

  /** Its terminal, such as `/dev/pts/7`. */
  get device(): string {
    return this.#pty.device;
  }

  /** The time limit by which it was ended. */
  get timeout(): Timeout | undefined {
    return this.#timeout;
  }

  /** Types `bytes`, which are its own from then on. False: hold back what follows until `onDrained`. */
  type(bytes: Uint8Array, onDrained?: () => void): boolean {
    return this.#input.push(bytes, onDrained);
  }

  /** True when everything typed has reached its terminal. */
  get inputTaken(): boolean {
    return this.#input.empty;
  }

  /** Resolves when everything typed has reached its terminal; with false when the run ends before. */
  inputWritten(): Promise<boolean> {
    return this.#input.emptied();
  }

  /** Gives its terminal another size; returns the offset, in what it printed, at which that happened. */
  resize(size: TerminalSize): number {
    return this.#capture.resize(size);
  }

  /** Sends a signal to its process group; SIGKILL follows when it has not ended in time. */
  signal(signal: NodeJS.Signals): void {
    const { clock, ending, emit } = this.#options;
    this.#pty.kill(signal);
    // A stopped process sees nothing but SIGKILL until it may go on.
    if (isStopped(this.#pty.pid)) this.#pty.kill('SIGCONT');
    this.#killing ??= clock.after(ending.killAfterMs, () => {
      emit({ type: 'kill', signal });
      this.#pty.kill('SIGKILL');
    });
  }

  /** Sends a signal to its process group which ends nothing. */
  pass(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#pty.kill(signal);
  }

  /** After its end: lets go of what waits. */
  [Symbol.dispose](): void {
    this.#deadline?.cancel();
    this.#idle?.cancel();
    this.#killing?.cancel();
    this.#input[Symbol.dispose]();
  }

  #watchIdle(limitMs: number): void {
    const left = this.#printedAt + limitMs - this.#options.clock.monotonic();
    this.#idle = this.#options.clock.after(Math.max(1, left), () => {
      if (this.#options.clock.monotonic() - this.#printedAt >= limitMs) this.#tookTooLong('idle');
      else this.#watchIdle(limitMs);
    });
  }

  #tookTooLong(what: Timeout): void {
    if (this.#timeout !== undefined) return;
    this.#timeout = what;
    this.#options.emit({ type: 'timeout', what });
  }
}
