import { asWritten, type Pattern } from '../../core/pattern/pattern.js';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Behaviour, Invocation } from '../../backends/index.js';
import type { AgentState, AgentStatus } from '../../core/agent-state.js';
import type { Clock } from '../../core/clock.js';
import type { InputEvent, SizeCause } from '../../core/events.js';
import { startFolder } from '../../core/process/current-folder.js';
import { errors, OrchError, reason } from '../../core/errors.js';
import type { RedactorOptions } from '../../core/redact/redactor.js';
import type { Secret } from '../../core/redact/secret-variables.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import type { PtySpawner } from '../../pty/process/load-pty.js';
import type { KnownProcess, Verdict } from '../../store/layout/manifest.js';
import { writeNewFile } from '../../store/files/private-file.js';
import { RecordedLog } from '../../store/log/recorded-log.js';
import type { LogRead } from '../../store/log/sealed-segments.js';
import { StatusFile } from '../../store/layout/status-file.js';
import { createTaskFolder, type TaskFolder } from '../../store/layout/task-folder.js';
import type { RunSettings } from '../../settings/run-settings.js';
import { agentEnvironment } from './agent-environment.js';
import { KeyframeThread } from './keyframe-thread.js';
import { LookOut } from './look-out.js';
import type { Loop } from './loop.js';
import { Redacting } from './redacting.js';
import type { RunEvent } from './run-events.js';
import { RunLoop, type RunsEnd } from './run-loop.js';
import { noteRunEvent } from './run-notes.js';
import { type Notice, type RecordingResult, type TaskIdentity, TaskNotes } from './task-notes.js';

/** An agent that fails within this time counts as not started, ms. */
const DIED_AT_START_MS = 5000;

/** Up to this many bytes are hashed before a run ends, in some hundredths of a second; more is left to another process. */
const LAST_HASHED_BYTES = 16 * 1024 * 1024;

/** In a task's folder: the prompt, where it is too long for an argument. */
const PROMPT_FILE = 'prompt.txt';

/** A session of an agent that another run of it goes on with. */
export interface ResumedSession {
  /** The task it was in. */
  readonly task: string;
  /** The agent's own id of it. */
  readonly session: string;
}

/** The request for a recording. */
export interface RecordingRequest extends Omit<TaskIdentity, 'argv' | 'shown' | 'session' | 'resumes'> {
  /** The session that it goes on with; undefined: a new one. */
  readonly resumes: ResumedSession | undefined;
  /** The .agent folder. */
  readonly agentDir: string;
  readonly invocation: Invocation;
  /** Absolute path of its program, resolved before anything was made. */
  readonly file: string;
  /** The base of the agent's environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly settings: Pick<RunSettings, 'ending' | 'timeouts' | 'log'>;
  /** Judges each run of an agent, and repeats it; undefined: a command, judged by its exit code, or a signal to orch, alone. */
  readonly loop: Loop | undefined;
  readonly behaviour: Behaviour;
  /** The agent's prompt, if any. */
  readonly prompt: string | undefined;
  /** What is masked before it is recorded, shown or noted; undefined: nothing, the recording is exact. */
  readonly redact?: RedactorOptions | undefined;
  /** Secrets that are searched for, besides well-known tokens, and reported once in an exact recording; undefined: none. */
  readonly suspect?: readonly Secret[] | undefined;
}

/** The status of an agent at a moment, whether it lasts or not. */
export interface CurrentStatus {
  readonly status: AgentStatus;
  /** How often it has changed since the start. */
  readonly changes: number;
}

/** A viewer is shown every byte as it is recorded. It must not wait, and copies what it keeps. */
export interface Viewer {
  show(bytes: Uint8Array, offset: number): void;
  /** The agent's terminal has this size from `offset` on; absent where that makes no difference. */
  resized?(size: TerminalSize, offset: number): void;
}

export interface RecordingTools {
  readonly spawn: PtySpawner;
  readonly clock: Clock;
  /** Called with notices that a person should see at once. */
  readonly notify: (notice: Notice) => void;
}

/**
 * One agent being recorded. It knows no terminal of the user's: a {@link Viewer} is attached for display, and
 * nothing a viewer does can slow the agent or lose a byte.
 */
export class Recording implements Disposable {
  readonly task: TaskFolder;
  /** Resolves when the agent has ended and its task is completely on disk. */
  readonly ended: Promise<RecordingResult>;
  readonly #request: RecordingRequest;
  readonly #clock: Clock;
  readonly #notes: TaskNotes;
  readonly #log: RecordedLog;
  readonly #keyframes: KeyframeThread;
  readonly #redacting: Redacting | undefined;
  readonly #promptFile: string;
  readonly #agent: RunLoop;
  readonly #viewers = new Set<Viewer>();
  readonly #statusFile: StatusFile;
  #onAgain: (() => void) | undefined;
  readonly #onStatus = new Set<(state: AgentState) => void>();
  readonly #onOver = new Set<() => void>();
  readonly #onHeld = new Set<(status: CurrentStatus) => void>();
  #current: CurrentStatus = { status: 'starting', changes: 0 };
  readonly #lookOut: LookOut;
  /** The agent has ended for good. */
  #isOver = false;
  /** Aborted by a signal after the end: its sender does not want to wait for the hash. */
  readonly #unhashed = new AbortController();

  /**
   * Makes the task's folder and starts the agent. When that fails nothing is left of either.
   *
   * @throws OrchError AGENT_DIR_UNWRITABLE, SPAWN_FAILED, PTY_UNAVAILABLE
   */
  constructor(request: RecordingRequest, { spawn, clock, notify }: RecordingTools) {
    this.#request = request;
    this.#clock = clock;
    const { redact, invocation } = request;
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
    const args = typeof invocation.args === 'function' ? invocation.args(this.#promptFile) : invocation.args;
    const opened: Disposable[] = [];
    try {
      if (typeof invocation.args === 'function' || invocation.stdin === 'prompt')
        writeNewFile(this.#promptFile, request.prompt ?? '');
      this.#notes = new TaskNotes(this.task, identityOf(request, args), clock, notify, redact);
      opened.push(this.#notes);
      this.#log = this.#openLog();
      opened.push(this.#log);
      this.#statusFile = new StatusFile(this.task.path);
      opened.push(this.#statusFile);
      this.#agent = this.#startAgent(args, spawn);
    } catch (error) {
      for (const open of opened) open[Symbol.dispose]();
      rmSync(this.task.path, { recursive: true, force: true });
      throw error instanceof OrchError ? error : errors.agentDirUnwritable(request.agentDir, error);
    }
    this.#lookOut = new LookOut({
      clock,
      folder: this.task.path,
      look: () => {
        this.#look();
      },
    });
    const running = this.#agent.untilEnd();
    this.ended = this.#end(running);
  }

  /** The size of the agent's terminal. */
  get size(): TerminalSize {
    return this.#agent.size;
  }

  /** The agent's terminal, such as `/dev/pts/7`. */
  get device(): string {
    return this.#agent.device;
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

  /** Notes where clients are taken, for those who look for it; see Manifest. */
  hosted(socket: string): void {
    this.#notes.hosted(socket);
  }

  /** Calls `listener` at each run of the agent except the first, as soon as it runs. */
  onAgain(listener: () => void): void {
    this.#onAgain = listener;
  }

  /** Calls `listener` with each status that has held for a second, and with the task's final one. */
  onStatus(listener: (state: AgentState) => void): void {
    this.#onStatus.add(listener);
  }

  /** Calls `listener` when the agent has ended for good, and before the last note: what it notes is the last chance. */
  onOver(listener: () => void): void {
    this.#onOver.add(listener);
  }

  /** Calls `listener` each time a status has held for a second, also where it is that of before. */
  onHeld(listener: (status: CurrentStatus) => void): void {
    this.#onHeld.add(listener);
  }

  /** The status of the agent, by all that it has reported until now. */
  currentStatus(): CurrentStatus {
    if (!this.#isOver) this.#readStatusFile();
    return this.#current;
  }

  /**
   * A person typed this to the agent, in one read of their terminal. An agent that a person writes to, or interrupts, is not
   * ended when its turn is over.
   */
  keysTyped(bytes: Uint8Array): void {
    this.#lookOut.stir();
    this.#agent.keysTyped(bytes);
  }

  /** Types `bytes`, which are the recording's from then on. False: hold back what follows until `onDrained`. */
  type(bytes: Uint8Array, onDrained?: () => void): boolean {
    return this.#agent.type(bytes, onDrained);
  }

  /** True when everything typed has reached the agent's terminal. */
  get inputTaken(): boolean {
    return this.#agent.inputTaken;
  }

  /** Resolves when everything typed has reached the agent's terminal; with false when the run ends before. */
  inputWritten(): Promise<boolean> {
    return this.#agent.inputWritten();
  }

  /** Gives the agent's terminal another size, noted with the offset at which it changed, and why. */
  resize(size: TerminalSize, cause: SizeCause = { cause: 'terminal' }): void {
    if (size.cols === this.size.cols && size.rows === this.size.rows) return;
    const offset = this.#agent.resize(size);
    this.#redacting?.flush();
    this.#notes.resized(size, offset, cause);
    for (const viewer of this.#viewers) viewer.resized?.(size, offset);
  }

  /**
   * Passes a signal on to the agent's process group; SIGKILL follows when it has not ended in time. The agent is not run
   * again after that. One that comes when the agent has ended for good ends the wait for the hash.
   */
  signal(signal: NodeJS.Signals, from: string): void {
    this.#lookOut.stir();
    if (this.#isOver) this.#unhashed.abort();
    else this.#agent.interrupt(signal, from);
  }

  /** The agent's process group; it has another for each run. */
  get group(): number {
    return this.#agent.pid;
  }

  /** Stops the agent, as Ctrl-Z does in a shell, until `goOn`. */
  suspend(): void {
    if (!this.#isOver) this.#agent.suspend();
  }

  goOn(): void {
    if (!this.#isOver) this.#agent.goOn();
  }

  /** Shows a notice about this task, and notes it in task.log. */
  say(notice: Notice): void {
    this.#notes.say(notice);
  }

  /** Notes what a client has to do with the agent's input; its names and texts are masked here. */
  noteInput(event: InputEvent): void {
    this.#notes.input(event);
  }

  /** Closes the log, which viewers may have read until now. */
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
      emit: (event) => {
        this.#notes.logged(event);
        if (event.type === 'gap.open' && onError === 'stop') this.signal('SIGTERM', 'a log that cannot be written');
      },
    });
  }

  /** @throws OrchError SPAWN_FAILED, PTY_UNAVAILABLE */
  #startAgent(args: readonly string[], spawn: PtySpawner): RunLoop {
    const { file, invocation, env, cwd, size, redact, settings, behaviour, prompt, loop } = this.#request;
    const stdin = invocation.stdin === 'prompt' ? this.#promptFile : undefined;
    return new RunLoop({
      clock: this.#clock,
      spawn,
      size,
      settings,
      behaviour,
      prompt,
      loop,
      log: this.#log,
      program: (now) => ({
        file,
        args: [...this.#newSession(), ...args],
        env: agentEnvironment(env, this.task, now, redact),
        cwd: startFolder(cwd),
        size: now,
        stdin,
      }),
      emit: (event) => {
        this.#take(event);
      },
    });
  }

  /** The arguments that give this run of the agent a session whose id is known. */
  #newSession(): readonly string[] {
    const { session } = this.#request.invocation;
    if (session === undefined) return [];
    // Node loads crypto, which takes milliseconds and a megabyte, when it is first asked for.
    const id = globalThis.crypto.randomUUID();
    this.#notes.session(id);
    return session(id);
  }

  #take(event: RunEvent): void {
    switch (event.type) {
      case 'output':
        if (this.#redacting === undefined) this.#record(event.bytes);
        else this.#redacting.take(event.bytes);
        return;
      case 'exit':
        this.#redacting?.end();
        this.#readStatusFile();
        return;
      case 'again':
        this.#onAgain?.();
        return;
      case 'changed':
        this.#current = { status: event.state.status, changes: this.#current.changes + 1 };
        return;
      case 'held':
        for (const listener of this.#onHeld) listener(this.#current);
        return;
      default:
        this.#note(event);
    }
  }

  #note(event: Parameters<typeof noteRunEvent>[1]): void {
    const { loop, settings } = this.#request;
    const { killAfterMs } = settings.ending;
    noteRunEvent(this.#notes, event, { offset: this.offset, repeats: loop?.repeats ?? false, killAfterMs });
    if (event.type === 'status') this.#tellStatus(this.#masked(event.state));
  }

  #masked({ reason: why, ...state }: AgentState): AgentState {
    return why === undefined ? state : { ...state, reason: this.#notes.masked(why) };
  }

  #record(bytes: Uint8Array): void {
    // A log that was removed is seen before more is written to it.
    this.#lookOut.stir();
    const offset = this.#log.offset;
    this.#log.append(bytes);
    this.#notes.output(this.#log.offset);
    this.#keyframes.reached(this.#log.offset);
    for (const viewer of this.#viewers) this.#show(viewer, bytes, offset);
  }

  /** Removes a viewer that fails; the recording goes on. */
  #show(viewer: Viewer, bytes: Uint8Array, offset: number): void {
    try {
      viewer.show(bytes, offset);
    } catch (error) {
      this.#viewers.delete(viewer);
      this.#notes.say({ level: 'error', text: `a viewer failed and gets no more output: ${reason(error)}` });
    }
  }

  #look(): void {
    this.#log.check();
    this.#agent.check();
    this.#readStatusFile();
  }

  #readStatusFile(): void {
    for (const { state, session } of this.#statusFile.read()) {
      if (session !== undefined) this.#notes.session(session);
      if (state !== undefined) this.#agent.report(state);
    }
  }

  #tellStatus(state: AgentState): void {
    for (const listener of this.#onStatus) listener(state);
  }

  async #end(running: Promise<RunsEnd>): Promise<RecordingResult> {
    try {
      const end = await running;
      this.#isOver = true;
      for (const listener of this.#onOver) listener();
      this.#keyframes[Symbol.dispose]();
      this.#log.end();
      const result = resultOf(end, {
        bytes: this.#log.offset,
        gaps: this.#log.gaps,
        durationMs: this.#notes.elapsedMs,
        ...(await this.#hashed()),
        verdict: end.verdict && { ...end.verdict, reason: this.#notes.masked(end.verdict.reason) },
      });
      this.#tellStatus(this.#notes.ended(result));
      return result;
    } finally {
      this.#lookOut[Symbol.dispose]();
      this.#keyframes[Symbol.dispose]();
      this.#redacting?.[Symbol.dispose]();
      // The prompt file was for the agent alone, and is not masked.
      if (this.#request.redact !== undefined) rmSync(this.#promptFile, { force: true });
      this.#agent[Symbol.dispose]();
      this.#statusFile[Symbol.dispose]();
    }
  }

  async #hashed(): Promise<Pick<RecordingResult, 'digest' | 'hashing'>> {
    try {
      // In a container whose first process this is, another one would end with it.
      const mayLeave = this.#request.recorder.pid !== 1;
      const digest = await this.#log.digest(this.#unhashed.signal, mayLeave ? LAST_HASHED_BYTES : undefined);
      return digest === undefined ? { digest, hashing: await this.#hashLater() } : { digest };
    } catch (error) {
      this.#notes.say({ level: 'warn', text: `the recording has no hash: ${reason(error)}` });
      return { digest: undefined };
    }
  }

  /** Throws the system's error. */
  async #hashLater(): Promise<KnownProcess> {
    const { suspect, settings } = this.#request;
    const { hashLater } = await import('../../store/task/hash-later.js');
    const hashing = hashLater({ folder: this.task, secrets: suspect, sync: settings.log.sync === 'interval' });
    const search = suspect === undefined ? '' : ', and searched for secrets';
    this.#notes.say({
      level: 'info',
      text: `the end of the recording is still being hashed${search}; orch verify ${this.task.id} waits for that`,
    });
    return hashing;
  }
}

/** The facts of a recording that has ended. */
interface Recorded extends Pick<RecordingResult, 'bytes' | 'gaps' | 'durationMs' | 'digest' | 'hashing'> {
  readonly verdict: Verdict | undefined;
}

function resultOf(end: RunsEnd, { verdict, ...recorded }: Recorded): RecordingResult {
  const { status, interruptedBy, account, left, begun } = end;
  const failedAtOnce = interruptedBy === undefined && verdict?.result === 'failed' && verdict.iterations === 1;
  return {
    status,
    ...recorded,
    ...(verdict === undefined ? {} : { verdict }),
    ...(interruptedBy === undefined ? {} : { interruptedBy }),
    account,
    left,
    diedAtStart: failedAtOnce && !begun && recorded.durationMs < DIED_AT_START_MS,
  };
}

function identityOf(request: RecordingRequest, args: readonly string[]): TaskIdentity {
  const { backend, mode, name, options, resumes, invocation, cwd, size, recorder } = request;
  const { file, shown } = invocation;
  return {
    backend,
    mode,
    ...(name === undefined ? {} : { name }),
    options,
    ...(resumes === undefined ? {} : { session: resumes.session, resumes: resumes.task }),
    argv: [file, ...args],
    shown,
    cwd,
    size,
    recorder,
  };
}
