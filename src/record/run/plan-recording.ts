import { existsSync } from 'node:fs';
import { type Backend, COMMAND, planInvocation } from '../../backends/index.js';
import { secretVariables } from '../../core/redact/secret-variables.js';
import { TOKEN_SHAPES } from '../../core/redact/token-shapes.js';
import { resolveCommand } from '../../pty/process/resolve-command.js';
import type { RunSettings } from '../../settings/run-settings.js';
import { Loop } from './loop.js';
import type { RecordingRequest, ResumedSession } from './recording.js';

/** The agent to run, and its prompt. */
export interface ChosenAgent {
  readonly backend: Backend;
  readonly prompt: string | undefined;
  /** The session that it is to go on with; undefined: a new one. */
  readonly resumes?: ResumedSession | undefined;
  /** What the run was asked for, for one that goes on with it; see Manifest. */
  readonly options?: readonly string[];
}

/** Where it is run. */
export interface RunPlace extends Pick<RecordingRequest, 'cwd' | 'env' | 'size' | 'recorder'> {
  /** Whether a person attends it. */
  readonly attached: boolean;
  /** The Node that runs orch. */
  readonly execPath: string;
  /** Makes the folder for recordings where there is none, and returns its path; called last. */
  readonly agentDir: () => string;
}

/** The loop of an agent that runs once. */
const ONCE = { until: undefined, maxIterations: 1, stopAfterFailures: 1, delayMs: 0 } as const;

/**
 * The request for a recording of an agent. Everything that can be wrong is found here, before anything is made: only the
 * task's own folder is still missing.
 *
 * @throws OrchError of the command, the prompt, the folder
 */
export function planRecording(
  { backend, prompt, resumes, options = [] }: ChosenAgent,
  settings: RunSettings,
  place: RunPlace,
): RecordingRequest {
  const { mode, ask, speed, name, loop, timeouts, redact } = settings;
  const { attached, execPath, cwd, size, recorder, agentDir } = place;
  const session = resumes?.session;
  const wish = { mode, ask, attached, execPath, session, ...(speed === undefined ? {} : { speed }) };
  const { invocation, behaviour, mode: chosen } = planInvocation(backend, prompt, wish);
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
    mode: chosen,
    options,
    resumes,
    ...(name === undefined ? {} : { name }),
    invocation,
    file,
    cwd,
    env,
    size,
    behaviour,
    prompt,
    // A command's exit code is its result; an agent's exit code alone is not.
    loop:
      loop === undefined && backend.name === COMMAND ? undefined : new Loop({ ...(loop ?? ONCE), prompt, behaviour }),
    ...(redact === undefined ? { suspect: secrets } : { redact: { ...redact, secrets, shapes: TOKEN_SHAPES } }),
    recorder,
  };
}
