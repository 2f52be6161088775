import { errors } from '../../core/errors.js';
import { ExitCode } from '../../core/exit-status.js';
import { DEFAULT_SIZE } from '../../core/size.js';
import { findAgentDir } from '../../store/agent-dir.js';
import { readLog } from '../../store/log-reader.js';
import { resolveTask } from '../../store/resolve-task.js';
import type { LogChunk } from '../../store/segment-cursor.js';
import { readTask, type TaskEntry } from '../../store/task-reader.js';
import { readTimeIndex, type TimeIndex } from '../../store/time-index-reader.js';
import type { RecordedSizes } from '../../view/clean-log.js';
import { findHoles, type Hole } from '../../view/holes.js';
import { rawLog, safeLog } from '../../view/log-view.js';
import { type Moment, offsetAt, parseMoment } from '../../view/moment.js';
import { agentDirOption, agentDirQuery } from '../agent-dir-option.js';
import type { Command, CommandLine, OptionValues } from '../command.js';
import type { CliContext } from '../context.js';
import { interruptOf } from '../interrupt.js';
import { failureLine } from '../report-failure.js';
import { altOption, readAlt } from '../transcript-options.js';

export const logsCommand: Command = {
  name: 'logs',
  summary: 'print what a task printed, safely or as clean text',
  usage: '[options] [TASK]',
  operands: { min: 0, max: 1 },
  options: [
    { flags: '--backend', description: "the agent's output (the default)" },
    { flags: '--no-ansi', description: 'as clean text: no colours, no redraws (the default off a terminal)' },
    altOption,
    { flags: '--screen', description: 'the screen as it stands, instead of all that was read on it' },
    { flags: '--at <when>', description: 'with --screen, as it stood: 90s after the start, an RFC 3339 time, @BYTES' },
    {
      flags: '-o, --output <format>',
      description: 'text is safe for a terminal; raw is the exact bytes, for files and programs',
      choices: ['text', 'raw'],
    },
    agentDirOption,
  ],
  examples: [
    { line: 'orch logs', does: 'what the newest task printed, in colour' },
    { line: 'orch logs latest | less', does: 'the same as clean text' },
    { line: 'orch logs --screen --at 90s', does: 'what was on the screen after 90 s' },
    { line: 'orch logs nightly -o raw > out.bin', does: 'the recording itself, byte for byte' },
  ],
  run: printLog,
};

type Format = 'raw' | 'safe' | 'clean' | 'screen';

async function printLog(line: CommandLine, context: CliContext): Promise<number> {
  const format = formatOf(line.options, context);
  const moment = readMoment(line.options);
  const agentDir = findAgentDir(agentDirQuery(line, context));
  const entry = readTask(resolveTask(agentDir, line.operands[0] ?? 'latest'));
  const problems: string[] = [];
  if (entry.type === 'unreadable') problems.push(failureLine(entry.problem));
  using interrupt = interruptOf(context);
  const to = moment === undefined ? undefined : endAt(moment, readTimeIndex(entry.folder.path));
  const chunks = readLog(entry.folder, { signal: interrupt.signal, ...(to === undefined ? {} : { to }) });
  const end = Math.min(expectedEnd(entry), to ?? Infinity);
  const whole = findHoles(chunks, { from: 0, end }, (hole) => problems.push(holeLine(hole)));
  for await (const piece of await viewOf(format, whole, () => sizesOf(entry, to), line.options)) {
    if (piece.length > 0) await context.stdout.write(piece);
  }
  if (interrupt.signal.aborted) return ExitCode.interrupted;
  for (const problem of problems) await context.stderr.write(`${problem}\n`);
  return problems.length === 0 ? ExitCode.ok : ExitCode.damaged;
}

/** On a terminal what was recorded is shown as it looked; whatever else reads it wants the text. */
function formatOf(options: OptionValues, { stdout }: CliContext): Format {
  const cleaning = CLEANING.find((name) => options.has(name));
  if (options.text('output') === 'raw') {
    if (cleaning !== undefined)
      throw errors.badArgument(`-o raw and --${cleaning} exclude each other`, 'leave one out');
    return 'raw';
  }
  if (options.has('screen')) {
    if (options.has('alt')) throw errors.badArgument('--screen and --alt exclude each other', 'leave one out');
    return 'screen';
  }
  if (options.has('at')) throw errors.badArgument('--at goes with --screen', 'orch logs --screen --at 90s');
  return cleaning === undefined && stdout.isTTY ? 'safe' : 'clean';
}

const CLEANING = ['no-ansi', 'alt', 'screen', 'at'] as const;

function readMoment(options: OptionValues): Moment | undefined {
  const text = options.text('at');
  if (text === undefined) return undefined;
  const moment = parseMoment(text);
  if (moment !== undefined) return moment;
  throw errors.badArgument(`--at ${text} is no place in a recording`, 'such as 90s, 2026-01-02T03:04:05Z or @12345');
}

function endAt(moment: Moment, index: TimeIndex): number {
  const offset = offsetAt(moment, index);
  if (offset !== undefined) return offset;
  throw errors.badArgument('when this recording began is not known', 'name a place by its bytes, such as --at @12345');
}

async function viewOf(
  format: Format,
  chunks: AsyncIterable<LogChunk>,
  sizes: () => RecordedSizes,
  options: OptionValues,
): Promise<AsyncIterable<string | Uint8Array>> {
  switch (format) {
    case 'raw':
      return rawLog(chunks);
    case 'safe':
      return safeLog(chunks);
    // Loaded only here: the screen model takes longer to load than the other two to print a small recording.
    case 'clean':
      return (await import('../../view/clean-log.js')).cleanLog(chunks, sizes(), readAlt(options));
    case 'screen':
      return (await import('../../view/clean-log.js')).screenLog(chunks, sizes());
  }
}

/** In front of the byte at `to` the terminal had not been resized there yet. */
function sizesOf(entry: TaskEntry, to = Infinity): RecordedSizes {
  const { size, resizes } = readTimeIndex(entry.folder.path);
  const before = resizes.filter(({ offset }) => offset < to);
  return { size: (entry.type === 'task' ? entry.manifest.size : size) ?? DEFAULT_SIZE, resizes: before };
}

/** A task that has ended says how much there must be; of any other, what is there is all there is. */
function expectedEnd(entry: TaskEntry): number {
  return entry.type === 'task' ? entry.bytes : 0;
}

function holeLine({ offset, bytes }: Hole): string {
  return `orch: ${bytes} bytes at offset ${offset} are missing from the recording`;
}
