import { DEFAULT_BACKEND } from '../../backends/index.js';
import { loadConfig } from '../../config/load-config.js';
import { errors, reason } from '../../core/errors.js';
import { ExitCode } from '../../core/exit-status.js';
import { DEFAULT_SYNC, SYNC_POLICIES } from '../../core/log-limits.js';
import { inForeground } from '../../pty/process/foreground.js';
import { loadPty } from '../../pty/process/load-pty.js';
import { pipedInput } from '../../pty/input/piped-input.js';
import { openLiveOutput } from '../../record/viewers/live-output.js';
import type { Recording } from '../../record/run/recording.js';
import { runExitCode } from '../../record/run/run-exit-code.js';
import type { Notice } from '../../record/run/task-notes.js';
import { recordUnattended } from '../../record/viewers/unattended.js';
import { openAgentDir } from '../../store/layout/agent-dir.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
import { agentDirQuery } from '../options/agent-dir-option.js';
import type { Command, CommandLine } from '../options/command.js';
import type { CliContext } from '../options/context.js';
import { runOptionsOf } from '../run/run-defaults.js';
import { KILL_AFTER_SECONDS, MAX_ITERATIONS, STOP_AFTER_FAILURES } from '../run/run-options.js';
import { changedVariables } from '../run/not-utf8.js';
import { readWholeNumber } from '../options/read-number.js';
import { agentOf, requestFor } from '../run/run-request.js';
import { RunRetention } from '../run/run-retention.js';
import { RunSignals } from '../run/run-signals.js';
import { RunStderr } from '../run/run-stderr.js';
import { jumpMark, verdict } from '../run/run-words.js';
import { usersTerminalSize } from '../options/users-terminal-size.js';

/** Agents that run at the same time: enough to be worth it, few enough for a model server. */
const PARALLEL = 4;

export const runCommand: Command = {
  name: 'run',
  summary: 'run an agent, show it live and record every byte',
  usage: '[options] <prompt...> | [options] -- <command> [arg...]',
  operands: { min: 0, max: Infinity },
  takesCommand: true,
  options: [
    {
      flags: '-b, --backend <backend>',
      description: `the agent; see orch backends (default: ${DEFAULT_BACKEND})`,
    },
    {
      flags: '--mode <mode>',
      description: 'one of its modes; see orch backends (default: by whether there is a terminal)',
    },
    {
      flags: '-o, --output <mode>',
      description: 'what goes to stdout (auto: raw on a terminal, else clean)',
      choices: ['auto', 'raw', 'clean', 'none'],
    },
    { flags: '-q, --quiet', description: 'print nothing but errors: no output, no verdict' },
    { flags: '--name <name>', description: 'the name of the task' },
    { flags: '--dir <folder>', description: 'record in this folder (else ORCH_DIR, else the nearest .agent)' },
    { flags: '--size <COLSxROWS>', description: 'terminal size (default: yours, else COLUMNS and LINES, else 120x40)' },
    {
      flags: '--kill-after <time>',
      description: `time between a signal and SIGKILL (default: ${KILL_AFTER_SECONDS}s)`,
    },
    { flags: '--linger <time>', description: 'at the end, wait this long for background processes (default: 0)' },
    {
      flags: '--on-log-error <action>',
      description: 'what to do when the log cannot be written (default: continue)',
      choices: ['continue', 'stop'],
    },
    { flags: '--segment-size <size>', description: 'seal a segment at this size, and begin another (default: 64MiB)' },
    {
      flags: '--max-log-size <size>',
      description: 'remove the oldest segments beyond this, or none (default: 1GiB)',
    },
    {
      flags: '--fsync <when>',
      description: `when to force the log to the disk; interval is once a second (default: ${DEFAULT_SYNC})`,
      choices: SYNC_POLICIES,
    },
    { flags: '--redact', description: 'mask secrets of the environment and well-known tokens everywhere' },
    { flags: '--redact-pattern <regex>', description: 'also mask what matches; may be given several times' },
    { flags: '--prompt-file <file>', description: 'read the prompt from this file; - is stdin' },
    { flags: '--until <line>', description: 'repeat until the agent prints this on a line of its own' },
    {
      flags: '--max-iterations <n>',
      description: `end after n iterations, with exit 5 (default: 1; with --until ${MAX_ITERATIONS})`,
    },
    {
      flags: '--stop-after-failures <n>',
      description: `end after n failed iterations in a row (default: ${STOP_AFTER_FAILURES})`,
    },
    { flags: '--delay <time>', description: 'time between two iterations (default: 0)' },
    { flags: '--iteration-timeout <time>', description: 'end an iteration that takes longer; exit 124' },
    { flags: '--idle-timeout <time>', description: 'end an iteration that prints nothing for this long; exit 124' },
    {
      flags: '--notify <command>',
      description: 'run this shell command when the agent waits for you, and when it has ended',
    },
    { flags: '--prompts <file>', description: 'run many prompts: one a line, or a YAML list' },
    { flags: '--parallel <n>', description: `with --prompts: how many at a time (default: ${PARALLEL})` },
    { flags: '--speed <factor>', description: 'speed of the demo; 0 waits for nothing (default: 1)' },
  ],
  examples: [
    { line: 'orch run -b demo', does: 'an agent that needs no key and no network' },
    { line: 'orch run "fix the tests"', does: 'claude, live and recorded' },
    { line: 'orch run --until DONE "fix it"', does: 'repeat until it prints DONE' },
    { line: 'orch run --prompts todo.txt', does: 'one task a line, four at a time' },
    { line: 'orch run -q -- make -j4', does: 'any command, only recorded' },
  ],
  run,
};

async function run(line: CommandLine, context: CliContext): Promise<number> {
  const config = await loadConfig(context.cwd);
  const prompts = line.options.text('prompts');
  if (prompts !== undefined) {
    const parallel = readWholeNumber(line.options, 'parallel') ?? PARALLEL;
    const { runParallel } = await import('../run/run-parallel.js');
    return runParallel(line, { prompts, parallel }, config, context);
  }
  if (line.options.has('parallel'))
    throw errors.badArgument('--parallel goes with --prompts', 'orch run --parallel 4 --prompts FILE');
  const options = runOptionsOf(line, config, context.stdout.isTTY);
  // Where it is of no use, nothing is made.
  const spawn = await loadPty();
  // A person sits before it: keys come from a terminal, and the picture goes to one.
  const attached =
    options.output === 'raw' && context.stdin.isTTY && context.stdout.isTTY && inForeground()
      ? await import('../../record/viewers/attached.js')
      : undefined;
  const agent = agentOf(line, options, config);
  const size = options.size ?? attached?.attachedSize() ?? (await usersTerminalSize(context));
  const terminal = { attached: attached !== undefined, size };
  const request = requestFor(agent, options, terminal, {
    ...context,
    agentDir: () => openAgentDir(agentDirQuery(line, context)),
  });
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
  const warn = (text: string): void => {
    tools.notify({ level: 'warn', text });
  };
  for (const text of changedVariables(context.env)) warn(text);
  const ring = (text: string): void => {
    if (attached !== undefined && context.stderr.isTTY) stderr.write(`\x1b]9;${text}\x07\x07`);
  };
  const live = { failed: false };
  const onFailed = (error: unknown): void => {
    live.failed = true;
    tools.notify({ level: 'error', text: `stdout takes nothing more (${reason(error)}); the recording continues` });
  };
  const retention = new RunRetention(config.retention, clock, signals.afterEnd);
  // What starts other programs takes milliseconds to load.
  const notifier = options.notify === undefined ? undefined : await import('../run/notifier.js');
  let task: TaskFolder | undefined;
  const shared = {
    mark: jumpMark,
    onStart: (recording: Recording) => {
      task = recording.task;
      retention.begin(task);
      if (options.notify !== undefined)
        notifier?.notifyOf(recording, options.notify, { ring, onFailed: warn }, context);
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
        output: await openLiveOutput(options.output, context.stdout, { size: request.size, clock, onFailed }),
        input: options.promptFile === '-' ? undefined : pipedInput(context.stdin.fd),
        signal: signals.afterEnd,
      });
  if (result.diedAtStart && task !== undefined) {
    const { lastWords } = await import('../run/last-words.js');
    stderr.say(await lastWords(task));
  }
  if (!options.quiet) stderr.say(verdict(task?.id ?? '', result));
  await stderr.end();
  await retention.done();
  const code = runExitCode(result, options);
  return live.failed && code === ExitCode.ok ? ExitCode.io : code;
}
