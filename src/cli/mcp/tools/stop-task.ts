import { z } from 'zod';
import { readTask } from '../../../store/task/task-reader.js';
import { shownStatus } from '../../../view/tasks/task-status.js';
import { tool } from '../tool.js';
import { taskInput } from './inputs.js';

export const stopTaskTool = tool({
  name: 'stop_task',
  title: 'End a task',
  description:
    'Ends a running task, as Ctrl-C would, and what does not end by itself by force; its recording is completed.',
  input: z.strictObject({ task: taskInput }),
  effect: 'ends',
  call: async ({ task }, world, signal) => {
    const folder = world.task(task);
    const said = await world.orch(['stop', folder.id], signal);
    return { facts: { task: folder.id, status: shownStatus(readTask(folder)), said } };
  },
});
