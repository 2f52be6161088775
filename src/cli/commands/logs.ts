import { errors } from '../../core/errors.js';
import { ExitCode } from '../../core/exit-status.js';
import { findAgentDir } from '../../store/layout/agent-dir.js';
import type { ReadLogOptions } from '../../store/task/log-reader.js';
import { resolveDefaultTask, resolveTask, runningTasks } from '../../store/task/resolve-task.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
import { type KnownTasks, knownTasks, taskArrivals } from '../../store/task/task-arrivals.js';
import { readTask } from '../../store/task/task-reader.js';
import { momentOffset } from '../../view/places/place.js';
import { RecordedTask } from '../../view/lines/recorded-task.js';
import { agentDirOption, agentDirQuery } from '../options/agent-dir-option.js';
import { paintFor } from '../options/colour-choice.js';
import type { Command, ParsedLine, OptionValues } from '../options/command.js';
import type { CliContext } from '../options/context.js';
import { interruptOf } from '../output/interrupt.js';
import type { Selection } from '../logs/logs-lines.js';
import {
  type LinesRequest,
  linesRequest,
  logsOptions,
  readInterval,
  readTime,
  refuseBeside,
} from '../logs/logs-options.js';
import { printScreen } from '../output/print-screen.js';
import { readPlace } from '../options/read-place.js';
import { ending, problemsOf, noteMissing } from '../output/recording-problems.js';

export const logsCommand: Command = {
  name: 'logs',
  summary: 'print what agents printed, live or afterwards',
  usage: '[options] [TASK...]',
  operands: { min: 0, max: Infinity },
  options: [...logsOptions, agentDirOption],
  examples: [
    { line: 'orch logs', does: 'the only running task, else the newest' },
    { line: 'orch logs -f', does: 'the same, live' },
    { line: 'orch logs -f -A', does: 'all running and later tasks, live' },
    { line: 'orch logs -S 10m -g error -C 3', does: 'recent errors in context' },
    { line: 'orch logs latest --backend | less', does: "the agent's output alone, as clean text" },
    { line: 'orch logs --screen --at 90s', does: 'what was on the screen after 90 s' },
    { line: 'orch logs nightly -o raw > out.bin', does: 'the recording itself, byte for byte' },
  ],
  run: printLogs,
};

async function printLogs(line: ParsedLine, context: CliContext): Promise<number> {
  const { options } = line;
  const named = [...line.operands, ...options.all('task')];
  if (options.has('all-tasks') && named.length > 0)
    throw errors.badArgument('--all-tasks and a task exclude each other', 'leave one out');
  if (options.text('output') === 'raw') refuseBeside('-o raw', options, NOT_OF_BYTES);
  if (options.has('screen')) refuseBeside('--screen', options, NOT_OF_SCREENS);
  else if (options.has('at')) throw errors.badArgument('--at goes with --screen', 'orch logs --screen --at 90s');
  const at = readPlace(options, 'at');
  const request = linesRequest(line, context, named.length > 1 ? 'several' : 'one');
  const agentDir = findAgentDir(agentDirQuery(line, context));
  // Before the running ones are looked for, so that one that starts meanwhile is not overlooked.
  const known = options.has('all-tasks') || options.has('table') ? knownTasks(agentDir) : undefined;
  const tasks = options.has('all-tasks') ? runningTasks(agentDir) : tasksNamed(agentDir, named);
  if (options.text('output') === 'raw') return printBytes(onlyOne(tasks, '-o raw'), options, context);
  if (options.has('screen')) return printScreen(onlyOne(tasks, '--screen'), at, context);
  if (options.has('table') && known !== undefined)
    return printTable(line, request, { known, tasks, isNamed: named.length > 0 }, context);
  const arrivals = options.has('all-tasks') && request.follow ? arrivalsAfter(known, context) : undefined;
  if (tasks.length === 0 && arrivals === undefined) {
    await context.stderr.write('orch: no task runs — orch logs -f -A waits for one, orch ls shows what there is\n');
    return ExitCode.ok;
  }
  // Loaded only here: the screen model takes longer to load than it takes to copy a small recording.
  const { showLines } = await import('../logs/logs-lines.js');
  using interrupt = interruptOf(context);
  return await showLines(request, { tasks, arrivals }, context, interrupt.signal);
}

function arrivalsAfter(known: KnownTasks | undefined, { clock }: CliContext): Selection['arrivals'] {
  return known === undefined ? undefined : (signal) => taskArrivals(known, { signal, clock });
}

/** Of the tasks named, else of all that run and those to come. */
async function printTable(
  line: ParsedLine,
  lines: LinesRequest,
  found: { readonly known: KnownTasks; readonly tasks: readonly TaskFolder[]; readonly isNamed: boolean },
  context: CliContext,
): Promise<number> {
  const { options } = line;
  refuseBeside('--table', options, NOT_OF_TABLES);
  const { showTable } = await import('../logs/logs-table.js');
  const { known, tasks, isNamed } = found;
  const selection = isNamed
    ? { tasks, arrivals: undefined }
    : { tasks: runningTasks(known.agentDir), arrivals: arrivalsAfter(known, context) };
  const ends = isNamed && lines.ends;
  const request = { lines: { ...lines, ends }, intervalMs: readInterval(options), paint: paintFor(line, context) };
  return showTable(request, selection, context);
}

/** Options that mean nothing to the bytes as they are, or to a picture. */
const OF_LINES = [
  ...['tail', 'lines', 'timestamps', 'grep', 'exclude', 'highlight', 'context', 'prefix', 'order', 'cursor'],
  ...['source', 'summary', 'table'],
];
const NOT_OF_BYTES = ['no-ansi', 'alt', 'screen', 'at', 'all-tasks', ...OF_LINES];
const NOT_OF_TABLES = [
  ...['output', 'tail', 'lines', 'since', 'until', 'timestamps', 'grep', 'exclude', 'highlight', 'context', 'prefix'],
  ...['order', 'cursor', 'source', 'summary', 'screen'],
];
const NOT_OF_SCREENS = ['alt', 'follow', 'since', 'until', 'all-tasks', ...OF_LINES];

function tasksNamed(agentDir: string, names: readonly string[]): readonly TaskFolder[] {
  if (names.length === 0) return [resolveDefaultTask(agentDir)];
  const found = new Map(names.map((name) => resolveTask(agentDir, name)).map((folder) => [folder.id, folder]));
  return [...found.values()];
}

function onlyOne(tasks: readonly TaskFolder[], what: string): TaskFolder {
  const [task, ...others] = tasks;
  if (task === undefined || others.length > 0) throw errors.badArgument(`${what} takes one task`, 'name one');
  return task;
}

/** The recording itself, a range of it or as it grows. */
async function printBytes(task: TaskFolder, options: OptionValues, context: CliContext): Promise<number> {
  using interrupt = interruptOf(context);
  using recording = new RecordedTask(readTask(task));
  const problems = problemsOf(recording);
  const offsetOf = (name: 'since' | 'until'): number | undefined => {
    const ms = readTime(options, name, context);
    return ms === undefined ? undefined : momentOffset({ type: 'time', ms }, recording);
  };
  const to = offsetOf('until');
  const range: ReadLogOptions = {
    from: offsetOf('since') ?? 0,
    ...(to === undefined ? {} : { to }),
    follow: options.has('follow') && to === undefined,
    signal: interrupt.signal,
  };
  const chunks = recording.bytes(range, (missing) => {
    noteMissing(missing, problems, context);
  });
  for await (const { bytes } of chunks) await context.stdout.write(bytes);
  return await ending(problems, interrupt.signal, context);
}
