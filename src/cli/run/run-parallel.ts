import { visible } from '../../core/text/printable.js';
import { changedVariables } from './not-utf8.js';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import type { Config } from '../../config/config.js';
import { type PromptTask, readPrompts } from '../../config/prompts-file.js';
import { Confluence } from '../../core/async/merge-iterables.js';
import { errors, OrchError, reason } from '../../core/errors.js';
import { ExitCode, shellExitCode } from '../../core/exit-status.js';
import { Turns } from '../../core/async/semaphore.js';
import { loadPty } from '../../pty/process/load-pty.js';
import type { Recording, RecordingRequest } from '../../record/run/recording.js';
import type { Notice } from '../../record/run/task-notes.js';
import { hasGone, recordUnattended } from '../../record/viewers/unattended.js';
import { openAgentDir } from '../../store/layout/agent-dir.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
import { readTask, type TaskEntry } from '../../store/task/task-reader.js';
import { readClock } from '../../view/tasks/task-status.js';
import { taskTable } from '../../view/tasks/task-table.js';
import { agentDirQuery } from '../options/agent-dir-option.js';
import { paintFor } from '../options/colour-choice.js';
import { type CommandLine, OptionValues } from '../options/command.js';
import type { CliContext, CliSignal } from '../options/context.js';
import { showLines } from '../logs/logs-lines.js';
import { linesRequest } from '../logs/logs-options.js';
import { notifyOf } from './notifier.js';
import { failureLine } from '../output/report-failure.js';
import { runOptionsOf } from './run-defaults.js';
import type { RunOptions } from './run-options.js';
import { agentOf, requestFor } from './run-request.js';
import { RunRetention } from './run-retention.js';
import { RunSignals } from './run-signals.js';
import { jumpMark } from './run-words.js';
import { usersTerminalSize } from '../options/users-terminal-size.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import { UnblockedOutput } from '../output/unblocked-output.js';

/** One of many runs, before it begins. */
interface PlannedRun {
  readonly request: RecordingRequest;
  readonly options: RunOptions;
}

/**
 * Runs the tasks of a prompts file, `parallel` at a time, and shows their lines as `logs -f -A` does; then a table of what
 * became of them. Exit code 0 when all are done, 1 when one is not.
 *
 * @throws OrchError of the file and of any of its tasks, before anything is run
 */
export async function runParallel(
  line: CommandLine,
  { prompts, parallel }: { readonly prompts: string; readonly parallel: number },
  config: Config,
  context: CliContext,
): Promise<number> {
  // Where it is of no use, nothing is made.
  const spawn = await loadPty();
  const size = await usersTerminalSize(context);
  const planned = planAll(line, { prompts, size }, config, context);
  const quiet = line.options.has('quiet');
  using signals = new RunSignals(context);
  const retention = new RunRetention(config.retention, context.clock, signals.afterEnd);
  using stdout = new UnblockedOutput(context.stdout, context.clock, signals.afterEnd);
  using stderr = new UnblockedOutput(context.stderr, context.clock, signals.afterEnd);
  const say = (text: string): Promise<void> => stderr.write(text).catch(() => undefined);
  for (const text of changedVariables(context.env)) void say(`orch: ${text}\n`);
  const crowd = new Crowd(planned, parallel, async ({ request, options }, onStart) => {
    const notify = ({ level, text }: Notice): void => {
      if (level !== 'info') void say(`orch: ${visible(text)}\n`);
    };
    const told = (recording: Recording): void => {
      const onFailed = (text: string): void => {
        notify({ level: 'warn', text });
      };
      if (options.notify !== undefined)
        notifyOf(recording, options.notify, { onFailed, ring: () => undefined }, context);
      onStart(recording);
      retention.begin(recording.task);
    };
    const views = { output: undefined, input: undefined, mark: jumpMark, signal: signals.afterEnd };
    const tools = { spawn, clock: context.clock, notify };
    await recordUnattended(request, tools, { ...views, onStart: told });
  });
  signals.passOnTo((signal) => {
    crowd.end(signal);
  });
  const viewing = quiet ? undefined : view(crowd, { ...context, stdout, stderr });
  const failures = await crowd.ended;
  signals.agentEnded();
  const failed = await viewing;
  const isSeen = failed === undefined || hasGone(failed.error) || signals.afterEnd.aborted;
  if (!isSeen) await say(`orch: stdout took nothing more (${reason(failed.error)}); the recordings are complete\n`);
  for (const failure of failures) await say(`${failureLine(failure)}\n`);
  if (!quiet) await say(summary(crowd.tasks, line, context));
  await retention.done();
  const { interrupted } = crowd;
  if (interrupted !== undefined) return shellExitCode({ exitCode: 0, signal: constants.signals[interrupted] });
  const allDone = isSeen && failures.length === 0 && crowd.tasks.every(isDone);
  return allDone ? ExitCode.ok : ExitCode.io;
}

function planAll(
  line: CommandLine,
  { prompts, size }: { readonly prompts: string; readonly size: TerminalSize | undefined },
  config: Config,
  context: CliContext,
): readonly PlannedRun[] {
  if (line.operands.length > 0 || line.rest !== undefined)
    throw errors.badArgument('--prompts and a prompt exclude each other', 'leave one out');
  if (line.options.has('output'))
    throw errors.badArgument(
      '--prompts and --output exclude each other',
      'several tasks are shown as lines; -q shows nothing',
    );
  let agentDir: string | undefined;
  const tasks = readPrompts(resolve(context.cwd, prompts), prompts);
  return tasks.map((task) => {
    try {
      const own = lineOf(task, line);
      const options = runOptionsOf(own, config, false);
      const request = requestFor(
        agentOf(own, options, config),
        options,
        { attached: false, size },
        {
          ...context,
          agentDir: () => (agentDir ??= openAgentDir(agentDirQuery(line, context))),
        },
      );
      return { request, options };
    } catch (error) {
      if (!(error instanceof OrchError)) throw error;
      throw errors.badArgument(`${task.at}: ${error.message}`, error.fix ?? '');
    }
  });
}

/** The line of `orch run` that would run this task alone: what the file says of it comes before the flags for all. */
function lineOf(task: PromptTask, { options }: CommandLine): CommandLine {
  const values = new Map(options.entries());
  for (const name of ['prompts', 'parallel']) values.delete(name);
  if (task.type === 'command') for (const name of ['backend', 'mode', 'until']) values.delete(name);
  if (task.type === 'prompt-file') values.set('prompt-file', [task.promptFile]);
  for (const [name, value] of task.flags) values.set(name, [value]);
  return {
    operands: task.type === 'prompt' ? [task.prompt] : [],
    rest: task.type === 'command' ? task.argv : undefined,
    options: new OptionValues(values),
  };
}

/** Runs one, and says when it has begun. */
type RunOne = (planned: PlannedRun, onStart: (recording: Recording) => void) => Promise<void>;

/** The recordings, so many at a time, in their order. */
class Crowd {
  /** Resolves with what could not be run, when all have ended. */
  readonly ended: Promise<readonly unknown[]>;
  /** The signal that somebody sent: none begins any more. */
  interrupted: CliSignal | undefined;
  readonly #running = new Set<Recording>();
  readonly #tasks = new Map<Recording, TaskEntry>();
  readonly #arrivals = new Confluence<TaskFolder>();
  readonly #turns: Turns;
  readonly #run: RunOne;

  constructor(planned: readonly PlannedRun[], parallel: number, run: RunOne) {
    this.#turns = new Turns(parallel);
    this.#run = run;
    this.ended = this.#runAll(planned);
  }

  /** Those that have begun, and of each what it came to: another process may have removed it since. */
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

  /** What went wrong: that is no reason to leave the others. */
  async #runInTurn(planned: PlannedRun): Promise<unknown> {
    const turn = await this.#turns.take();
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

/**
 * Their lines, until the last of them has ended; Ctrl-C ends them, and thereby this. Resolves with why the lines could not
 * be shown to their end, where that is so: the agents go on.
 */
async function view(crowd: Crowd, context: CliContext): Promise<{ readonly error: unknown } | undefined> {
  const options = new OptionValues(
    new Map([
      ['follow', [true as const]],
      ['all-tasks', [true as const]],
    ]),
  );
  const request = linesRequest({ operands: [], rest: undefined, options }, context, 'several');
  const deaf = { ...context, onSignal: () => ({ [Symbol.dispose]: () => undefined }) };
  try {
    await showLines(request, { tasks: [], arrivals: () => crowd.arrivals }, deaf);
    return undefined;
  } catch (error) {
    return { error };
  }
}

function summary(tasks: readonly TaskEntry[], line: CommandLine, context: CliContext): string {
  const { clock, stderr } = context;
  const paint = paintFor(line, { ...context, stdout: stderr });
  return taskTable(tasks, { ...readClock(clock), columns: stderr.columns, paint });
}

function isDone(entry: TaskEntry): boolean {
  return entry.type === 'task' && entry.status === 'done';
}
