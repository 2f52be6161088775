import { errors } from '../../core/errors.js';
import { ExitCode } from '../../core/exit-status.js';
import { DEFAULT_SIZE } from '../../core/size.js';
import { findAgentDir } from '../../store/agent-dir.js';
import { readLog } from '../../store/log-reader.js';
import { resolveTask } from '../../store/resolve-task.js';
import type { LogChunk } from '../../store/segment-cursor.js';
import { readTask, type TaskEntry } from '../../store/task-reader.js';
import { readTimeIndex } from '../../store/time-index-reader.js';
import type { RecordedSizes } from '../../view/clean-log.js';
import { findHoles, type Hole } from '../../view/holes.js';
import { rawLog, safeLog } from '../../view/log-view.js';
import { agentDirOption, agentDirQuery } from '../agent-dir-option.js';
import type { Command, CommandLine } from '../command.js';
import type { CliContext } from '../context.js';
import { interruptOf } from '../interrupt.js';
import { failureLine } from '../report-failure.js';

export const logsCommand: Command = {
  name: 'logs',
  summary: 'print what a task printed, safely or as clean text',
  usage: '[options] [TASK]',
  operands: { min: 0, max: 1 },
  options: [
    { flags: '--backend', description: "the agent's output (the default)" },
    { flags: '--no-ansi', description: 'as clean text: no colours, no redraws' },
    {
      flags: '-o, --output <format>',
      description: 'text is safe for a terminal; raw is the exact bytes, for files and programs',
      choices: ['text', 'raw'],
    },
    agentDirOption,
  ],
  examples: [
    { line: 'orch logs', does: 'what the newest task printed, in colour' },
    { line: 'orch logs latest --no-ansi | less', does: 'the same as plain text' },
    { line: 'orch logs nightly -o raw > out.bin', does: 'the recording itself, byte for byte' },
  ],
  run: printLog,
};

type Format = 'raw' | 'safe' | 'clean';

async function printLog(line: CommandLine, context: CliContext): Promise<number> {
  const format = formatOf(line);
  const agentDir = findAgentDir(agentDirQuery(line, context));
  const entry = readTask(resolveTask(agentDir, line.operands[0] ?? 'latest'));
  const problems: string[] = [];
  if (entry.type === 'unreadable') problems.push(failureLine(entry.problem));
  using interrupt = interruptOf(context);
  const chunks = readLog(entry.folder, { signal: interrupt.signal });
  const whole = findHoles(chunks, { from: 0, end: expectedEnd(entry) }, (hole) => problems.push(holeLine(hole)));
  for await (const piece of await viewOf(format, whole, entry)) await context.stdout.write(piece);
  if (interrupt.signal.aborted) return ExitCode.interrupted;
  for (const problem of problems) await context.stderr.write(`${problem}\n`);
  return problems.length === 0 ? ExitCode.ok : ExitCode.damaged;
}

function formatOf({ options }: CommandLine): Format {
  const clean = options.has('no-ansi');
  if (options.text('output') !== 'raw') return clean ? 'clean' : 'safe';
  if (clean) throw errors.badArgument('-o raw and --no-ansi exclude each other', 'leave one out');
  return 'raw';
}

async function viewOf(
  format: Format,
  chunks: AsyncIterable<LogChunk>,
  entry: TaskEntry,
): Promise<AsyncIterable<string | Uint8Array>> {
  switch (format) {
    case 'raw':
      return rawLog(chunks);
    case 'safe':
      return safeLog(chunks);
    case 'clean':
      // Loaded only here: the screen model takes longer to load than the other two to print a small recording.
      return (await import('../../view/clean-log.js')).cleanLog(chunks, sizesOf(entry));
  }
}

function sizesOf(entry: TaskEntry): RecordedSizes {
  const { size, resizes } = readTimeIndex(entry.folder.path);
  return { size: (entry.type === 'task' ? entry.manifest.size : size) ?? DEFAULT_SIZE, resizes };
}

/** A task that has ended says how much there must be; of any other, what is there is all there is. */
function expectedEnd(entry: TaskEntry): number {
  return entry.type === 'task' ? entry.bytes : 0;
}

function holeLine({ offset, bytes }: Hole): string {
  return `orch: ${bytes} bytes at offset ${offset} are missing from the recording`;
}
