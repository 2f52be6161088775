import { z } from 'zod';
import { escapedPattern, readPattern } from '../../../core/pattern/read-pattern.js';
import { listTaskFolders } from '../../../store/layout/task-folder.js';
import { missingRangeText } from '../../../view/lines/missing-range.js';
import type { Match } from '../../../view/places/search.js';
import { searchTasks } from '../../../view/places/search-tasks.js';
import { tool } from '../tool.js';
import { shownLine, taskInput } from './inputs.js';

/** A search that takes longer gives what it has found until then. */
const SEARCH_MS = 20_000;

export const searchTasksTool = tool({
  name: 'search_tasks',
  title: 'Search what agents printed',
  description:
    'Lines of the clean text that match, the newest task first, each as `TASK @OFFSET: LINE`; read_logs with `after` that offset shows what follows. `more` says that not all was searched: the limit, or 20 seconds, was reached.',
  input: z.strictObject({
    pattern: z.string().min(1).describe('a regular expression (RE2: in linear time)'),
    fixed: z.boolean().default(false).describe('the pattern is text, not a regular expression'),
    ignoreCase: z.boolean().default(false),
    tasks: z.array(taskInput).optional().describe('in these tasks (default: all)'),
    limit: z.int().min(1).max(500).default(50),
  }),
  effect: 'reads',
  call: async ({ pattern: source, fixed, ignoreCase, tasks, limit }, world, signal) => {
    const text = fixed ? escapedPattern(source) : source;
    const pattern = readPattern('pattern', text, ignoreCase ? 'i' : '');
    const limited = AbortSignal.any([signal, AbortSignal.timeout(SEARCH_MS)]);
    const found: Match[] = [];
    const problems: string[] = [];
    const searched = tasks?.map((named) => world.task(named)) ?? listTaskFolders(world.agentDir).reverse();
    const matching = searchTasks(searched, {
      pattern,
      most: Infinity,
      signal: limited,
      onMissing: ({ id }, range) => problems.push(`${id}: ${missingRangeText(range)}`),
      onFailure: ({ id }, { message }) => problems.push(`${id}: ${message}`),
    });
    for await (const match of matching) {
      found.push(match);
      if (found.length > limit) break;
    }
    signal.throwIfAborted();
    const matches = found.slice(0, limit);
    const facts = {
      matches: matches.length,
      more: found.length > limit || limited.aborted,
      problems: problems.length === 0 ? undefined : problems,
    };
    return { facts, printed: matches.map(lineOf).join('\n') };
  },
});

function lineOf({ entry, line: { text, offset } }: Match): string {
  return `${entry.folder.id} @${offset}: ${shownLine(text)}`;
}
