import { errors } from '../../core/errors.js';
import type { GivenRunFlags } from '../../settings/run-settings.js';
import type { CliContext } from '../options/context.js';
import { interruptOf } from '../output/interrupt.js';
import { hostingWords } from '../options/hosting.js';
import { launchHost } from './launch-host.js';

/**
 * Starts the host of one task, a process with a session of its own, and prints the id alone when the agent runs; otherwise
 * the host has said why not, and its exit code is returned. `words`: of `orch run`, `given`: what they mean.
 */
export async function startHost(words: readonly string[], given: GivenRunFlags, context: CliContext): Promise<number> {
  refuseWithDetach(given);
  // Its stdin may hold the prompt.
  const streams = { stdin: undefined, onSaid: undefined };
  const host = launchHost([...hostingWords({ type: 'detached' }), ...words], streams, context);
  using interrupt = interruptOf(context, ['SIGINT', 'SIGTERM', 'SIGHUP']);
  interrupt.signal.addEventListener('abort', () => {
    host.kill('SIGTERM');
  });
  const id = await host.started;
  if (id === undefined) return await host.ended;
  host.leave();
  await context.stdout.write(`${id}\n`);
  return 0;
}

function refuseWithDetach({ prompts, output }: GivenRunFlags): void {
  if (prompts !== undefined)
    throw errors.badArgument('--detach and --prompts exclude each other', 'start each prompt with orch run --detach');
  if (output !== undefined && output !== 'none')
    throw errors.badArgument(`--detach and --output ${output} exclude each other`, 'orch attach shows the output');
}
