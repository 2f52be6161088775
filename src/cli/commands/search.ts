import { asWritten, type Pattern } from '../../core/pattern/pattern.js';
import { errors } from '../../core/errors.js';
import { ExitCode } from '../../core/exit-status.js';
import { printableJsonLine, visible } from '../../core/text/printable.js';
import { PLAIN } from '../../render/model/frame.js';
import { runsToAnsi } from '../../render/pictures/print-frame.js';
import { escapedPattern, readPattern } from '../../core/pattern/read-pattern.js';
import { findAgentDir } from '../../store/layout/agent-dir.js';
import { resolveTask } from '../../store/task/resolve-task.js';
import { listTaskFolders, type TaskFolder } from '../../store/layout/task-folder.js';
import { displayWidth } from '../../core/terminal/display-width.js';
import { highlight } from '../../view/print/highlight.js';
import { missingRangeText } from '../../view/lines/missing-range.js';
import type { Match } from '../../view/places/search.js';
import { searchTasks, type SearchTasksOptions } from '../../view/places/search-tasks.js';
import { agentDirOption, agentDirQuery } from '../options/agent-dir-option.js';
import { colourOption, isColoured } from '../options/colour-choice.js';
import { type Command, type ParsedLine, OptionValues } from '../options/command.js';
import type { CliContext } from '../options/context.js';
import { interruptOf } from '../output/interrupt.js';
import { readValue } from '../options/read-value.js';
import { count } from '../../settings/value-kind.js';

export const searchCommand: Command = {
  name: 'search',
  summary: 'find lines in the clean text of all tasks',
  usage: '[options] <pattern> [TASK...]',
  operands: { min: 1, max: Infinity },
  options: [
    { flags: '-i, --ignore-case', description: 'ignore upper and lower case' },
    { flags: '-F, --fixed-strings', description: 'the pattern is text, not a regular expression' },
    { flags: '-m, --max-count <n>', description: 'at most n lines of each task' },
    { flags: '--open', description: 'replay the newest task with a matching line, from there on' },
    { flags: '--json', description: 'print an object a line' },
    agentDirOption,
    colourOption,
  ],
  examples: [
    { line: "orch search -i 'error|fail'", does: 'errors in any task' },
    { line: 'orch search -F "TypeError: x" nightly', does: 'in one task' },
    { line: 'orch search --open "tests passed"', does: 'watch it happen' },
  ],
  run: search,
};

/** Exit code 4 where anything that was to be searched was missing or damaged. */
async function search(line: ParsedLine, context: CliContext): Promise<number> {
  const { options, operands } = line;
  const [source = '', ...names] = operands;
  const text = options.has('fixed-strings') ? escapedPattern(source) : source;
  const pattern = readPattern('the pattern', text, options.has('ignore-case') ? 'i' : '');
  const most = readValue(options, 'max-count', count) ?? Infinity;
  const agentDir = findAgentDir(agentDirQuery(line, context));
  // The oldest first, so that the newest end up nearest to the prompt.
  const tasks = names.length === 0 ? listTaskFolders(agentDir) : names.map((name) => resolveTask(agentDir, name));
  using interrupt = interruptOf(context);
  const problems: string[] = [];
  const wanted = { pattern, most, signal: interrupt.signal, ...noting(problems) };
  if (options.has('open')) return await open(tasks, wanted, line, context);
  const matches = searchTasks(tasks, wanted);
  const print = options.has('json') ? jsonLine : printer(pattern, isColoured(line, context));
  for await (const match of matches) await context.stdout.write(print(match));
  if (interrupt.signal.aborted) return ExitCode.interrupted;
  for (const problem of problems) await context.stderr.write(`orch: ${problem}\n`);
  return problems.length === 0 ? ExitCode.ok : ExitCode.damaged;
}

/** What keeps `problems` of what could not be searched. */
function noting(problems: string[]): Pick<SearchTasksOptions, 'onMissing' | 'onFailure'> {
  return {
    onMissing: ({ id }, range) => {
      if (!range.removed) problems.push(`${id}: ${missingRangeText(range)}`);
    },
    onFailure: ({ id }, { message }) => problems.push(`${id}: ${message}`),
  };
}

/** Replays the newest task that has a match, from its first one on. @throws OrchError BAD_ARGUMENT where there is none */
async function open(
  tasks: readonly TaskFolder[],
  wanted: SearchTasksOptions,
  line: ParsedLine,
  context: CliContext,
): Promise<number> {
  for await (const match of searchTasks([...tasks].reverse(), wanted)) {
    const { replayCommand } = await import('./replay.js');
    const given = new Map([['from', [`@${match.line.offset}`]]]);
    const dir = line.options.text('dir');
    if (dir !== undefined) given.set('dir', [dir]);
    const options = new OptionValues(given);
    return await replayCommand.run({ ...line, operands: [match.entry.folder.id], options }, context);
  }
  if (wanted.signal.aborted) return ExitCode.interrupted;
  throw errors.badArgument(`no line matches ${asWritten(wanted.pattern)}`, 'orch logs shows the lines of a task');
}

/** `TASK TIME @OFFSET LINE`, with what matches marked. */
function printer(pattern: Pattern, colour: boolean): (match: Match) => string {
  return ({ entry, line: { text, offset }, ts }) => {
    const place = `${entry.folder.id} ${ts === undefined ? '-' : new Date(ts).toISOString()} @${offset}`;
    if (!colour) return `${place} ${visible(text)}\n`;
    const runs = text === '' ? [] : [{ text, width: displayWidth(text), style: PLAIN }];
    return `\x1b[2m${place}\x1b[0m ${visible(runsToAnsi(highlight(runs, pattern)))}\n`;
  };
}

function jsonLine({ entry, line: { text, offset, endOffset }, ts, iteration }: Match): string {
  const time = ts === undefined ? null : new Date(ts).toISOString();
  return `${printableJsonLine({ task: entry.folder.id, ts: time, iteration: iteration ?? null, offset, endOffset, text })}\n`;
}
