/**
 * Draws a session of an agent that speaks JSON Lines, a program of its own:
 * `node agent-stream.js [--agent NAME] [--new-session FLAG] [--jsonl FILE] [--prompt-file FILE] -- PROGRAM [ARGUMENT…]`.
 *
 * PROGRAM runs with pipes. Its stdout is read as NDJSON, drawn to the terminal as it comes, and appended to FILE
 * ($ORCH_TASK_DIR/backend.jsonl by default), masked as $ORCH_REDACT says; its stderr is shown line by line; its stdin is the prompt file, or
 * empty. The exit code tells how the session went, which PROGRAM's own does not (docs/agent-stream.md).
 */
import { randomUUID } from 'node:crypto';
import { appendFileSync, closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { STATUS_FILE, type ReportedState, type StatusLine } from '../core/agent-state.js';
import { systemClock } from '../core/clock.js';
import { errnoCode, errors, OrchError, reason } from '../core/errors.js';
import { ExitCode } from '../core/exit-status.js';
import { printable } from '../core/text/printable.js';
import { readRedactSettings } from '../core/redact/redact-settings.js';
import { type ChildProcess, spawn } from '../core/process/spawn.js';
import { endOfChild } from './agent-stream/child-end.js';
import { TextRedactor } from '../core/redact/text-redactor.js';
import { type Dialect, findDialect } from './agent-stream/dialects.js';
import { KeptStream } from './agent-stream/kept-stream.js';
import { StreamSession } from './agent-stream/session.js';

/** The width where stdout is not a terminal. */
const DEFAULT_COLUMNS = 80;
/** How often the status line moves, and how long nothing must have been drawn for it to show. */
const STATUS_MS = 1_000;
/** A signal comes to the whole process group, as a rule; a child that still runs this long after (ms) did not get it. */
const FORWARD_MS = 1_000;
/** One that runs this long after the first signal (ms) does not mean to end. claude ends within 100 ms. */
const KILL_MS = 10_000;

interface StreamOptions {
  readonly dialect: Dialect;
  readonly file: string;
  readonly args: readonly string[];
  readonly jsonl: string | undefined;
  readonly sessionFlag: string | undefined;
  readonly promptFile: string | undefined;
}

void run().then(end, fail);

/** The exit code; undefined where the terminal has hung up. */
async function run(): Promise<number | undefined> {
  const { dialect, jsonl, sessionFlag, ...program } = readCommandLine();
  const given = sessionFlag === undefined ? undefined : { flag: sessionFlag, id: randomUUID() };
  const child = await start({
    ...program,
    args: [...(given === undefined ? [] : [`${given.flag}=${given.id}`]), ...program.args],
  });
  if (given !== undefined) append({ session: given.id });
  const signals = new Signals(child);
  const terminal = new Terminal(() => {
    signals.receive('SIGHUP');
  });
  const session = new StreamSession(dialect, () => terminal.columns, process.cwd());
  const kept =
    jsonl === undefined
      ? undefined
      : keep(jsonl, (text) => {
          terminal.write(session.note(text));
        });
  child.stdout?.once('data', () => {
    report({ status: 'working' });
  });
  let known: string | undefined;
  child.stdout?.on('data', (chunk: Buffer) => {
    kept?.append(chunk);
    terminal.write(session.stdout(chunk));
    if (session.id === undefined || session.id === known) return;
    known = session.id;
    append({ session: known });
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    terminal.write(session.stderr(chunk));
  });
  terminal.whileSilent((silentMs) => session.status(silentMs));
  const { text, verdict, account } = session.end(await endOfChild(child, systemClock), signals.received);
  kept?.end();
  terminal.write(text);
  report({
    status: verdict.type === 'done' ? 'done' : 'failed',
    reason: masked(verdict.words.replace(/^failed: /, '')),
    ...account,
  });
  return (await terminal.isThere()) ? verdict.exitCode : undefined;
}

function masked(text: string): string {
  const settings = readRedactSettings(process.env);
  return settings === undefined ? text : new TextRedactor(settings).redact(text);
}

/** Reports a status to the recorder. */
function report(reported: Omit<ReportedState, 'source'>): void {
  append({ ...reported, source: 'stream' } satisfies ReportedState);
}

/** Tells the recorder. A failure is ignored: the task's folder may be full, or removed. */
function append(line: ReportedState | Pick<StatusLine, 'session'>): void {
  const folder = process.env['ORCH_TASK_DIR'];
  if (folder === undefined) return;
  try {
    appendFileSync(join(folder, STATUS_FILE), `${JSON.stringify(line)}\n`, { mode: 0o600 });
  } catch (error) {
    if (errnoCode(error) === undefined) throw error;
  }
}

function keep(path: string, say: (text: string) => void): KeptStream {
  const onFailure = (why: string): void => {
    say(`orch: ${path} cannot be written: ${why} — the agent's JSON is not kept`);
  };
  return new KeptStream(path, onFailure, readRedactSettings(process.env));
}

function readCommandLine(): StreamOptions {
  const usage =
    'agent-stream [--agent NAME] [--new-session FLAG] [--jsonl FILE] [--prompt-file FILE] -- PROGRAM [ARGUMENT…]';
  try {
    const { values, positionals } = parseArgs({
      options: {
        agent: { type: 'string', default: 'claude' },
        'new-session': { type: 'string' },
        jsonl: { type: 'string' },
        'prompt-file': { type: 'string' },
      },
      allowPositionals: true,
    });
    const [file, ...args] = positionals;
    if (file === undefined) throw new Error('there is no program to run');
    const dialect = findDialect(values.agent);
    if (dialect === undefined) throw new Error(`there is no agent ${values.agent} whose JSON is drawn`);
    const folder = process.env['ORCH_TASK_DIR'];
    const kept = folder === undefined ? undefined : join(folder, 'backend.jsonl');
    const jsonl = values.jsonl ?? kept;
    return { dialect, file, args, jsonl, sessionFlag: values['new-session'], promptFile: values['prompt-file'] };
  } catch (error) {
    throw errors.badArgument(reason(error), usage);
  }
}

/** The running program; throws where it cannot be started, with the exit code a shell would end with. */
async function start({
  file,
  args,
  promptFile,
}: Pick<StreamOptions, 'file' | 'args' | 'promptFile'>): Promise<ChildProcess> {
  const stdin = promptFile === undefined ? 'ignore' : openPrompt(promptFile);
  try {
    const child = spawn(file, args, { stdio: [stdin, 'pipe', 'pipe'] });
    await new Promise((resolve, reject) => {
      child.once('spawn', resolve);
      child.on('error', reject);
    });
    return child;
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') throw errors.commandNotFound(file);
    if (errnoCode(error) === 'EACCES') throw errors.commandNotExecutable(file, 'permission denied');
    throw errors.spawnFailed(file, error);
  } finally {
    if (typeof stdin === 'number') closeSync(stdin);
  }
}

function openPrompt(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw errors.badArgument(`the prompt in ${path} cannot be read: ${reason(error)}`);
  }
}

/** The terminal that is drawn to. Node writes to terminals and pipes synchronously, so that memory does not grow. */
class Terminal {
  #gone = false;
  #writtenAt = systemClock.monotonic();

  /** `onGone`: called when the terminal has hung up. */
  constructor(onGone: () => void) {
    process.stdout.on('error', () => {
      if (!this.#gone) onGone();
      this.#gone = true;
    });
  }

  get columns(): number {
    return process.stdout.columns || DEFAULT_COLUMNS;
  }

  write(text: string): void {
    if (this.#gone || text === '') return;
    this.#writtenAt = systemClock.monotonic();
    process.stdout.write(text);
  }

  /** Whether every write succeeded. */
  async isThere(): Promise<boolean> {
    const failed = await new Promise((resolve) => process.stdout.write('', resolve));
    return !this.#gone && !failed;
  }

  /** Writes what `status` returns, every second, while nothing else is written; only on a terminal. */
  whileSilent(status: (silentMs: number) => string): void {
    if (!process.stdout.isTTY) return;
    setInterval(() => {
      const silentMs = systemClock.monotonic() - this.#writtenAt;
      if (!this.#gone && silentMs >= STATUS_MS) process.stdout.write(status(silentMs));
    }, STATUS_MS);
  }
}

/** The signals that end a session. The child gets them too, or is given them; this program ends when the child has. */
class Signals {
  readonly #child: ChildProcess;
  #received: NodeJS.Signals | undefined;

  constructor(child: ChildProcess) {
    this.#child = child;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        this.receive(signal);
      });
    }
  }

  /** The number of the first one that came; 0 for none. */
  get received(): number {
    return this.#received === undefined ? 0 : constants.signals[this.#received];
  }

  receive(signal: NodeJS.Signals): void {
    if (this.#received !== undefined) return;
    this.#received = signal;
    systemClock.after(FORWARD_MS, () => this.#child.kill(signal));
    systemClock.after(KILL_MS, () => this.#child.kill('SIGKILL'));
  }
}

/** Node aborts where it exits without the terminal it was started in; what closing a terminal means is SIGHUP. */
function end(code: number | undefined): void {
  if (code !== undefined) process.exit(code);
  process.removeAllListeners('SIGHUP');
  process.kill(process.pid, 'SIGHUP');
}

/** Says in one line why there is no session. */
function fail(error: unknown): never {
  const known = error instanceof OrchError ? error : undefined;
  const fix = known?.fix === undefined ? '' : ` — ${known.fix}`;
  process.stderr.write(`${printable(`orch: ${known?.message ?? reason(error)}${fix}`)}\n`);
  process.exit(known?.exitCode ?? ExitCode.io);
}
