import { z } from 'zod';
import { untilHashed } from '../../../store/task/hashing.js';
import { readTask } from '../../../store/task/task-reader.js';
import type { Finding } from '../../../view/verify/finding.js';
import { verifiedJson } from '../../../view/verify/finding-line.js';
import { verifyTask } from '../../../view/verify/verify-task.js';
import { tool } from '../tool.js';
import { taskInput } from './inputs.js';

export const verifyTaskTool = tool({
  name: 'verify_task',
  title: 'Verify a recording',
  description:
    'Whether the recording of a task is complete, byte for byte: its bytes, hash, index and events. It reads all of it.',
  input: z.strictObject({ task: taskInput.default('latest') }),
  effect: 'reads',
  call: async (given, world, signal) => {
    const folder = world.task(given.task);
    await untilHashed(folder, world.clock, signal);
    const findings: Finding[] = [];
    for await (const finding of verifyTask(folder, signal)) findings.push(finding);
    signal.throwIfAborted();
    return { facts: verifiedJson(readTask(folder), findings) };
  },
});
