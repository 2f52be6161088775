import { readFileSync } from 'node:fs';
import { isUtf8 } from 'node:buffer';
import { commandBackend, DEFAULT_BACKEND, findBackend } from '../../backends/index.js';
import type { Config } from '../../config/config.js';
import { definedOnly } from '../../core/process/environment.js';
import { errors, reason } from '../../core/errors.js';
import { DEFAULT_SIZE, type TerminalSize } from '../../core/terminal/size.js';
import { orchVersion } from '../../core/version.js';
import { workingFolder } from '../../record/run/agent-environment.js';
import { type ChosenAgent, planRecording } from '../../record/run/plan-recording.js';
import type { RecordingRequest, ResumedSession } from '../../record/run/recording.js';
import { givenByVariables, type RunSettings } from '../../settings/run-settings.js';
import { openAgentDir } from '../../store/layout/agent-dir.js';
import { agentDirNamed } from '../options/agent-dir-option.js';
import type { ParsedLine } from '../options/command.js';
import type { CliContext } from '../options/context.js';
import { lastingOptions } from './lasting-options.js';

/** The terminal a run is to have. */
export interface RunTerminal {
  /** A person sits before it. */
  readonly attached: boolean;
  /** The user's, where it has one. */
  readonly size: TerminalSize | undefined;
}

/** The agent that a command line names, and the session that it goes on with. @throws OrchError BAD_ARGUMENT, UNKNOWN_BACKEND */
export function agentOf(
  { operands, rest, options }: Pick<ParsedLine, 'operands' | 'rest' | 'options'>,
  settings: RunSettings,
  { backends: custom }: Config,
  resumes?: ResumedSession,
): ChosenAgent {
  const { backend: name, mode, speed, promptFile } = settings;
  // With a backend named, what follows -- is the prompt: one may begin with a dash.
  const words = name === undefined ? operands : [...operands, ...(rest ?? [])];
  const command = name === undefined ? rest : undefined;
  if (command !== undefined && words.length > 0) {
    throw errors.badArgument('a command after -- takes no prompt', 'orch run -- COMMAND [ARGUMENT…]');
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
  const prompt = promptFile === undefined ? typed : readPrompt(promptFile);
  return { backend, prompt, resumes, options: lastingOptions(options) };
}

/** Makes the folder that recordings go to, at the first call, and gives its path; `dir`: what `--dir` says. */
export function recordingsFolder(dir: string | undefined, { cwd, env }: Pick<CliContext, 'cwd' | 'env'>): () => string {
  let path: string | undefined;
  return () => (path ??= openAgentDir(agentDirNamed(dir ?? givenByVariables(env).dir, cwd)));
}

/**
 * The request for a recording of `agent` in `agentDir`, which is asked for last.
 *
 * @throws OrchError of the command, the prompt, the folder
 */
export function requestFor(
  agent: ChosenAgent,
  settings: RunSettings,
  { attached, size }: RunTerminal,
  agentDir: () => string,
  { execPath, cwd, env, pid }: Pick<CliContext, 'execPath' | 'cwd' | 'env' | 'pid'>,
): RecordingRequest {
  return planRecording(agent, settings, {
    attached,
    execPath,
    cwd: workingFolder(cwd, env['PWD']),
    env: definedOnly(env),
    size: settings.size ?? size ?? givenByVariables(env).size ?? DEFAULT_SIZE,
    agentDir,
    recorder: { pid, version: orchVersion() },
  });
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
