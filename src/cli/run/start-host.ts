import { errors } from '../../core/errors.js';
import type { GivenRunFlags } from '../../settings/run-settings.js';
import type { CliContext } from '../options/context.js';
import { interruptOf } from '../output/interrupt.js';
import { changedVariables } from './not-utf8.js';
import { hostingWords } from '../hosting/hosting.js';
import { launchHost } from '../hosting/launch-host.js';

/**
 * Starts the host of one task, and prints the id alone when the agent runs; otherwise the host has said why not, and its exit code is
 * returned. `words`: of `orch run`, `given`: what they mean.
 */
export async function startHost(words: readonly string[], given: GivenRunFlags, context: CliContext): Promise<number> {
  refuseWithDetach(given);
  for (const text of changedVariables(context.env)) await context.stderr.write(`orch: ${text}\n`);
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

function refuseWithDetach({ prompts, output, onHangup }: GivenRunFlags): void {
  if (prompts !== undefined)
    throw errors.badArgument('--detach and --prompts exclude each other', 'start each prompt with orch run --detach');
  if (output !== undefined && output !== 'none')
    throw errors.badArgument(`--detach and --output ${output} exclude each other`, 'orch attach shows the output');
  if (onHangup === 'end')
    throw errors.badArgument(
      '--detach and --on-hangup end exclude each other',
      'no terminal is its own, so that none can hang up',
    );
}
