import { constants } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../config/config.js';
import { MergedIterables } from '../../core/async/merge-iterables.js';
import { Semaphore } from '../../core/async/semaphore.js';
import { errors, reason } from '../../core/errors.js';
import { ExitCode, shellExitCode } from '../../core/exit-status.js';
import { visible } from '../../core/text/printable.js';
import { loadPty } from '../../pty/process/load-pty.js';
import { hasGone } from '../../record/viewers/unattended.js';
import { completed } from '../../settings/flag.js';
import { runFlags } from '../../settings/run-flags.js';
import type { GivenRunFlags } from '../../settings/run-settings.js';
import { listTaskIds, type TaskFolder } from '../../store/layout/task-folder.js';
import { readTask, type TaskEntry } from '../../store/task/task-reader.js';
import { readClock } from '../../view/tasks/task-status.js';
import { taskTable } from '../../view/tasks/task-table.js';
import { showLines } from '../logs/logs-lines.js';
import { defaultLines } from '../logs/logs-options.js';
import { paintFor } from '../options/colour-choice.js';
import type { ParsedLine } from '../options/command.js';
import type { CliContext, CliSignal } from '../options/context.js';
import { usersTerminalSize } from '../options/users-terminal-size.js';
import { failureLine } from '../output/report-failure.js';
import { UnblockedOutput } from '../output/unblocked-output.js';
import { type LaunchedHost, launchHost } from '../hosting/launch-host.js';
import { changedVariables } from './not-utf8.js';
import { type PlannedTask, planMany } from './plan-many.js';
import { recordingsFolder } from './run-request.js';
import { RunRetention } from './run-retention.js';
import { RunSignals } from './run-signals.js';

/** How long the last lines of what was interrupted wait for a reader, ms. */
const UNREAD_MS = 2000;

/** Flags for all tasks of a file. */
type GivenForMany = GivenRunFlags & { readonly prompts: string };

/**
 * Runs the tasks of a prompts file, each in a host of its own, `given.parallel` at a time, and shows their lines as `logs -f -A`
 * does; then a table of their results. Exit code 0 when all are done, 1 when one is not. A hangup leaves those that run running.
 *
 * @throws OrchError of the file and of any of its tasks, before anything is run
 */
export async function runParallel(
  line: ParsedLine,
  given: GivenForMany,
  config: Config,
  context: CliContext,
): Promise<number> {
  refuseWithMany(line, given);
  // Where there is none no host need be started to say so.
  await loadPty();
  const size = await usersTerminalSize(context);
  const { parallel, quiet, dir } = completed(runFlags, given);
  const agentDir = recordingsFolder(dir, context);
  const planned = planMany(line, { prompts: given.prompts, size, agentDir }, config, context);
  using signals = new RunSignals(context);
  const giveUp = new AbortController();
  const unread = AbortSignal.any([signals.afterEnd, giveUp.signal]);
  // One of ours may have ended before we hear that it has begun.
  const before = new Set(config.retention === undefined ? [] : listTaskIds(agentDir()));
  const retention = new RunRetention(config.retention, context.clock, unread, (id) => before.has(id));
  using stdout = new UnblockedOutput(context.stdout, context.clock, unread);
  using stderr = new UnblockedOutput(context.stderr, context.clock, unread);
  const say = (text: string): Promise<void> => stderr.write(`${text}\n`).catch(() => undefined);
  for (const text of changedVariables(context.env)) void say(`orch: ${visible(text)}`);
  const pool = new HostPool(planned, {
    parallel,
    agentDir: agentDir(),
    launch: ({ words, prompt }) => launchHost(words, { stdin: prompt, onSaid: (text) => void say(text) }, context),
    onBegin: (task) => {
      retention.begin(task);
    },
  });
  signals.passOnTo((signal) => {
    if (signal === 'SIGHUP') {
      pool.leave();
      giveUp.abort();
    } else pool.end(signal);
  });
  const viewing = quiet ? undefined : view(pool, giveUp.signal, { ...context, stdout, stderr });
  const failures = await pool.ended;
  signals.agentEnded();
  const { interrupted } = pool;
  const stopWaiting = (): void => {
    giveUp.abort();
  };
  const patience = interrupted === undefined ? undefined : context.clock.after(UNREAD_MS, stopWaiting);
  const failed = await viewing;
  const isSeen = failed === undefined || hasGone(failed.error) || unread.aborted;
  if (!isSeen) await say(`orch: stdout took nothing more (${reason(failed.error)}); the recordings are complete`);
  for (const failure of failures) if (failure.error !== undefined) await say(failureLine(failure.error));
  if (!quiet) await stderr.write(summary(pool.tasks, context)).catch(() => undefined);
  patience?.cancel();
  await retention.done();
  if (interrupted !== undefined) return shellExitCode({ exitCode: 0, signal: constants.signals[interrupted] });
  const allDone = isSeen && failures.length === 0 && pool.tasks.every(isDone);
  return allDone ? ExitCode.ok : ExitCode.io;
}

function refuseWithMany({ operands, rest }: ParsedLine, { output }: GivenForMany): void {
  if (operands.length > 0 || rest !== undefined)
    throw errors.badArgument('--prompts and a prompt exclude each other', 'leave one out');
  if (output !== undefined)
    throw errors.badArgument(
      '--prompts and --output exclude each other',
      'several tasks are shown as lines; -q shows nothing',
    );
}

interface HostPoolOptions {
  /** How many run at a time. */
  readonly parallel: number;
  readonly agentDir: string;
  readonly launch: (planned: PlannedTask) => LaunchedHost;
  /** Called when an agent runs. */
  readonly onBegin: (task: TaskFolder) => void;
}

/** A task that could not be run; without an error its host has said why. */
interface Failure {
  readonly error?: unknown;
}

/** Has the planned tasks run in their order, each by its own host. */
class HostPool {
  /** Resolves when all have ended, with those that could not be run; or when those that run are left alone. */
  readonly ended: Promise<readonly Failure[]>;
  /** The signal that was received: no more tasks begin. */
  interrupted: CliSignal | undefined;
  readonly #options: HostPoolOptions;
  readonly #turns: Semaphore;
  readonly #hosts = new Set<LaunchedHost>();
  readonly #planned: readonly PlannedTask[];
  readonly #tasks = new Map<PlannedTask, TaskEntry>();
  readonly #arrivals = new MergedIterables<TaskFolder>();
  #isLeft: () => void = () => undefined;

  constructor(planned: readonly PlannedTask[], options: HostPoolOptions) {
    this.#options = options;
    this.#planned = planned;
    this.#turns = new Semaphore(options.parallel);
    const left = new Promise<readonly Failure[]>((resolve) => {
      this.#isLeft = () => {
        resolve([]);
      };
    });
    this.ended = Promise.race([this.#runAll(), left]);
  }

  /** The tasks that have begun, in the order of the file, as read at their last change: another process may have removed them since. */
  get tasks(): readonly TaskEntry[] {
    return this.#planned.flatMap((one) => this.#tasks.get(one) ?? []);
  }

  /** Each when it begins. */
  get arrivals(): AsyncIterable<TaskFolder> {
    return this.#arrivals;
  }

  /** Passes a signal on to all that run, which end their agents. */
  end(signal: CliSignal): void {
    this.interrupted ??= signal;
    for (const host of this.#hosts) host.kill(signal);
  }

  /** No more tasks begin, and those that run go on without us. */
  leave(): void {
    this.interrupted ??= 'SIGHUP';
    for (const host of this.#hosts) host.leave();
    this.#arrivals.close();
    this.#isLeft();
  }

  async #runAll(): Promise<readonly Failure[]> {
    try {
      const failures = await Promise.all(this.#planned.map((one) => this.#runInTurn(one)));
      return failures.filter((failure) => failure !== undefined);
    } finally {
      this.#arrivals.close();
    }
  }

  /** Resolves with what kept a task from being run, so that the others go on. */
  async #runInTurn(planned: PlannedTask): Promise<Failure | undefined> {
    const turn = await this.#turns.acquire();
    try {
      return this.interrupted === undefined ? await this.#run(planned) : undefined;
    } catch (error) {
      return { error };
    } finally {
      turn[Symbol.dispose]();
    }
  }

  async #run(planned: PlannedTask): Promise<Failure | undefined> {
    const host = this.#options.launch(planned);
    this.#hosts.add(host);
    try {
      const id = await host.started;
      if (id !== undefined) this.#begin(planned, { id, path: join(this.#options.agentDir, id) });
      await host.ended;
      return id === undefined && this.interrupted === undefined ? {} : undefined;
    } finally {
      this.#hosts.delete(host);
      const begun = this.#tasks.get(planned);
      if (begun !== undefined) this.#tasks.set(planned, readTask(begun.folder));
    }
  }

  #begin(planned: PlannedTask, task: TaskFolder): void {
    this.#tasks.set(planned, readTask(task));
    this.#arrivals.add(once(task));
    this.#options.onBegin(task);
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- an iterable of one, to be merged with others
async function* once(task: TaskFolder): AsyncGenerator<TaskFolder, void, void> {
  yield task;
}

/**
 * Their lines, until the last of them has ended, or `giveUp`; Ctrl-C ends them, and thereby this. Resolves with why the
 * lines could not be shown to their end, where that is so: the agents go on.
 */
async function view(
  pool: HostPool,
  giveUp: AbortSignal,
  context: CliContext,
): Promise<{ readonly error: unknown } | undefined> {
  try {
    const request = defaultLines('all', true, context);
    await showLines(request, { tasks: [], arrivals: () => pool.arrivals }, context, giveUp);
    return undefined;
  } catch (error) {
    return { error };
  }
}

function summary(tasks: readonly TaskEntry[], context: CliContext): string {
  const { clock, stderr } = context;
  const paint = paintFor(undefined, { ...context, stdout: stderr });
  return taskTable(tasks, { ...readClock(clock), columns: stderr.columns, paint });
}

function isDone(entry: TaskEntry): boolean {
  return entry.type === 'task' && entry.status === 'done';
}
