import { errors } from '../../core/errors.js';
import { keepDrawingSmall, limitHeap } from '../../core/process/small-heap.js';
import { findAgentDir } from '../../store/layout/agent-dir.js';
import { resolveTask } from '../../store/task/resolve-task.js';
import { untilHashed } from '../../store/task/hashing.js';
import { readTask } from '../../store/task/task-reader.js';
import type { ExportFormat } from '../../view/export/export-format.js';
import { exportFormats, formatOfFile } from '../../view/export/formats/export-formats.js';
import { agentDirOption, agentDirQuery } from '../options/agent-dir-option.js';
import type { Command, ParsedLine, OptionValues } from '../options/command.js';
import type { CliContext } from '../options/context.js';

export const exportCommand: Command = {
  name: 'export',
  summary: 'write a task as a file, for other programs or machines',
  usage: '[options] [TASK]',
  operands: { min: 0, max: 1 },
  options: [
    {
      flags: '-f, --format <format>',
      description: 'the format (default: by the ending of the file)',
      choices: exportFormats.map(({ name }) => name),
    },
    {
      flags: '-o, --output <file>',
      description: 'the file, written whole or not at all (default: stdout)',
    },
    { flags: '--from <place>', description: 'begin at this place, with the screen as it was there; see replay --from' },
    { flags: '--to <place>', description: 'end at this place' },
    { flags: '--at <place>', description: 'svg, png: a still picture of the screen at this place' },
    { flags: '--idle-limit <time>', description: 'shorten pauses to this, such as 2 or 500ms' },
    { flags: '--title <text>', description: "the title (default: the task's name, else its command)" },
    { flags: '--no-redact', description: 'do not mask API keys and tokens of well-known shapes' },
    agentDirOption,
  ],
  examples: [
    { line: 'orch export -o run.cast', does: 'the newest task, for asciinema' },
    { line: 'orch export nightly -o run.script', does: 'for scriptreplay, with run.script.timing' },
    { line: "orch export -f text --from '#3'", does: 'its text from the third iteration on' },
    { line: 'orch export nightly -o run.tar', does: 'the whole task, for orch import elsewhere' },
  ],
  run: exportTask,
};

async function exportTask(line: ParsedLine, context: CliContext): Promise<number> {
  const { options } = line;
  const file = fileOf(options);
  const format = formatOf(options, file);
  if (format.isWhole) refuseChanges(format, options);
  if (options.has('at')) refuseAt(format, options);
  if (file === undefined) refuseStdout(format, context);
  const agentDir = findAgentDir(agentDirQuery(line, context));
  const folder = resolveTask(agentDir, line.operands[0] ?? 'latest');
  // What holds the task unchanged is to have its hash.
  if (format.isWhole) await untilHashed(folder, context.clock);
  const entry = readTask(folder);
  // Loaded only here: the formats and what they are made of.
  const { runExport } = await import('../transfer/write-export.js');
  // Last, since it costs what is loaded from here on.
  if (format.name === 'png' || format.name === 'gif') keepDrawingSmall();
  else if (entry.type === 'task' && entry.bytes > LARGE_BYTES) limitHeap();
  return runExport({ entry, format, file, options }, context);
}

/** Of less there is not that much garbage. */
const LARGE_BYTES = 1024 * 1024;

/** `-` is stdout. */
function fileOf(options: OptionValues): string | undefined {
  const file = options.text('output');
  if (file === '') throw errors.badArgument('--output is empty', 'name a file, or - for stdout');
  return file === '-' ? undefined : file;
}

function formatOf(options: OptionValues, file: string | undefined): ExportFormat {
  const name = options.text('format');
  const named = exportFormats.find((format) => format.name === name);
  const format = named ?? (file === undefined ? undefined : formatOfFile(file));
  if (format !== undefined) return format;
  const what = file === undefined ? 'nothing says which format' : `what ${file} ends in is no format's ending`;
  throw errors.badArgument(what, `give --format ${exportFormats.map((known) => known.name).join(', ')}`);
}

/** @throws OrchError BAD_ARGUMENT */
function refuseChanges({ name }: ExportFormat, options: OptionValues): void {
  const given = ['from', 'to', 'idle-limit', 'title'].find((option) => options.has(option));
  if (given !== undefined)
    throw errors.badArgument(`--${given} does not go with ${name}, which holds the task unchanged`, 'leave it out');
}

/** @throws OrchError BAD_ARGUMENT */
function refuseAt({ name, hasStill }: ExportFormat, options: OptionValues): void {
  if (hasStill === undefined)
    throw errors.badArgument(`--at needs a still picture, which ${name} is not`, 'give --format svg or png');
  const given = ['from', 'to', 'idle-limit'].find((option) => options.has(option));
  if (given !== undefined) throw errors.badArgument(`--at and --${given} exclude each other`, 'leave one out');
}

/** @throws OrchError BAD_ARGUMENT */
function refuseStdout({ name, beside, isText }: ExportFormat, { stdout }: CliContext): void {
  if (beside !== undefined)
    throw errors.badArgument(
      `${name} is two files, which stdout cannot hold`,
      `give -o FILE: the other is FILE.${beside}`,
    );
  if (!isText && stdout.isTTY)
    throw errors.badArgument(`${name} is not for a terminal`, 'give -o FILE, or send it through a pipe');
}
