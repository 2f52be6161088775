import { existsSync } from 'node:fs';
import { type Backend, COMMAND, planInvocation } from '../../backends/index.js';
import type { Pattern } from '../../core/pattern/pattern.js';
import { secretVariables } from '../../core/redact/secret-variables.js';
import { TOKEN_SHAPES } from '../../core/redact/token-shapes.js';
import { resolveCommand } from '../../pty/process/resolve-command.js';
import { Loop, type LoopOptions } from './loop.js';
import type { RecordingRequest } from './recording.js';

/** What is to be run, and what it is asked. */
export interface ChosenAgent {
  readonly backend: Backend;
  readonly prompt: string | undefined;
}

/** How it is to be run. */
export interface RecordingPlan
  extends Pick<
    RecordingRequest,
    | 'cwd'
    | 'env'
    | 'size'
    | 'lingerMs'
    | 'killAfterMs'
    | 'iterationTimeoutMs'
    | 'idleTimeoutMs'
    | 'onLogError'
    | 'limits'
    | 'sync'
    | 'recorder'
  > {
  /** One of the backend's; undefined: the one that suits. */
  readonly mode: string | undefined;
  /** A person sits before it. */
  readonly attached: boolean;
  /** The Node that runs orch. */
  readonly execPath: string;
  /** For the demo. */
  readonly speed: number | undefined;
  readonly name: string | undefined;
  /** Whether values are masked, and what else is than those orch knows; undefined: the recording is exact. */
  readonly redact: { readonly patterns: readonly Pattern[] } | undefined;
  /** Undefined: it is run once. */
  readonly loop: Omit<LoopOptions, 'prompt' | 'behaviour'> | undefined;
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
export function planRecording({ backend, prompt }: ChosenAgent, plan: RecordingPlan): RecordingRequest {
  const { mode, attached, execPath, speed, name, cwd, loop, agentDir, idleTimeoutMs, redact } = plan;
  const { size, lingerMs, killAfterMs, iterationTimeoutMs, onLogError, limits, sync, recorder } = plan;
  const wish = { mode, attached, execPath, ...(speed === undefined ? {} : { speed }) };
  const { invocation, behaviour } = planInvocation(backend, prompt, wish);
  const env = { ...plan.env, ...invocation.env };
  const { needs, args } = invocation;
  if (needs !== undefined) resolveCommand({ command: needs, args: [], env, cwd }, backend.install);
  const words = typeof args === 'function' ? args('') : args;
  const file = resolveCommand({ command: invocation.file, args: words, env, cwd }, backend.install);
  const secrets = secretVariables(env, existsSync);
  return {
    agentDir: agentDir(),
    backend: backend.name,
    ...(name === undefined ? {} : { name }),
    invocation,
    file,
    cwd,
    env,
    size,
    lingerMs,
    killAfterMs,
    iterationTimeoutMs,
    idleTimeoutMs: idleTimeoutMs ?? behaviour.idleTimeoutMs,
    behaviour,
    prompt,
    // A command is run once, and its exit code is all there is to say; an agent's is not to be believed.
    loop:
      loop === undefined && backend.name === COMMAND ? undefined : new Loop({ ...(loop ?? ONCE), prompt, behaviour }),
    onLogError,
    limits,
    sync,
    ...(redact === undefined ? { suspect: secrets } : { redact: { ...redact, secrets, shapes: TOKEN_SHAPES } }),
    recorder,
  };
}
