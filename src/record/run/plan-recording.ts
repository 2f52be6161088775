import { existsSync } from 'node:fs';
import { type Backend, COMMAND, planInvocation } from '../../backends/index.js';
import { secretVariables } from '../../core/redact/secret-variables.js';
import { TOKEN_SHAPES } from '../../core/redact/token-shapes.js';
import { resolveCommand } from '../../pty/process/resolve-command.js';
import type { RunSettings } from '../../settings/run-settings.js';
import { Loop } from './loop.js';
import type { RecordingRequest } from './recording.js';

/** What is to be run, and what it is asked. */
export interface ChosenAgent {
  readonly backend: Backend;
  readonly prompt: string | undefined;
}

/** Where it is to be run, and by whom. */
export interface RunPlace extends Pick<RecordingRequest, 'cwd' | 'env' | 'size' | 'recorder'> {
  /** A person sits before it. */
  readonly attached: boolean;
  /** The Node that runs orch. */
  readonly execPath: string;
  /** Makes the folder for recordings where there is none, and gives its path; called last. */
  readonly agentDir: () => string;
}

/** An agent that nobody asked to run again. */
const ONCE = { until: undefined, maxIterations: 1, stopAfterFailures: 1, delayMs: 0 } as const;

/**
 * The request for a recording of an agent. Everything that can be wrong is found here, before anything is made: only the
 * task's own folder is still missing.
 *
 * @throws OrchError of the command, the prompt, the folder
 */
export function planRecording(
  { backend, prompt }: ChosenAgent,
  settings: RunSettings,
  place: RunPlace,
): RecordingRequest {
  const { mode, speed, name, loop, timeouts, redact } = settings;
  const { attached, execPath, cwd, size, recorder, agentDir } = place;
  const wish = { mode, attached, execPath, ...(speed === undefined ? {} : { speed }) };
  const { invocation, behaviour } = planInvocation(backend, prompt, wish);
  const env = { ...place.env, ...invocation.env };
  const { needs, args } = invocation;
  if (needs !== undefined) resolveCommand({ command: needs, args: [], env, cwd }, backend.install);
  const words = typeof args === 'function' ? args('') : args;
  const file = resolveCommand({ command: invocation.file, args: words, env, cwd }, backend.install);
  const secrets = secretVariables(env, existsSync);
  return {
    agentDir: agentDir(),
    settings: { ...settings, timeouts: { ...timeouts, idleMs: timeouts.idleMs ?? behaviour.idleTimeoutMs } },
    backend: backend.name,
    ...(name === undefined ? {} : { name }),
    invocation,
    file,
    cwd,
    env,
    size,
    behaviour,
    prompt,
    // A command is run once, and its exit code is all there is to say; an agent's is not to be believed.
    loop:
      loop === undefined && backend.name === COMMAND ? undefined : new Loop({ ...(loop ?? ONCE), prompt, behaviour }),
    ...(redact === undefined ? { suspect: secrets } : { redact: { ...redact, secrets, shapes: TOKEN_SHAPES } }),
    recorder,
  };
}
