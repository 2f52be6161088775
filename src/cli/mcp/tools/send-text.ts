import { z } from 'zod';
import { errors } from '../../../core/errors.js';
import { tool } from '../tool.js';
import { taskInput } from './inputs.js';

export const sendTextTool = tool({
  name: 'send_text',
  title: 'Type to an agent',
  description:
    'Types a text to a running task, as one paste, and Enter behind it; or presses keys. With `answer` only where it waits with a question. The text arrives whole, or not at all.',
  input: z.strictObject({
    task: taskInput,
    text: z.string().optional(),
    keys: z
      .string()
      .optional()
      .describe('pressed behind the text, in place of Enter: enter, escape, up, ctrl-c, y, 1 …, with commas between'),
    enter: z.boolean().default(true).describe('press Enter behind the text'),
    answer: z.boolean().default(false).describe('refuse where the task waits with no question'),
  }),
  effect: 'writes',
  call: async ({ task, text, keys, enter, answer }, world, signal) => {
    if (text === undefined && keys === undefined)
      throw errors.badArgument('there is nothing to send', 'give text, or keys');
    const { id } = world.task(task);
    const words = [
      ...(keys === undefined ? [] : [`--keys=${keys}`]),
      ...(enter ? [] : ['--no-enter']),
      ...(answer ? ['--answer'] : []),
      id,
      ...(text === undefined ? [] : ['-']),
    ];
    await world.orch(['send', ...words], signal, text);
    return { facts: { task: id, sent: true } };
  },
});
