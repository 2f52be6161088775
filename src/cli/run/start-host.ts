import { exitStatusOf, shellExitCode } from '../../core/exit-status.js';
import { errors } from '../../core/errors.js';
import { definedOnly } from '../../core/process/environment.js';
import { spawn } from '../../core/process/spawn.js';
import type { GivenRunFlags } from '../../settings/run-settings.js';
import type { CliContext } from '../options/context.js';
import { interruptOf } from '../output/interrupt.js';

/**
 * Starts the host of one task, a process with a session of its own, and prints the id alone when the agent runs; otherwise
 * the host has said why not, and its exit code is returned. `words`: of `orch run`, `given`: what they mean.
 */
export async function startHost(words: readonly string[], given: GivenRunFlags, context: CliContext): Promise<number> {
  refuseWithDetach(given);
  // Its stderr is ours until the agent runs; its stdin may hold the prompt.
  const host = spawn(context.execPath, [context.script, 'host', ...words], {
    cwd: context.cwd,
    env: definedOnly(context.env),
    detached: true,
    stdio: ['inherit', 'pipe', 'inherit'],
  });
  using interrupt = interruptOf(context, ['SIGINT', 'SIGTERM', 'SIGHUP']);
  interrupt.signal.addEventListener('abort', () => {
    host.kill('SIGTERM');
  });
  const ended = new Promise<number>((resolve, reject) => {
    host.once('error', reject);
    host.once('exit', (code, signal) => {
      resolve(shellExitCode(exitStatusOf(code, signal)));
    });
  });
  let id = '';
  host.stdout.on('data', (bytes: Buffer) => (id += bytes.toString()));
  // It closes its stdout when the agent runs.
  const letGo = new Promise<void>((resolve) => host.stdout.once('end', resolve));
  await Promise.race([letGo, ended]);
  if (id === '') return await ended;
  host.unref();
  await context.stdout.write(id);
  return 0;
}

function refuseWithDetach({ prompts, output }: GivenRunFlags): void {
  if (prompts !== undefined)
    throw errors.badArgument('--detach and --prompts exclude each other', 'start each prompt with orch run --detach');
  if (output !== undefined && output !== 'none')
    throw errors.badArgument(`--detach and --output ${output} exclude each other`, 'orch attach shows the output');
}
