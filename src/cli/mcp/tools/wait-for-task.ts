import { z } from 'zod';
import { readTask } from '../../../store/task/task-reader.js';
import { AWAITED, awaitStatus } from '../../../view/tasks/await-status.js';
import { endText, shownStatus } from '../../../view/tasks/task-status.js';
import { tool } from '../tool.js';
import { taskInput } from './inputs.js';

export const waitForTaskTool = tool({
  name: 'wait_for_task',
  title: 'Wait for a task',
  description:
    'Waits until a task is done, idle, or waits for an answer, or until the time is up. `result` is reached, missed (it ended otherwise) or timeout.',
  input: z.strictObject({
    task: taskInput.default('latest'),
    status: z.enum(AWAITED).default('done'),
    seconds: z.number().min(0).max(600).default(50).describe('many clients give up after 60'),
  }),
  effect: 'reads',
  call: async ({ task, status, seconds }, world, signal) => {
    const folder = world.task(task);
    const limit = AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)]);
    const { type } = await awaitStatus(folder, status, { clock: world.clock, signal: limit });
    signal.throwIfAborted();
    const entry = readTask(folder);
    const result = type === 'aborted' ? 'timeout' : type;
    return { facts: { task: folder.id, result, status: shownStatus(entry), said: endText(entry) } };
  },
});
