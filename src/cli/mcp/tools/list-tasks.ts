import { z } from 'zod';
import { errors } from '../../../core/errors.js';
import { listTasks } from '../../../store/task/task-reader.js';
import { shownStatus } from '../../../view/tasks/task-status.js';
import { taskJson, type TaskJson } from '../../../view/tasks/task-json.js';
import { tool } from '../tool.js';
import { shownLine } from './inputs.js';

export const listTasksTool = tool({
  name: 'list_tasks',
  title: 'List tasks',
  description:
    'The recorded tasks, the newest first: what was run, when, and its status (starting, working, waiting, idle, done, failed, lost …). `next` is given where there are more: pass it as `before`.',
  input: z.strictObject({
    status: z.string().optional().describe('only tasks of this status, such as waiting'),
    running: z.boolean().optional().describe('only those that run, or only those that have ended'),
    before: z.string().optional().describe('an id: tasks that began before that one'),
    limit: z.int().min(1).max(1000).default(50),
  }),
  effect: 'reads',
  call: ({ status, running, before, limit }, world) => {
    const newestFirst = listTasks(world.agentDir, world.clock).reverse();
    const at = before === undefined ? -1 : newestFirst.findIndex(({ folder }) => folder.id === before);
    if (before !== undefined && at < 0)
      throw errors.noSuchTask(
        before,
        newestFirst.map(({ folder }) => folder.id),
      );
    const chosen = newestFirst
      .slice(at + 1)
      .filter(
        (entry) =>
          (status === undefined || shownStatus(entry) === status) &&
          (running === undefined || running === (entry.type === 'task' && entry.status === 'running')),
      );
    const tasks = chosen.slice(0, limit).map(taskJson);
    const next = chosen.length > limit ? { next: tasks.at(-1)?.id } : {};
    return { facts: { total: newestFirst.length, tasks: tasks.map(inShort), ...next } };
  },
});

/** What tells tasks apart; show_task has all. */
function inShort(task: TaskJson): object {
  if (task.status === 'unreadable' && 'problem' in task) return task;
  const { id, name, status, running, activity, backend, started, ended, durationMs, exit, verdict, bytes, folder } =
    task;
  const reason = running ? activity?.reason : verdict?.reason;
  const command = shownLine((task.shown ?? task.argv).join(' '));
  return { id, name, status, reason, backend, command, started, ended, durationMs, exit, bytes, folder };
}
