import { asWritten, type Pattern } from '../../core/pattern/pattern.js';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Behaviour, Invocation } from '../../backends/index.js';
import { type Account, type AgentState, sumOf } from '../../core/agent-state.js';
import { type Clock, sleep, type Timer } from '../../core/clock.js';
import { startFolder } from '../../core/process/current-folder.js';
import { errors, OrchError, reason } from '../../core/errors.js';
import type { RedactorOptions } from '../../core/redact/redactor.js';
import type { Secret } from '../../core/redact/secret-variables.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import type { ExitStatus } from '../../core/exit-status.js';
import type { PtySpawner } from '../../pty/process/load-pty.js';
import type { Verdict } from '../../store/layout/manifest.js';
import { writeNewFile } from '../../store/files/private-file.js';
import { RecordedLog } from '../../store/log/recorded-log.js';
import type { LogRead } from '../../store/log/sealed-segments.js';
import { isStopped } from '../../store/layout/process-identity.js';
import { StatusFile } from '../../store/layout/status-file.js';
import { createTaskFolder, type TaskFolder } from '../../store/layout/task-folder.js';
import type { RunSettings } from '../../settings/run-settings.js';
import { agentEnvironment } from './agent-environment.js';
import type { Timeout } from './agent-run.js';
import { KeyframeThread } from './keyframe-thread.js';
import type { Loop } from './loop.js';
import { Redacting } from './redacting.js';
import { type Notice, type RecordingResult, type TaskIdentity, TaskNotes } from './task-notes.js';
import { WatchedRun } from './watched-run.js';

/** How often is looked for what nothing tells of: a stopped agent, a log that was removed, a word of the agent's hooks. */
const WATCH_MS = 500;

/** An agent that fails so soon was never really there, ms. */
const DIED_AT_START_MS = 5000;

/** In a task's folder: the prompt, where it is too long for an argument. */
const PROMPT_FILE = 'prompt.txt';

/** What to record, and how. */
export interface RecordingRequest extends Omit<TaskIdentity, 'argv' | 'shown'> {
  /** The .agent folder. */
  readonly agentDir: string;
  readonly invocation: Invocation;
  /** Absolute path of its program, resolved before anything was made. */
  readonly file: string;
  /** What the agent's environment is made from. */
  readonly env: Readonly<Record<string, string>>;
  readonly settings: Pick<RunSettings, 'ending' | 'timeouts' | 'log'>;
  /** Judges each run of an agent, and runs it again; undefined: the command is run once, and its exit code is all there is, or a signal to orch. */
  readonly loop: Loop | undefined;
  readonly behaviour: Behaviour;
  /** What the agent is asked; undefined: nothing. */
  readonly prompt: string | undefined;
  /** What is masked before it is recorded, shown or noted; undefined: nothing, the recording is exact. */
  readonly redact?: RedactorOptions | undefined;
  /** What is only looked for, beside well-known tokens, in a recording that is exact, and told of once; undefined: nothing. */
  readonly suspect?: readonly Secret[] | undefined;
}

/** Somebody who is shown every byte as it is recorded. Must not wait, and copies what it keeps. */
export interface Viewer {
  show(bytes: Uint8Array, offset: number): void;
}

export interface RecordingTools {
  readonly spawn: PtySpawner;
  readonly clock: Clock;
  /** Told of what a person should know at once. */
  readonly notify: (notice: Notice) => void;
}

/**
 * One agent being recorded. It knows no terminal of the user's: whoever wants to see attaches a {@link Viewer}, and
 * nothing a viewer does can slow the agent or lose a byte.
 */
export class Recording implements Disposable {
  readonly task: TaskFolder;
  /** Resolves when the agent has ended and everything about it is on disk. */
  readonly ended: Promise<RecordingResult>;
  readonly #request: RecordingRequest;
  readonly #clock: Clock;
  readonly #notes: TaskNotes;
  readonly #log: RecordedLog;
  readonly #keyframes: KeyframeThread;
  readonly #redacting: Redacting | undefined;
  readonly #spawn: PtySpawner;
  readonly #promptFile: string;
  readonly #args: readonly string[];
  readonly #viewers = new Set<Viewer>();
  #size: TerminalSize;
  /** The newest one; the last when the agent is not run again. */
  #run: WatchedRun;
  readonly #statusFile: StatusFile;
  #onAgain: (() => void) | undefined;
  readonly #onStatus = new Set<(state: AgentState) => void>();
  /** Whether orch may end an agent whose turn is over. */
  #mayEnd = true;
  #looking: Timer | undefined;
  #stopped = false;
  /** Aborted when somebody asks for the end: no run follows. */
  readonly #interrupted = new AbortController();
  #interruptedBy: NodeJS.Signals | undefined;
  /** What each run of a judged agent cost. */
  readonly #accounts: Account[] = [];
  /** The agent has ended for good. */
  #isOver = false;
  /** Aborted by a signal that comes then: whoever sent it does not want to wait for the hash. */
  readonly #unhashed = new AbortController();

  /**
   * Makes the task's folder and starts the agent. When that fails nothing is left of either.
   *
   * @throws OrchError AGENT_DIR_UNWRITABLE, SPAWN_FAILED, PTY_UNAVAILABLE
   */
  constructor(request: RecordingRequest, { spawn, clock, notify }: RecordingTools) {
    this.#request = request;
    this.#clock = clock;
    this.#size = request.size;
    this.#spawn = spawn;
    const { redact } = request;
    if (redact !== undefined) {
      const onBehind = (pattern: Pattern): void => {
        const text = `the pattern ${asWritten(pattern)} cannot keep up with the output: text it had no time for is masked whole`;
        this.#notes.say({ level: 'warn', text });
      };
      this.#redacting = new Redacting({ ...redact, onBehind, now: () => clock.monotonic() }, clock, (bytes) => {
        this.#record(bytes);
      });
    }
    this.task = createTaskFolder(request.agentDir, clock);
    this.#keyframes = new KeyframeThread(this.task, clock);
    this.#promptFile = join(this.task.path, PROMPT_FILE);
    const { args, stdin } = request.invocation;
    this.#args = typeof args === 'function' ? args(this.#promptFile) : args;
    const opened: Disposable[] = [];
    try {
      if (typeof args === 'function' || stdin === 'prompt') writeNewFile(this.#promptFile, request.prompt ?? '');
      this.#notes = new TaskNotes(this.task, identityOf(request, this.#args), clock, notify, redact);
      opened.push(this.#notes);
      this.#log = this.#openLog();
      opened.push(this.#log);
      this.#statusFile = new StatusFile(this.task.path);
      opened.push(this.#statusFile);
      this.#run = this.#startRun();
    } catch (error) {
      for (const open of opened) open[Symbol.dispose]();
      rmSync(this.task.path, { recursive: true, force: true });
      throw error instanceof OrchError ? error : errors.agentDirUnwritable(request.agentDir, error);
    }
    if (request.loop !== undefined) this.#notes.iterationStarted(1, 0, request.loop.repeats);
    this.#noteStart(this.#run, 0);
    this.#look();
    this.ended = this.#end();
  }

  /** The size of the agent's terminal. */
  get size(): TerminalSize {
    return this.#size;
  }

  /** The agent's terminal, such as `/dev/pts/7`. */
  get device(): string {
    return this.#run.device;
  }

  /** The absolute offset behind the last byte. */
  get offset(): number {
    return this.#log.offset;
  }

  /** Reads the recording back, for a viewer that is behind. */
  read(buffer: Uint8Array, offset: number): LogRead {
    return this.#log.read(buffer, offset);
  }

  /** Shows `viewer` what is recorded from now on. */
  attach(viewer: Viewer): void {
    this.#viewers.add(viewer);
  }

  /** Has `listener` told of each run of the agent but the first, as soon as it runs. */
  onAgain(listener: () => void): void {
    this.#onAgain = listener;
  }

  /** Has `listener` told of each status that has held for a second, and of how the task ended. */
  onStatus(listener: (state: AgentState) => void): void {
    this.#onStatus.add(listener);
  }

  /**
   * A person typed this to the agent, a read of their terminal. Whoever writes to it, or interrupts it, talks to it: that its
   * turn is over does not mean any more that it is to end.
   */
  keysTyped(bytes: Uint8Array): void {
    if (this.#run.keysTyped(bytes)) this.#mayEnd = this.#request.loop?.repeats ?? false;
  }

  /** Types `bytes`, which are the recording's from then on. False: hold back what follows until `onDrained`. */
  type(bytes: Uint8Array, onDrained?: () => void): boolean {
    return this.#run.type(bytes, onDrained);
  }

  /** True when everything typed has reached the agent's terminal. */
  get inputTaken(): boolean {
    return this.#run.inputTaken;
  }

  /** Gives the agent's terminal another size, noted with the offset at which it changed. */
  resize(size: TerminalSize): void {
    if (size.cols === this.#size.cols && size.rows === this.#size.rows) return;
    this.#size = size;
    const offset = this.#run.resize(size);
    this.#redacting?.flush();
    this.#notes.resized(size, offset);
  }

  /**
   * Passes a signal on to the agent's process group; SIGKILL follows when it has not ended in time. The agent is not run
   * again after that. One that comes when the agent has ended for good ends the wait for the hash.
   */
  signal(signal: NodeJS.Signals, from: string): void {
    if (this.#isOver) {
      this.#unhashed.abort();
      return;
    }
    this.#interruptedBy ??= signal;
    this.#interrupted.abort();
    this.#pass(signal, from);
  }

  /** Tells people something about this task, and task.log. */
  say(notice: Notice): void {
    this.#notes.say(notice);
  }

  /** Closes the log, which viewers may have been reading back until now. */
  [Symbol.dispose](): void {
    this.#log[Symbol.dispose]();
  }

  #openLog(): RecordedLog {
    const { settings, suspect } = this.#request;
    const { limits, sync, onError } = settings.log;
    return new RecordedLog(this.task.path, {
      clock: this.#clock,
      limits,
      sync,
      secrets: suspect,
      onTrouble: (trouble) => {
        this.#notes.troubled(trouble);
        if (trouble.type === 'gap.open' && onError === 'stop') this.signal('SIGTERM', 'a log that cannot be written');
      },
      onSealed: (offset) => {
        this.#notes.sealed(offset);
      },
      onHashed: (segment) => {
        this.#notes.hashed(segment);
      },
      onRemoving: (removed) => {
        this.#notes.removing(removed);
      },
      onExposed: ({ name, offset }) => {
        this.#notes.say({ level: 'warn', text: exposedText(name, offset) });
      },
      onUnsynced: (why) => {
        this.#notes.say({
          level: 'warn',
          text: `the log cannot be forced to the disk (${why}); the recording continues`,
        });
      },
    });
  }

  #pass(signal: NodeJS.Signals, from: string): void {
    this.#notes.event({ type: 'signal', signal, from });
    this.#notes.info(`${signal} from ${from}, passed on to the agent`);
    this.#run.signal(signal);
  }

  /** @throws OrchError SPAWN_FAILED, PTY_UNAVAILABLE */
  #startRun(): WatchedRun {
    const { file, invocation, env, cwd, behaviour, prompt, redact, settings } = this.#request;
    const { ending, timeouts } = settings;
    const size = this.#size;
    const stdin = invocation.stdin === 'prompt' ? this.#promptFile : undefined;
    return new WatchedRun(
      this.#spawn,
      {
        file,
        args: this.#args,
        env: agentEnvironment(env, this.task, size, redact),
        cwd: startFolder(cwd),
        size,
        stdin,
      },
      {
        clock: this.#clock,
        ending,
        timeouts,
        onBytes: (bytes) => {
          if (this.#redacting === undefined) this.#record(bytes);
          else this.#redacting.take(bytes);
        },
        onTimeout: (what) => {
          this.#notes.say({ level: 'warn', text: `${TIMEOUT_TEXT[what]}: the agent is asked to end` });
          this.#pass('SIGTERM', 'a time-out');
        },
        onKill: (signal) => {
          const text = `the agent did not end within ${ending.killAfterMs / 1000} s of ${signal}: killed`;
          this.#notes.say({ level: 'warn', text });
        },
        behaviour,
        prompt,
        log: this.#log,
        onStatus: (state) => {
          this.#noteStatus(state);
        },
        // Of a command nobody judges the turns: it ends by itself.
        mayEnd: () => this.#mayEnd && this.#request.loop !== undefined,
        onLeave: () => {
          this.#notes.info("the agent's turn is over: it is asked to exit");
        },
        onStay: () => {
          this.#pass('SIGTERM', 'orch, because its turn is over');
        },
      },
    );
  }

  #record(bytes: Uint8Array): void {
    const offset = this.#log.offset;
    this.#log.append(bytes);
    this.#notes.output(this.#log.offset);
    this.#keyframes.reached(this.#log.offset);
    for (const viewer of this.#viewers) this.#show(viewer, bytes, offset);
  }

  /** A viewer that fails is a viewer less; the recording goes on. */
  #show(viewer: Viewer, bytes: Uint8Array, offset: number): void {
    try {
      viewer.show(bytes, offset);
    } catch (error) {
      this.#viewers.delete(viewer);
      this.#notes.say({ level: 'error', text: `a viewer failed and gets no more output: ${reason(error)}` });
    }
  }

  #look(): void {
    this.#looking = this.#clock.after(WATCH_MS, () => {
      this.#log.check();
      this.#noticeStop();
      this.#readStatusFile();
      this.#look();
    });
  }

  #readStatusFile(): void {
    for (const told of this.#statusFile.read()) this.#run.tell(told);
  }

  #noteStatus(state: AgentState): void {
    this.#notes.status(state, this.offset);
    for (const listener of this.#onStatus) listener(state);
  }

  #noticeStop(): void {
    const stopped = isStopped(this.#run.pid);
    if (stopped === this.#stopped) return;
    this.#stopped = stopped;
    const { pid } = this.#run;
    this.#notes.event({
      type: 'status',
      status: stopped ? 'stopped' : 'running',
      source: 'process',
      offset: this.offset,
    });
    if (stopped) this.#notes.say({ level: 'warn', text: `the agent is stopped; to continue it: kill -CONT -${pid}` });
    else this.#notes.say({ level: 'info', text: 'the agent continues' });
  }

  async #end(): Promise<RecordingResult> {
    try {
      const { status, verdict, byKeys } = await this.#runs();
      const interruptedBy = this.#interruptedBy ?? (byKeys ? 'SIGINT' : undefined);
      this.#isOver = true;
      this.#keyframes[Symbol.dispose]();
      this.#log.end();
      const result: RecordingResult = {
        status,
        bytes: this.#log.offset,
        gaps: this.#log.gaps,
        durationMs: this.#notes.elapsedMs,
        digest: await this.#log.digest(this.#unhashed.signal).catch((error: unknown) => {
          this.#notes.say({ level: 'warn', text: `the recording has no hash: ${reason(error)}` });
          return undefined;
        }),
        ...(verdict === undefined ? {} : { verdict: { ...verdict, reason: this.#notes.masked(verdict.reason) } }),
        ...(interruptedBy === undefined ? {} : { interruptedBy }),
        account: sumOf(this.#accounts),
        left: this.#run.facts.left,
        diedAtStart:
          interruptedBy === undefined && verdict?.result === 'failed' && verdict.iterations === 1 && this.#wasShort(),
      };
      const state = this.#notes.ended(result);
      for (const listener of this.#onStatus) listener(state);
      return result;
    } finally {
      this.#looking?.cancel();
      this.#keyframes[Symbol.dispose]();
      this.#redacting?.[Symbol.dispose]();
      // Its prompt was the agent's alone.
      if (this.#request.redact !== undefined) rmSync(this.#promptFile, { force: true });
      this.#run[Symbol.dispose]();
      this.#statusFile[Symbol.dispose]();
    }
  }

  #wasShort(): boolean {
    return !this.#run.begun && this.#notes.elapsedMs < DIED_AT_START_MS;
  }

  /** Runs the agent to its end, as often as the loop wants. */
  async #runs(): Promise<RunsEnd> {
    for (let number = 1; ; number++) {
      const begun = this.#notes.elapsedMs;
      const status = await this.#run.ended;
      this.#redacting?.end();
      this.#readStatusFile();
      // Nothing of it is timed any more, neither while it is judged nor until it is run again.
      this.#run[Symbol.dispose]();
      const { loop } = this.#request;
      const interrupted = this.#interruptedBy;
      if (loop === undefined) return { status, verdict: interrupted && interruption(interrupted), byKeys: false };
      this.#accounts.push(this.#run.account);
      const judgement = await loop.judge({ ...this.#run.facts, number, status, interrupted });
      this.#notes.iterationEnded({
        number,
        ...judgement,
        status,
        offset: this.offset,
        ms: this.#notes.elapsedMs - begun,
        account: this.#run.account,
        aloud: loop.repeats,
      });
      const { verdict, byKeys } = judgement;
      if (verdict !== undefined) return { status, verdict, byKeys };
      const { signal } = this.#interrupted;
      await sleep(this.#clock, loop.delayMs, signal);
      const between = { result: 'failed', reason: 'interrupted', iterations: number } as const;
      if (signal.aborted) return { status, verdict: between, byKeys };
      try {
        this.#startAgain(number + 1, loop);
      } catch (error) {
        // The system has no process or no terminal left: what was recorded stays, and ends here.
        const why = `it could not be started again: ${reason(error)}`;
        return { status, verdict: { result: 'failed', reason: why, iterations: number }, byKeys };
      }
    }
  }

  /** @throws OrchError SPAWN_FAILED, PTY_UNAVAILABLE; then no run has begun */
  #startAgain(number: number, loop: Loop): void {
    this.#run = this.#startRun();
    this.#notes.iterationStarted(number, this.offset, loop.repeats);
    this.#noteStatus({ status: 'starting', source: 'exit' });
    this.#noteStart(this.#run, this.offset);
    this.#onAgain?.();
  }

  #noteStart(run: WatchedRun, offset: number): void {
    run.onStart(() => {
      this.#notes.agentStarted(run.pid, offset);
    });
  }
}

/** How all runs of an agent ended: the last of them, what came of it, and whether a person ended it by keys. */
interface RunsEnd {
  readonly status: ExitStatus;
  readonly verdict: Verdict | undefined;
  readonly byKeys: boolean;
}

/** Of a command that nobody judges: whoever asks orch for its end cannot take that for success, whatever its exit code. */
function interruption(signal: NodeJS.Signals): Verdict {
  return { result: 'failed', reason: `interrupted by ${signal}`, iterations: 1 };
}

const TIMEOUT_TEXT: Readonly<Record<Timeout, string>> = {
  iteration: 'the agent takes too long',
  idle: 'the agent has printed nothing for too long',
};

function exposedText(name: string, offset: number): string {
  return `${name} is in the recording, from byte ${offset} on; to mask such values: --redact`;
}

function identityOf(request: RecordingRequest, args: readonly string[]): TaskIdentity {
  const { backend, name, invocation, cwd, size, recorder } = request;
  const { file, shown } = invocation;
  return { backend, ...(name === undefined ? {} : { name }), argv: [file, ...args], shown, cwd, size, recorder };
}
