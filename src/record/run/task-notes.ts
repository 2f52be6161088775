import type { Account, AgentState } from '../../core/agent-state.js';
import type { Clock } from '../../core/clock.js';
import { reason } from '../../core/errors.js';
import type { Gap, InputEvent, SizeCause, TaskEvent } from '../../core/events.js';
import type { ExitStatus } from '../../core/exit-status.js';
import { exposureText } from '../../core/redact/secret-watch.js';
import type { RedactorOptions } from '../../core/redact/redactor.js';
import { TextRedactor } from '../../core/redact/text-redactor.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import { releaseReserve, takeReserve } from '../../store/layout/disk-reserve.js';
import { EventLog } from '../../store/events/event-log.js';
import type { LogEvent } from '../../store/log/recorded-log.js';
import {
  type KnownProcess,
  MANIFEST_VERSION,
  type Manifest,
  type Verdict,
  writeManifest,
} from '../../store/layout/manifest.js';
import { processStart } from '../../store/layout/process-identity.js';
import type { RecordingDigest } from '../../store/log/recording-hash.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
import { TaskLog } from '../../store/layout/task-log.js';
import { TimeIndexWriter } from '../../store/times/time-index.js';

/** A notice for people, shown at once. */
export interface Notice {
  readonly level: 'info' | 'warn' | 'error';
  readonly text: string;
}

/** The manifest's fields that are known at the start. */
export interface TaskIdentity {
  readonly backend: string;
  readonly mode: string;
  readonly name?: string;
  readonly options: readonly string[];
  /** The session that it goes on with, until the agent tells another, and whose that was. */
  readonly session?: string;
  readonly resumes?: string;
  /** As the user would write it: the program, then its arguments. */
  readonly argv: readonly string[];
  /** What lists show in its place. */
  readonly shown?: readonly string[] | undefined;
  readonly cwd: string;
  readonly size: TerminalSize;
  /** The process that records, and its version of orch. */
  readonly recorder: { readonly pid: number; readonly version: string };
}

/** Characters kept of a prompt, which may be a megabyte; the manifest is written again at every status. */
const SHOWN_CHARACTERS = 500;

/** How a recording ended. */
export interface RecordingResult {
  readonly status: ExitStatus;
  readonly bytes: number;
  readonly gaps: readonly Gap[];
  readonly durationMs: number;
  /** Of the log as it was written; undefined when it could not be read back. */
  readonly digest: RecordingDigest | undefined;
  /** Has begun to compute the digest, and notes it when it is done. */
  readonly hashing?: KnownProcess;
  /** The cost of all runs, as far as the agent reports it. */
  readonly account: Account;
  /** The verdict, where there is more than the exit code. */
  readonly verdict?: Verdict;
  /** The signal by which the end was asked for. */
  readonly interruptedBy?: NodeJS.Signals;
  /** It was ended because its turn was over: its exit code is not its own. */
  readonly left: boolean;
  /** It failed within moments of its start, before it said that it does anything. */
  readonly diedAtStart: boolean;
}

/** The end of one iteration. */
export interface IterationNote {
  /** From 1. */
  readonly number: number;
  readonly outcome: Verdict['result'];
  readonly reason: string;
  readonly status: ExitStatus;
  /** The absolute offset behind its last byte. */
  readonly offset: number;
  readonly ms: number;
  readonly account: Account;
  /** Shown to people, because it is not the only one. */
  readonly announce: boolean;
}

/**
 * Writes the files beside the bytes: manifest, events, time index and task.log. Once begun it never
 * throws: a failure is shown once, and the recording goes on.
 */
export class TaskNotes implements Disposable {
  readonly #clock: Clock;
  readonly #task: TaskFolder;
  readonly #notify: (notice: Notice) => void;
  readonly #started: number;
  #manifest: Manifest;
  readonly #manifestBytes: number;
  readonly #events: EventLog;
  readonly #log: TaskLog;
  readonly #index: TimeIndexWriter;
  readonly #redactor: TextRedactor | undefined;
  #hasBegun = false;
  /** To be said when it has begun; where it cannot begin, that says it all. */
  readonly #early: Notice[] = [];

  /** Writes the manifest of a running task, `redact` masked. Throws the system's error when that fails. */
  constructor(
    task: TaskFolder,
    identity: TaskIdentity,
    clock: Clock,
    notify: (notice: Notice) => void,
    redact?: RedactorOptions,
  ) {
    this.#redactor = redact && new TextRedactor(redact);
    this.#clock = clock;
    this.#task = task;
    this.#notify = notify;
    this.#started = clock.monotonic();
    const { recorder, name, shown, options, ...given } = identity;
    const argv = given.argv.map((argument) => this.masked(argument));
    const rest = {
      ...given,
      argv,
      ...(name === undefined ? {} : { name: this.masked(name) }),
      ...(options.length === 0 ? {} : { options: options.map((word) => this.masked(word)) }),
      // Cut when it is masked: a value that is cut is not found any more.
      ...(shown === undefined ? {} : { shown: shown.map((word) => beginning(this.masked(word))) }),
    };
    this.#manifest = {
      v: MANIFEST_VERSION,
      id: task.id,
      ...rest,
      pid: recorder.pid,
      pidStart: processStart(recorder.pid) ?? '',
      status: 'running',
      activity: { status: 'starting', source: 'exit', since: this.#now() },
      started: this.#now(),
      startedMonotonicMs: Math.round(this.#started),
      bytes: 0,
      gaps: [],
      orch: recorder.version,
    };
    this.#log = new TaskLog(task, clock, () => undefined);
    this.#events = new EventLog(task, clock, this.#cannotWrite('events.jsonl'));
    const { started: start, size } = this.#manifest;
    this.#index = new TimeIndexWriter(task, clock, { start, size }, this.#cannotWrite('backend.idx'));
    this.#events.append({ type: 'task.start', argv, ...size });
    // Readers take a folder with a manifest for a task: what they read with it is there by then.
    try {
      this.#manifestBytes = writeManifest(task.path, this.#manifest);
      takeReserve(task.path, this.#manifestBytes);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
    for (const notice of this.#early.splice(0)) this.say(notice);
    this.#hasBegun = true;
  }

  /** Milliseconds since the task began. */
  get elapsedMs(): number {
    return this.#clock.monotonic() - this.#started;
  }

  agentStarted(pid: number, offset: number): void {
    const pidStart = processStart(pid);
    if (pidStart !== undefined) {
      this.#manifest = { ...this.#manifest, agent: { pid, pidStart } };
      this.#writeManifest();
    }
    this.#events.append({ type: 'backend.start', pid, offset });
    this.#log.info(`started ${this.#manifest.argv.join(' ')} as process ${pid}`);
  }

  /** Clients are taken at this socket; see Manifest. */
  hosted(socket: string): void {
    this.#manifest = { ...this.#manifest, socket };
    this.#writeManifest();
  }

  /** The agent's own id of its session. */
  session(session: string): void {
    if (session === this.#manifest.session) return;
    this.#manifest = { ...this.#manifest, session: this.masked(session) };
    this.#writeManifest();
  }

  /** `announce`: it may not be the only one. */
  iterationStarted(iteration: number, offset: number, announce: boolean): void {
    this.#events.append({ type: 'iteration.start', iteration, offset });
    if (announce) this.#log.info(`iteration ${iteration} begins at byte ${offset}`);
  }

  iterationEnded({ number, outcome, reason: why, status, offset, ms, account, announce }: IterationNote): void {
    const durationMs = Math.round(ms);
    const end = {
      iteration: number,
      offset,
      verdict: outcome,
      reason: this.masked(why),
      durationMs,
      ...status,
      ...account,
    };
    this.#events.append({ type: 'iteration.end', ...end });
    if (!announce) return;
    this.say({ level: 'info', text: `iteration ${number} ${outcome} after ${durationMs} ms: ${why}` });
  }

  /** The recording has reached `offset` now. */
  output(offset: number): void {
    this.#index.output(this.elapsedMs, offset);
  }

  resized(size: TerminalSize, offset: number, { cause, client }: SizeCause): void {
    this.#index.resize(this.elapsedMs, offset, size);
    const by = client === undefined ? {} : { client: this.#nameOf(client) };
    this.#events.append({ type: 'resize', ...size, offset, cause, ...by });
  }

  /** The agent's status from `offset` of its output on. */
  status({ status, source, reason: why }: AgentState, offset: number): void {
    const state = { status, source, ...(why === undefined ? {} : { reason: beginning(this.masked(why)) }) };
    this.#events.append({ type: 'status', ...state, offset });
    this.#manifest = { ...this.#manifest, activity: { ...state, since: this.#now() } };
    this.#writeManifest();
  }

  /** Notes what clients have to do with the agent's input, masked; in task.log of a text the beginning. */
  input(event: InputEvent): void {
    const masked = this.#maskedInput(event);
    this.#events.append(masked);
    const words = inputWords(masked);
    if (words !== undefined) this.#log.info(words);
  }

  event(event: TaskEvent): void {
    this.#events.append(event);
  }

  /** Notes an event of the log. */
  logged(event: LogEvent): void {
    switch (event.type) {
      case 'gap.open':
        this.say({
          level: 'error',
          text: `the log cannot be written (${event.reason}): what the agent prints from byte ${event.offset} on is not recorded`,
        });
        return;
      case 'gap':
        this.#useReserve(() => this.#events.append(event));
        this.say({
          level: 'warn',
          text: `${event.bytes} bytes are missing from the log, from byte ${event.offset} on`,
        });
        return;
      case 'rotate':
        this.#events.append(event);
        this.say({ level: 'info', text: `the log continues in a new backend.log from byte ${event.offset} on` });
        return;
      case 'sealed':
        this.#events.append({ type: 'rotate', offset: event.offset, reason: 'size' });
        this.#log.info(`backend.log was full: a new segment begins at byte ${event.offset}`);
        return;
      case 'hashed': {
        const { start, bytes, sha256, chain } = event.segment;
        this.#events.append({ type: 'segment', offset: start, bytes, sha256, chain });
        return;
      }
      case 'removing':
        this.#events.append({ type: 'trim', offset: event.offset, bytes: event.bytes });
        this.#log.info(
          `${event.bytes} bytes from byte ${event.offset} on were removed: the log had reached --max-log-size`,
        );
        return;
      case 'exposed': {
        this.say({ level: 'warn', text: exposureText(event.exposure) });
        return;
      }
      case 'unsynced':
        this.say({
          level: 'warn',
          text: `the log cannot be forced to the disk (${event.reason}); the recording continues`,
        });
        return;
    }
  }

  /** The text with secrets masked. */
  masked(text: string): string {
    return this.#redactor?.redact(text) ?? text;
  }

  /** Shows a notice, and notes it in task.log. */
  say(notice: Notice): void {
    const text = this.masked(notice.text);
    this.#log[notice.level](text);
    this.#notify({ ...notice, text });
  }

  /** Notes a text in task.log alone. */
  info(text: string): void {
    this.#log.info(this.masked(text));
  }

  /**
   * Notes the end, and closes the files. The manifest comes last: with it the task counts as ended. Returns the task's
   * final status.
   */
  ended({ status, bytes, gaps, durationMs, digest, hashing, verdict }: RecordingResult): AgentState {
    const state = { status: isDone(status, verdict) ? 'done' : 'failed', source: 'exit' } as const;
    releaseReserve(this.#task.path);
    this.#events.append({ type: 'status', ...state, offset: bytes });
    this.#events.append({ type: 'task.end', ...status, bytes, durationMs: Math.round(durationMs) });
    this.#log.info(`ended with ${describe(status)} after ${Math.round(durationMs)} ms and ${bytes} bytes`);
    this.#index.close();
    try {
      writeManifest(this.#task.path, {
        ...this.#manifest,
        socket: undefined,
        status: state.status,
        activity: { ...state, since: this.#now() },
        ended: this.#now(),
        durationMs: Math.round(durationMs),
        exit: { code: status.exitCode, signal: status.signal },
        bytes,
        gaps,
        ...(digest?.sha256 === undefined ? {} : { sha256: digest.sha256 }),
        ...(digest === undefined ? {} : { chain: digest.chain }),
        ...(hashing === undefined ? {} : { hashing }),
        ...(verdict === undefined ? {} : { verdict }),
      });
    } catch (error) {
      this.say({ level: 'warn', text: `task.json cannot be written (${reason(error)}): the task will show as lost` });
    }
    this[Symbol.dispose]();
    return state;
  }

  /** Closes the files. Idempotent. */
  [Symbol.dispose](): void {
    releaseReserve(this.#task.path);
    this.#index.close();
    this.#events.close();
    this.#log.close();
  }

  #maskedInput(event: InputEvent): InputEvent {
    const client = this.#nameOf(event.client);
    switch (event.type) {
      case 'writer':
        return { ...event, client, ...(event.from === undefined ? {} : { from: this.#nameOf(event.from) }) };
      case 'send': {
        const { text, keys } = event;
        const masked = text === undefined ? {} : { text: this.masked(text) };
        return { ...event, client, ...masked, ...(keys === undefined ? {} : { keys: this.#maskedKeys(keys) }) };
      }
      case 'typed':
        return { ...event, client };
    }
  }

  /** A client may call itself anything. */
  #nameOf(client: string): string {
    return beginning(this.masked(client));
  }

  /** A value may have been sent key by key. */
  #maskedKeys(keys: readonly string[]): readonly string[] {
    const characters = keys.filter(isCharacter);
    const spelled = characters.join('');
    return this.masked(spelled) === spelled ? keys : keys.map((key) => (isCharacter(key) ? '*' : key));
  }

  #writeManifest(): void {
    try {
      writeManifest(this.#task.path, this.#manifest);
    } catch (error) {
      this.#log.warn(`task.json cannot be written: ${reason(error)}`);
    }
  }

  /** Writes a note about missing bytes with reserved disk space, so that it does not fail itself. */
  #useReserve(note: () => void): void {
    releaseReserve(this.#task.path);
    note();
    try {
      takeReserve(this.#task.path, this.#manifestBytes);
    } catch {
      // Another process took the space; at the end there may be some again.
    }
  }

  #now(): string {
    return new Date(this.#clock.now()).toISOString();
  }

  #cannotWrite(file: string): (error: unknown) => void {
    return (error) => {
      const text = `${file} cannot be written (${reason(error)}); the recording continues`;
      if (this.#hasBegun) this.say({ level: 'warn', text });
      else this.#early.push({ level: 'warn', text });
    };
  }
}

function beginning(text: string): string {
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** The name of a key that types itself. */
function isCharacter(key: string): boolean {
  return /^.$/u.test(key);
}

/** What task.log says of it; undefined: nothing. */
function inputWords(event: InputEvent): string | undefined {
  const { client, offset } = event;
  switch (event.type) {
    case 'writer': {
      const { change, cols, rows } = event;
      return `${client} ${change === 'left' ? 'writes no more' : 'writes'}, at byte ${offset}; the terminal has ${cols}x${rows} cells`;
    }
    case 'send': {
      const { bytes, text, keys = [] } = event;
      if (bytes === undefined || text === undefined)
        return `${client} has sent what the terminal does not show, at byte ${offset}`;
      const pressed = keys.length === 0 ? '' : `, then pressed ${beginning(keys.join(' '))}`;
      const shown = text === '' ? '' : `: ${JSON.stringify(beginning(text))}`;
      return `${client} has sent ${bytes} bytes${pressed}, at byte ${offset}${shown}`;
    }
    case 'typed':
      return undefined;
  }
}

function isDone({ exitCode, signal }: ExitStatus, verdict: Verdict | undefined): boolean {
  return verdict === undefined ? exitCode === 0 && signal === 0 : verdict.result === 'done';
}

function describe({ exitCode, signal }: ExitStatus): string {
  return signal === 0 ? `exit code ${exitCode}` : `signal ${signal}`;
}
