import { printable } from '../../core/text/printable.js';
import { findAgentDir } from '../../store/layout/agent-dir.js';
import { listTaskIds } from '../../store/layout/task-folder.js';
import { readTask, type TaskEntry } from '../../store/task/task-reader.js';
import { plain } from '../../view/print/colour.js';
import { truncate } from '../../core/terminal/display-width.js';
import { formatAge, formatCommand } from '../../view/print/format.js';
import { statusText } from '../../view/tasks/task-status.js';
import { agentDirQuery } from '../options/agent-dir-option.js';
import { OptionValues } from '../options/command.js';
import type { CliContext } from '../options/context.js';
import type { Candidate } from './answer.js';

/** Whose manifests are read: shells ask before they list more, and a key press should not wait for it. */
const DESCRIBED = 100;

/** Beside an id this leaves a command readable on a terminal of 80 columns. */
const COMMAND_CELLS = 40;

/**
 * What a line with these options may call a task: `latest`, then the newest first, by name where only one task has it, and
 * by id. Nothing where there is no folder of recordings.
 */
export function taskCandidates(options: OptionValues, context: CliContext): readonly Candidate[] {
  const agentDir = findAgentDir(agentDirQuery({ options: withHome(options, context) }, context));
  const ids = listTaskIds(agentDir).reverse();
  const entries = ids.slice(0, DESCRIBED).map((id) => readTask({ id, path: `${agentDir}/${id}` }));
  const names = entries.map(nameOf);
  const isOnly = (name: string): boolean => names.indexOf(name) === names.lastIndexOf(name);
  const [newest] = entries;
  if (newest === undefined) return [];
  const described = entries.flatMap((entry, at) => {
    const description = describe(entry, context);
    const name = names[at];
    const byId = { value: entry.folder.id, description };
    return name !== undefined && isTypeable(name) && isOnly(name) ? [{ value: name, description }, byId] : [byId];
  });
  const others = ids.slice(DESCRIBED).map((value) => ({ value, description: '' }));
  return [{ value: 'latest', description: describe(newest, context) }, ...described, ...others];
}

/** A shell has not expanded the line yet, and it is not for us to: only a home folder is what it surely stands for. */
function withHome(options: OptionValues, { env }: CliContext): OptionValues {
  const dir = options.text('dir');
  const home = env['HOME'] ?? '';
  if (home === '' || dir?.startsWith('~/') !== true) return options;
  return new OptionValues(new Map([['dir', [home + dir.slice(1)]]]));
}

function nameOf(entry: TaskEntry): string | undefined {
  return entry.type === 'task' ? entry.manifest.name : undefined;
}

/** Names are not offered that print as something else, or that would be taken for an option or another task. */
function isTypeable(name: string): boolean {
  return name !== '' && name !== 'latest' && !name.startsWith('-') && printable(name) === name;
}

/** `done, 3m ago: make test` */
function describe(entry: TaskEntry, { clock }: CliContext): string {
  const status = statusText(entry, plain);
  if (entry.type === 'unreadable') return status;
  const { argv, shown = argv, started } = entry.manifest;
  const command = truncate(printable(formatCommand(shown)), COMMAND_CELLS);
  return `${status}, ${formatAge(clock.now() - Date.parse(started))}: ${command}`;
}
