import { visible } from '../../core/text/printable.js';
import { changedVariables } from './not-utf8.js';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import type { Config } from '../../config/config.js';
import { type PromptTask, readPrompts } from '../../config/prompts-file.js';
import { MergedIterables } from '../../core/async/merge-iterables.js';
import { errors, OrchError, reason } from '../../core/errors.js';
import { ExitCode, shellExitCode } from '../../core/exit-status.js';
import { Semaphore } from '../../core/async/semaphore.js';
import { loadPty } from '../../pty/process/load-pty.js';
import type { Recording, RecordingRequest } from '../../record/run/recording.js';
import type { Notice } from '../../record/run/task-notes.js';
import { hasGone, recordUnattended } from '../../record/viewers/unattended.js';
import { completed, merged } from '../../settings/flag.js';
import { runFlags } from '../../settings/run-flags.js';
import { type GivenRunFlags, NOTHING_GIVEN, type RunSettings, runSettings } from '../../settings/run-settings.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
import { readTask, type TaskEntry } from '../../store/task/task-reader.js';
import { readClock } from '../../view/tasks/task-status.js';
import { taskTable } from '../../view/tasks/task-table.js';
import { paintFor } from '../options/colour-choice.js';
import type { ParsedLine } from '../options/command.js';
import type { CliContext, CliSignal } from '../options/context.js';
import { showLines } from '../logs/logs-lines.js';
import { defaultLines } from '../logs/logs-options.js';
import { notifyOf } from './notifier.js';
import { failureLine } from '../output/report-failure.js';
import { agentOf, recordingsFolder, requestFor } from './run-request.js';
import { withConfig } from './with-config.js';
import { RunRetention } from './run-retention.js';
import { RunSignals } from './run-signals.js';
import { jumpMark } from './run-words.js';
import { usersTerminalSize } from '../options/users-terminal-size.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import { UnblockedOutput } from '../output/unblocked-output.js';

/** One of many runs, before it begins. */
interface PlannedRun {
  readonly request: RecordingRequest;
  readonly settings: RunSettings;
}

/** Flags for all tasks of a file. */
type GivenForMany = GivenRunFlags & { readonly prompts: string };

/**
 * Runs the tasks of a prompts file, `given.parallel` at a time, and shows their lines as `logs -f -A` does; then a table of
 * their results. Exit code 0 when all are done, 1 when one is not.
 *
 * @throws OrchError of the file and of any of its tasks, before anything is run
 */
export async function runParallel(
  line: ParsedLine,
  given: GivenForMany,
  config: Config,
  context: CliContext,
): Promise<number> {
  // Where it is of no use, nothing is made.
  const spawn = await loadPty();
  const size = await usersTerminalSize(context);
  const { parallel, quiet, dir } = completed(runFlags, given);
  const planned = planAll(line, { given, size, agentDir: recordingsFolder(dir, context) }, config, context);
  using signals = new RunSignals(context);
  const retention = new RunRetention(config.retention, context.clock, signals.afterEnd);
  using stdout = new UnblockedOutput(context.stdout, context.clock, signals.afterEnd);
  using stderr = new UnblockedOutput(context.stderr, context.clock, signals.afterEnd);
  const say = (text: string): Promise<void> => stderr.write(text).catch(() => undefined);
  for (const text of changedVariables(context.env)) void say(`orch: ${text}\n`);
  const pool = new RunPool(planned, parallel, async ({ request, settings }, onStart) => {
    const notify = ({ level, text }: Notice): void => {
      if (level !== 'info') void say(`orch: ${visible(text)}\n`);
    };
    const started = (recording: Recording): void => {
      const onFailed = (text: string): void => {
        notify({ level: 'warn', text });
      };
      if (settings.notify !== undefined)
        notifyOf(recording, settings.notify, { onFailed, ring: () => undefined }, context);
      onStart(recording);
      retention.begin(recording.task);
    };
    const views = { output: undefined, input: undefined, mark: jumpMark, signal: signals.afterEnd };
    const tools = { spawn, clock: context.clock, notify };
    await recordUnattended(request, tools, { ...views, onStart: started });
  });
  signals.passOnTo((signal) => {
    pool.end(signal);
  });
  const viewing = quiet ? undefined : view(pool, { ...context, stdout, stderr });
  const failures = await pool.ended;
  signals.agentEnded();
  const failed = await viewing;
  const isSeen = failed === undefined || hasGone(failed.error) || signals.afterEnd.aborted;
  if (!isSeen) await say(`orch: stdout took nothing more (${reason(failed.error)}); the recordings are complete\n`);
  for (const failure of failures) await say(`${failureLine(failure)}\n`);
  if (!quiet) await say(summary(pool.tasks, context));
  await retention.done();
  const { interrupted } = pool;
  if (interrupted !== undefined) return shellExitCode({ exitCode: 0, signal: constants.signals[interrupted] });
  const allDone = isSeen && failures.length === 0 && pool.tasks.every(isDone);
  return allDone ? ExitCode.ok : ExitCode.io;
}

function planAll(
  { operands, rest, options }: ParsedLine,
  { given, size, agentDir }: { given: GivenForMany; size: TerminalSize | undefined; agentDir: () => string },
  config: Config,
  context: CliContext,
): readonly PlannedRun[] {
  if (operands.length > 0 || rest !== undefined)
    throw errors.badArgument('--prompts and a prompt exclude each other', 'leave one out');
  if (given.output !== undefined)
    throw errors.badArgument(
      '--prompts and --output exclude each other',
      'several tasks are shown as lines; -q shows nothing',
    );
  const tasks = readPrompts(resolve(context.cwd, given.prompts), given.prompts);
  return tasks.map((task) => {
    try {
      const settings = runSettings(withConfig(givenFor(task, given), task.type === 'command', config), false);
      const agent = agentOf({ ...askedOf(task), options }, settings, config);
      return { request: requestFor(agent, settings, { attached: false, size }, agentDir, context), settings };
    } catch (error) {
      if (!(error instanceof OrchError)) throw error;
      throw errors.badArgument(`${task.at}: ${error.message}`, error.fix ?? '');
    }
  });
}

/** The flags of one task: those in the file count first, then the flags for all. */
function givenFor(task: PromptTask, { backend, mode, loop, ...forAll }: GivenRunFlags): GivenRunFlags {
  // A command has no backend, and says nothing.
  const ofAgents = task.type === 'command' ? { loop: { ...loop, until: undefined } } : { backend, mode, loop };
  const forThis = { ...NOTHING_GIVEN, ...forAll, ...ofAgents, prompts: undefined, parallel: undefined };
  const promptFile = task.type === 'prompt-file' ? task.promptFile : task.given.promptFile;
  return merged(runFlags, [{ ...task.given, promptFile }, forThis]);
}

function askedOf(task: PromptTask): Pick<ParsedLine, 'operands' | 'rest'> {
  return {
    operands: task.type === 'prompt' ? [task.prompt] : [],
    rest: task.type === 'command' ? task.argv : undefined,
  };
}

/** Runs one, and says when it has begun. */
type RunOne = (planned: PlannedRun, onStart: (recording: Recording) => void) => Promise<void>;

/** Runs the planned recordings in their order, at most `parallel` at a time. */
class RunPool {
  /** Resolves when all have ended, with the errors of those that could not be run. */
  readonly ended: Promise<readonly unknown[]>;
  /** The signal that was received: no more runs begin. */
  interrupted: CliSignal | undefined;
  readonly #running = new Set<Recording>();
  readonly #tasks = new Map<Recording, TaskEntry>();
  readonly #arrivals = new MergedIterables<TaskFolder>();
  readonly #turns: Semaphore;
  readonly #run: RunOne;

  constructor(planned: readonly PlannedRun[], parallel: number, run: RunOne) {
    this.#turns = new Semaphore(parallel);
    this.#run = run;
    this.ended = this.#runAll(planned);
  }

  /** The tasks that have begun, as read at their last change: another process may have removed them since. */
  get tasks(): readonly TaskEntry[] {
    return [...this.#tasks.values()];
  }

  /** Each when it begins. */
  get arrivals(): AsyncIterable<TaskFolder> {
    return this.#arrivals;
  }

  /** Passes a signal on to all that run. */
  end(signal: CliSignal): void {
    this.interrupted ??= signal;
    for (const recording of this.#running) recording.signal(signal, 'outside');
  }

  async #runAll(planned: readonly PlannedRun[]): Promise<readonly unknown[]> {
    try {
      const failures = await Promise.all(planned.map((one) => this.#runInTurn(one)));
      return failures.filter((failure) => failure !== undefined);
    } finally {
      this.#arrivals.close();
    }
  }

  /** Resolves with the error of a run, so that the others go on. */
  async #runInTurn(planned: PlannedRun): Promise<unknown> {
    const turn = await this.#turns.acquire();
    const mine: { recording?: Recording } = {};
    try {
      if (this.interrupted !== undefined) return undefined;
      await this.#run(planned, (recording) => {
        mine.recording = recording;
        this.#begin(recording);
      });
      return undefined;
    } catch (error) {
      return error;
    } finally {
      if (mine.recording !== undefined) this.#end(mine.recording);
      turn[Symbol.dispose]();
    }
  }

  #begin(recording: Recording): void {
    this.#running.add(recording);
    this.#tasks.set(recording, readTask(recording.task));
    this.#arrivals.add(once(recording.task));
    if (this.interrupted !== undefined) recording.signal(this.interrupted, 'outside');
  }

  #end(recording: Recording): void {
    this.#running.delete(recording);
    this.#tasks.set(recording, readTask(recording.task));
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- an iterable of one, to be merged with others
async function* once(task: TaskFolder): AsyncGenerator<TaskFolder, void, void> {
  yield task;
}

/** Ctrl-C is for the agents. */
const NEVER = new AbortController().signal;

/**
 * Their lines, until the last of them has ended; Ctrl-C ends them, and thereby this. Resolves with why the lines could not
 * be shown to their end, where that is so: the agents go on.
 */
async function view(pool: RunPool, context: CliContext): Promise<{ readonly error: unknown } | undefined> {
  try {
    const request = defaultLines('all', true, context);
    await showLines(request, { tasks: [], arrivals: () => pool.arrivals }, context, NEVER);
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
