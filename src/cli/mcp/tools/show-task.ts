import { z } from 'zod';
import { readEvents } from '../../../store/events/event-reader.js';
import { readTask } from '../../../store/task/task-reader.js';
import { accountOf } from '../../../view/tasks/task-details.js';
import { inputOf } from '../../../view/tasks/task-input.js';
import { taskJson } from '../../../view/tasks/task-json.js';
import { tool } from '../tool.js';
import { taskInput } from './inputs.js';

export const showTaskTool = tool({
  name: 'show_task',
  title: 'Show a task',
  description:
    'All that is known of a task: what was run and where, its status with its reason, what it waits for, how it ended, its cost and tokens where the agent says them, how much is recorded and whether bytes are missing.',
  input: z.strictObject({ task: taskInput.default('latest') }),
  effect: 'reads',
  call: (given, world) => {
    const entry = readTask(world.task(given.task));
    const { events } = readEvents(entry.folder.path);
    return { facts: { ...taskJson(entry), ...accountOf(events), input: inputOf(events) } };
  },
});
