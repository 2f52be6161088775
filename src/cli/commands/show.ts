import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { errors, OrchError } from '../../core/errors.js';
import { ExitCode } from '../../core/exit-status.js';
import { printableJson } from '../../core/text/printable.js';
import { findAgentDir } from '../../store/layout/agent-dir.js';
import { readEvents } from '../../store/events/event-reader.js';
import { resolveTask } from '../../store/task/resolve-task.js';
import { listSegments } from '../../store/log/segments.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
import { isBeingHashed } from '../../store/task/hashing.js';
import { readTask } from '../../store/task/task-reader.js';
import { INDEX_FILE } from '../../store/times/time-index.js';
import { readTimeIndex } from '../../store/times/time-index-reader.js';
import { missingBytes } from '../../view/tasks/missing-bytes.js';
import { accountOf, type TaskDetails, taskDetails } from '../../view/tasks/task-details.js';
import { inputOf } from '../../view/tasks/task-input.js';
import { taskJson } from '../../view/tasks/task-json.js';
import { readClock } from '../../view/tasks/task-status.js';
import { agentDirOption, agentDirQuery } from '../options/agent-dir-option.js';
import { colourOption, paintFor } from '../options/colour-choice.js';
import type { Command, ParsedLine } from '../options/command.js';
import type { CliContext } from '../options/context.js';
import { readPlace } from '../options/read-place.js';

export const showCommand: Command = {
  name: 'show',
  summary: 'show details of a task',
  usage: '[options] [TASK]',
  operands: { min: 0, max: 1 },
  options: [
    { flags: '--json', description: 'print its manifest and current status' },
    { flags: '--screen', description: 'print its screen instead, as it is or was at the end' },
    { flags: '--at <place>', description: 'with --screen: as it was at this place, such as 90s; see replay --from' },
    agentDirOption,
    colourOption,
  ],
  examples: [
    { line: 'orch show', does: 'the newest task' },
    { line: 'orch show --screen --at 1m30s', does: 'what was on its screen then' },
    { line: 'orch show 1767322995-1 --json', does: 'the beginning of an id is enough' },
  ],
  run: showIt,
};

/** Exit code 4 where something is damaged or missing, as the lines say. */
async function showIt(line: ParsedLine, context: CliContext): Promise<number> {
  const { options } = line;
  const at = readPlace(options, 'at');
  if (at !== undefined && !options.has('screen'))
    throw errors.badArgument('--at is for --screen', 'orch show --screen --at 90s');
  if (options.has('screen') && options.has('json'))
    throw errors.badArgument('--screen and --json exclude each other', 'leave one out');
  const agentDir = findAgentDir(agentDirQuery(line, context));
  const named = line.operands[0] ?? 'latest';
  if (options.has('screen')) {
    const { printScreen } = await import('../output/print-screen.js');
    return printScreen(resolveTask(agentDir, named), at, context);
  }
  const details = presentDetails(agentDir, named);
  const { events } = details.events;
  const input = inputOf(events);
  const known = { ...accountOf(events), ...(input === undefined ? {} : { input }) };
  const text = options.has('json')
    ? `${printableJson({ ...taskJson(details.entry), ...known })}\n`
    : taskDetails(details, { ...readClock(context.clock), paint: paintFor(line, context) });
  await context.stdout.write(text);
  return isWhole(details) ? ExitCode.ok : ExitCode.damaged;
}

/** Of a task that is removed while it is looked at there are none: then another may be meant, or none. */
function presentDetails(agentDir: string, named: string): TaskDetails {
  for (;;) {
    const folder = resolveTask(agentDir, named);
    const details = detailsOf(folder);
    if (existsSync(folder.path)) return details;
  }
}

function detailsOf(folder: TaskFolder): TaskDetails {
  const entry = readTask(folder);
  return {
    entry,
    isBeingHashed: entry.type === 'task' && isBeingHashed(entry.manifest),
    index: indexOf(folder),
    events: readEvents(folder.path),
    segments: segmentsOf(folder),
  };
}

/** The index of a recording of days is not read whole for one line. */
function indexOf({ path }: TaskFolder): TaskDetails['index'] {
  const bytes = statSync(join(path, INDEX_FILE), { throwIfNoEntry: false })?.size ?? 0;
  return bytes > MAX_INDEX_BYTES ? { state: { type: 'long', bytes } } : readTimeIndex(path);
}

function segmentsOf(folder: TaskFolder): TaskDetails['segments'] {
  try {
    return listSegments(folder.path);
  } catch (error) {
    if (error instanceof OrchError) return undefined;
    throw error;
  }
}

function isWhole({ entry, index, events, segments }: TaskDetails): boolean {
  if (entry.type === 'unreadable' || segments === undefined || (missingBytes(entry)?.missing ?? 1) > 0) return false;
  return (
    entry.manifest.gaps.length === 0 &&
    (index.state.type === 'whole' || index.state.type === 'long') &&
    events.damaged === 0
  );
}

/** An hour or more of output without a pause. */
const MAX_INDEX_BYTES = 2 * 1024 * 1024;
