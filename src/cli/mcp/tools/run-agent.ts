import { z } from 'zod';
import { errors } from '../../../core/errors.js';
import { tool } from '../tool.js';

export const runAgentTool = tool({
  name: 'run_agent',
  title: 'Start an agent',
  description:
    'Starts an agent with a prompt, or a command, in the background, in the working folder of this server, and records it. Gives the id of its task at once; wait_for_task, read_logs and read_screen show how it does.',
  input: z.strictObject({
    backend: z.string().optional().describe('claude, codex, gemini … (default: that of orch.yml)'),
    mode: z.string().optional().describe('a mode of the backend'),
    prompt: z.string().optional(),
    command: z.array(z.string()).min(1).optional().describe('a program and its arguments, in place of an agent'),
    name: z.string().optional().describe('what to call the task'),
  }),
  effect: 'ends',
  call: async ({ backend, mode, prompt, command, name }, world, signal) => {
    if (command !== undefined && (backend !== undefined || mode !== undefined || prompt !== undefined))
      throw errors.badArgument('a command takes no backend, mode and prompt', 'leave them out, or the command');
    const words = [
      '--detach',
      ...(backend === undefined ? [] : [`--backend=${backend}`]),
      ...(mode === undefined ? [] : [`--mode=${mode}`]),
      ...(name === undefined ? [] : [`--name=${name}`]),
      ...(prompt === undefined ? [] : ['--prompt-file=-']),
      ...(command === undefined ? [] : ['--', ...command]),
    ];
    return { facts: { task: await world.orch(['run', ...words], signal, prompt) } };
  },
});
