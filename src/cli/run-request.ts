import { readFileSync } from 'node:fs';
import { isUtf8 } from 'node:buffer';
import {
  type Backend,
  COMMAND,
  commandBackend,
  DEFAULT_BACKEND,
  findBackend,
  planInvocation,
} from '../backends/index.js';
import type { Config } from '../config/config.js';
import { definedOnly } from '../core/environment.js';
import { errors, reason } from '../core/errors.js';
import { DEFAULT_SIZE, type TerminalSize } from '../core/size.js';
import { orchVersion } from '../core/version.js';
import { resolveCommand } from '../pty/resolve-command.js';
import { workingFolder } from '../record/agent-environment.js';
import { Loop } from '../record/loop.js';
import type { RecordingRequest } from '../record/recording.js';
import type { CommandLine } from './command.js';
import type { CliContext } from './context.js';
import { type RunOptions, sizeFromVariables } from './run-options.js';

/** An agent that nobody asked to run again. */
const ONCE = { until: undefined, maxIterations: 1, stopAfterFailures: 1, delayMs: 0 } as const;

/** What is to be run, and what it is asked. */
export interface ChosenAgent {
  readonly backend: Backend;
  readonly prompt: string | undefined;
}

/** The terminal a run is to have. */
export interface RunTerminal {
  /** A person sits before it. */
  readonly attached: boolean;
  /** The user's, where it has one. */
  readonly size: TerminalSize | undefined;
}

/** The agent that a command line names. @throws OrchError BAD_ARGUMENT, UNKNOWN_BACKEND */
export function agentOf(
  { operands, rest }: CommandLine,
  options: RunOptions,
  { backends: custom }: Config,
): ChosenAgent {
  const { backend: name, mode, speed, promptFile } = options;
  // With a backend named, what follows -- is the prompt: one may begin with a dash.
  const words = name === undefined ? operands : [...operands, ...(rest ?? [])];
  const command = name === undefined ? rest : undefined;
  if (command !== undefined && words.length > 0) {
    throw errors.badArgument(
      'a command after -- is the whole agent: no prompt goes with it',
      'orch run -- COMMAND [ARGUMENT…]',
    );
  }
  if (command === undefined && name === undefined && words.length === 0 && promptFile === undefined) {
    throw errors.badArgument('there is nothing to run', 'orch run "PROMPT", orch run -b demo, or orch run -- COMMAND');
  }
  const backend = command === undefined ? findBackend(name ?? DEFAULT_BACKEND, custom) : commandBackend(command);
  if (speed !== undefined && backend.name !== 'demo') {
    throw errors.badArgument('--speed is for the demo', 'orch run -b demo --speed 10');
  }
  if (promptFile !== undefined && (words.length > 0 || command !== undefined)) {
    throw errors.badArgument('--prompt-file and a prompt exclude each other', 'leave one out');
  }
  if (mode !== undefined && command !== undefined) {
    throw errors.badArgument('--mode is for backends', 'orch run -b BACKEND --mode MODE "PROMPT"');
  }
  const typed = words.length === 0 ? undefined : words.join(' ');
  return { backend, prompt: promptFile === undefined ? typed : readPrompt(promptFile) };
}

/**
 * The request for a recording of `agent`. Everything that can be wrong is found here, before anything is made: only the
 * task's own folder is still missing, and `agentDir`, which is made last.
 *
 * @throws OrchError of the command, the prompt, the folder
 */
export function requestFor(
  { backend, prompt }: ChosenAgent,
  options: RunOptions,
  { attached, size }: RunTerminal,
  {
    execPath,
    cwd: folder,
    env: variables,
    pid,
    agentDir,
  }: Pick<CliContext, 'execPath' | 'cwd' | 'env' | 'pid'> & { agentDir: () => string },
): RecordingRequest {
  const { mode, speed, name, killAfterMs, lingerMs, onLogError, iterationTimeoutMs, idleTimeoutMs } = options;
  const cwd = workingFolder(folder, variables['PWD']);
  const wish = { mode, attached, execPath, ...(speed === undefined ? {} : { speed }) };
  const { invocation, behaviour } = planInvocation(backend, prompt, wish);
  const env = { ...definedOnly(variables), ...invocation.env };
  const { needs, args } = invocation;
  if (needs !== undefined) resolveCommand({ command: needs, args: [], env, cwd }, backend.install);
  const words = typeof args === 'function' ? args('') : args;
  const file = resolveCommand({ command: invocation.file, args: words, env, cwd }, backend.install);
  return {
    agentDir: agentDir(),
    backend: backend.name,
    ...(name === undefined ? {} : { name }),
    invocation,
    file,
    cwd,
    env,
    size: options.size ?? size ?? sizeFromVariables(variables) ?? DEFAULT_SIZE,
    lingerMs,
    killAfterMs,
    iterationTimeoutMs,
    idleTimeoutMs: idleTimeoutMs ?? behaviour.idleTimeoutMs,
    behaviour,
    prompt,
    // A command is run once, and its exit code is all there is to say; an agent's is not to be believed.
    loop:
      options.loop === undefined && backend.name === COMMAND
        ? undefined
        : new Loop({ ...(options.loop ?? ONCE), prompt, behaviour }),
    onLogError,
    recorder: { pid, version: orchVersion() },
  };
}

function readPrompt(path: string): string {
  const bytes = readBytes(path);
  if (!isUtf8(bytes)) throw errors.badArgument(`--prompt-file ${path} is not UTF-8`, 'save it as UTF-8 text');
  return bytes.toString();
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path === '-' ? 0 : path);
  } catch (error) {
    throw errors.badArgument(`--prompt-file ${path} cannot be read: ${reason(error)}`, 'name a file with a prompt');
  }
}
