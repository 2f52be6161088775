import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { commandBackend, findBackend, type Invocation, planInvocation } from '../../backends/index.js';
import { definedOnly } from '../../core/environment.js';
import { errors, reason } from '../../core/errors.js';
import { ExitCode, shellExitCode } from '../../core/exit-status.js';
import { secretVariables } from '../../core/redact/secret-variables.js';
import { TOKEN_SHAPES } from '../../core/redact/token-shapes.js';
import { DEFAULT_SIZE, type TerminalSize } from '../../core/size.js';
import { orchVersion } from '../../core/version.js';
import { DeafSink } from '../../pty/deaf-sink.js';
import { descriptorSink } from '../../pty/descriptor-sink.js';
import { inForeground } from '../../pty/foreground.js';
import { loadPty } from '../../pty/load-pty.js';
import { pipedInput } from '../../pty/piped-input.js';
import { resolveCommand } from '../../pty/resolve-command.js';
import { TerminalOutput } from '../../pty/terminal-output.js';
import { workingFolder } from '../../record/agent-environment.js';
import type { Recording, RecordingRequest } from '../../record/recording.js';
import type { Notice, RecordingResult } from '../../record/task-notes.js';
import { type LiveOutput, recordUnattended } from '../../record/unattended.js';
import { openAgentDir } from '../../store/agent-dir.js';
import { agentDirQuery } from '../agent-dir-option.js';
import type { Command, CommandLine } from '../command.js';
import type { CliContext } from '../context.js';
import {
  KILL_AFTER_SECONDS,
  MAX_ITERATIONS,
  type RunOptions,
  readRunOptions,
  STOP_AFTER_FAILURES,
  sizeFromVariables,
} from '../run-options.js';
import { RunSignals } from '../run-signals.js';
import { RunStderr } from '../run-stderr.js';
import { jumpMark, verdict } from '../run-words.js';

const DEFAULT_BACKEND = 'claude';

export const runCommand: Command = {
  name: 'run',
  summary: 'run an agent, show it live and record every byte',
  usage: '[options] <prompt...> | [options] -- <command> [arg...]',
  operands: { min: 0, max: Infinity },
  takesCommand: true,
  options: [
    {
      flags: '-b, --backend <backend>',
      description: `the agent, see orch backends (default: ${DEFAULT_BACKEND})`,
    },
    { flags: '--mode <mode>', description: 'one of its modes, see orch backends (default: as suits the terminal)' },
    {
      flags: '-o, --output <mode>',
      description: 'what goes to stdout (auto: raw on a terminal, else clean)',
      choices: ['auto', 'raw', 'clean', 'none'],
    },
    { flags: '-q, --quiet', description: 'print nothing but errors: no output, no verdict' },
    { flags: '--name <name>', description: 'what to call the task' },
    { flags: '--dir <folder>', description: 'record here, not in the .agent found from here upward' },
    { flags: '--size <COLSxROWS>', description: 'terminal size (default: yours, else COLUMNS and LINES, else 120x40)' },
    { flags: '--kill-after <time>', description: `SIGKILL so long after a signal (default: ${KILL_AFTER_SECONDS}s)` },
    { flags: '--linger <time>', description: 'wait so long for background processes at the end (default: 0)' },
    {
      flags: '--on-log-error <action>',
      description: 'when the log cannot be written (default: continue)',
      choices: ['continue', 'stop'],
    },
    { flags: '--redact', description: 'mask secrets of the environment and known tokens everywhere' },
    { flags: '--redact-pattern <regex>', description: 'mask what matches, too; several times for several' },
    { flags: '--prompt-file <file>', description: 'the prompt is in there; - is stdin' },
    { flags: '--until <line>', description: 'run the agent again until it says this, on a line of its own' },
    {
      flags: '--max-iterations <n>',
      description: `so often at most (default: 1; with --until ${MAX_ITERATIONS}); then exit 5`,
    },
    {
      flags: '--stop-after-failures <n>',
      description: `so many failed iterations in a row are enough (default: ${STOP_AFTER_FAILURES})`,
    },
    { flags: '--delay <time>', description: 'between two iterations (default: 0)' },
    { flags: '--iteration-timeout <time>', description: 'end an iteration that takes longer; exit 124' },
    { flags: '--idle-timeout <time>', description: 'end one that prints nothing for so long; exit 124' },
    { flags: '--speed <factor>', description: 'of the demo; 0 waits for nothing (default: 1)' },
  ],
  examples: [
    { line: 'orch run -b demo', does: 'an agent that needs no key and no network' },
    { line: 'orch run "fix the tests"', does: 'claude, live and recorded' },
    { line: 'orch run --until DONE "fix it"', does: 'again and again, until it says so' },
    { line: 'orch run -q -- make -j4', does: 'any command, only recorded' },
  ],
  run,
};

async function run(line: CommandLine, context: CliContext): Promise<number> {
  const options = readRunOptions(line.options, context.stdout.isTTY);
  // A person sits before it: keys come from a terminal, and the picture goes to one.
  const attached =
    options.output === 'raw' && context.stdin.isTTY && context.stdout.isTTY && inForeground()
      ? await import('../../record/attached.js')
      : undefined;
  const request = await requestOf(
    line,
    options,
    { attached: attached !== undefined, size: attached?.attachedSize() },
    context,
  );
  const spawn = await loadPty();
  const { clock } = context;
  using stderr = new RunStderr(context.stderr.fd, clock, attached === undefined ? '\n' : '\r\n');
  using signals = new RunSignals(context);
  const tools = {
    spawn,
    clock,
    notify: ({ level, text }: Notice) => {
      if (level !== 'info' || !options.quiet) stderr.say(`orch: ${text}`);
    },
  };
  const live = { failed: false };
  const onFailed = (error: unknown): void => {
    live.failed = true;
    tools.notify({ level: 'error', text: `stdout takes nothing more (${reason(error)}); the recording goes on` });
  };
  let task = '';
  const shared = {
    mark: jumpMark,
    onStart: (recording: Recording) => {
      task = recording.task.id;
      signals.passOnTo((signal) => {
        recording.signal(signal, 'outside');
      });
      const ended = (): void => {
        signals.agentEnded();
      };
      // A failure is for whoever awaits the run to say, not for this.
      recording.ended.then(ended, ended);
    },
  };
  const result = attached
    ? await attached.recordAttached(request, tools, { ...shared, followSize: options.size === undefined })
    : await recordUnattended(request, tools, {
        ...shared,
        output: await liveOutput(options.output, request.size, context, onFailed),
        input: options.promptFile === '-' ? undefined : pipedInput(context.stdin.fd),
        signal: signals.afterEnd,
      });
  if (!options.quiet) stderr.say(verdict(task, result));
  await stderr.end();
  const code = exitCodeOf(result, options);
  return live.failed && code === ExitCode.ok ? ExitCode.io : code;
}

/** Everything that can be wrong is found here, before anything is made: only the task's own folder is still missing. */
async function requestOf(
  line: CommandLine,
  options: RunOptions,
  terminal: { readonly attached: boolean; readonly size: TerminalSize | undefined },
  context: CliContext,
): Promise<RecordingRequest> {
  const cwd = workingFolder(context.cwd, context.env['PWD']);
  const { backend, invocation, install, prompt } = invocationOf(line, options, terminal.attached, context);
  const env = { ...definedOnly(context.env), ...invocation.env };
  if (invocation.needs !== undefined) resolveCommand({ command: invocation.needs, args: [], env, cwd }, install);
  const file = resolveCommand({ command: invocation.file, args: invocation.args, env, cwd }, install);
  const size = options.size ?? terminal.size ?? sizeFromVariables(context.env) ?? DEFAULT_SIZE;
  const secrets = secretVariables(env, existsSync);
  return {
    agentDir: openAgentDir(agentDirQuery(line, context)),
    backend,
    ...(options.name === undefined ? {} : { name: options.name }),
    file,
    argv: [invocation.file, ...invocation.args],
    cwd,
    env,
    size,
    lingerMs: options.lingerMs,
    killAfterMs: options.killAfterMs,
    iterationTimeoutMs: options.iterationTimeoutMs,
    idleTimeoutMs: options.idleTimeoutMs,
    // Loaded only for a loop: it reads the screen, and the screen model takes longer to load than an agent to start.
    loop: options.loop && new (await import('../../record/loop.js')).Loop({ ...options.loop, prompt }),
    onLogError: options.onLogError,
    ...(options.redact ? { redact: { ...options.redact, secrets, shapes: TOKEN_SHAPES } } : { suspect: secrets }),
    recorder: { pid: context.pid, version: orchVersion() },
  };
}

function invocationOf(
  { operands, rest }: CommandLine,
  { backend: name, mode, speed, promptFile }: RunOptions,
  attached: boolean,
  { execPath, cwd }: CliContext,
): { backend: string; invocation: Invocation; install?: string; prompt: string | undefined } {
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
  const backend = command === undefined ? findBackend(name ?? DEFAULT_BACKEND) : commandBackend(command);
  if (speed !== undefined && backend.name !== 'demo') {
    throw errors.badArgument('--speed is for the demo', 'orch run -b demo --speed 10');
  }
  if (promptFile !== undefined && (words.length > 0 || command !== undefined)) {
    throw errors.badArgument('--prompt-file and a prompt exclude each other', 'leave one out');
  }
  const typed = words.length === 0 ? undefined : words.join(' ');
  const prompt = promptFile === undefined ? typed : readPrompt(promptFile);
  if (mode !== undefined && command !== undefined) {
    throw errors.badArgument('--mode is for backends', 'orch run -b BACKEND --mode MODE "PROMPT"');
  }
  const wish = {
    mode,
    attached,
    execPath,
    promptFile: promptFile === undefined || promptFile === '-' ? undefined : resolve(cwd, promptFile),
    ...(speed === undefined ? {} : { speed }),
  };
  const invocation = planInvocation(backend, prompt, wish);
  return {
    backend: backend.name,
    invocation,
    prompt,
    ...(backend.install === undefined ? {} : { install: backend.install }),
  };
}

function readPrompt(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    throw errors.badArgument(`--prompt-file ${path} cannot be read: ${reason(error)}`, 'name a file with a prompt');
  }
}

async function liveOutput(
  output: RunOptions['output'],
  size: TerminalSize,
  { stdout, clock }: CliContext,
  onFailed: LiveOutput['onFailed'],
): Promise<LiveOutput | undefined> {
  if (output === 'none') return undefined;
  const sink = descriptorSink(stdout.fd, clock);
  if (output === 'clean') {
    // Text can do nothing to a terminal, and is wanted whole there as well.
    const { CleanSink } = await import('../../record/clean-sink.js');
    return { sink: new CleanSink(sink, { size, clock }), isTerminal: false, onFailed };
  }
  // A terminal without its keyboard must not answer, and is left as it was found; anything else gets the bytes as they are.
  return { sink: stdout.isTTY ? new TerminalOutput(new DeafSink(sink)) : sink, isTerminal: stdout.isTTY, onFailed };
}

/** What a verdict means whatever the agent's own code is. */
function verdictCode(found: RecordingResult['verdict']): number | undefined {
  switch (found?.result) {
    case 'done':
      return ExitCode.ok;
    case 'timeout':
      return ExitCode.timeout;
    case 'unfinished':
      return ExitCode.iterationsUsedUp;
    case 'failed':
    case undefined:
      return undefined;
  }
}

/** The agent's own code; but a recording that is not whole is no success. */
function exitCodeOf({ status, gaps, verdict: found }: RecordingResult, { onLogError }: RunOptions): number {
  const code = verdictCode(found) ?? shellExitCode(status);
  if (gaps.length > 0 && onLogError === 'stop') return ExitCode.io;
  return gaps.length > 0 && code === 0 ? ExitCode.damaged : code;
}
