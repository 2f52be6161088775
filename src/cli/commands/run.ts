import { loadConfig } from '../../config/load-config.js';
import { errors, reason } from '../../core/errors.js';
import { ExitCode } from '../../core/exit-status.js';
import { inForeground } from '../../pty/process/foreground.js';
import { loadPty } from '../../pty/process/load-pty.js';
import { pipedInput } from '../../pty/input/piped-input.js';
import { openOutputTarget } from '../../record/viewers/output-target.js';
import type { Recording } from '../../record/run/recording.js';
import { runExitCode } from '../../record/run/run-exit-code.js';
import { recordUnattended } from '../../record/viewers/unattended.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
import { flagsOf } from '../../settings/flag.js';
import { runFlags } from '../../settings/run-flags.js';
import { runSettings } from '../../settings/run-settings.js';
import type { Command, ParsedLine } from '../options/command.js';
import type { CliContext } from '../options/context.js';
import { readFlags } from '../options/read-value.js';
import { changedVariables } from '../run/not-utf8.js';
import { agentOf, recordingsFolder, requestFor } from '../run/run-request.js';
import { withConfig } from '../run/with-config.js';
import { resumedLine } from '../run/resumed-line.js';
import { RunRetention } from '../run/run-retention.js';
import { RunSignals } from '../run/run-signals.js';
import { RunStderr } from '../run/run-stderr.js';
import { jumpMark, verdict } from '../run/run-words.js';
import { usersTerminalSize } from '../options/users-terminal-size.js';

export const runCommand: Command = {
  name: 'run',
  summary: 'run an agent, show it live and record every byte',
  usage: '[options] <prompt...> | [options] -- <command> [arg...]',
  operands: { min: 0, max: Infinity },
  takesCommand: true,
  options: flagsOf(runFlags),
  examples: [
    { line: 'orch run -b demo', does: 'an agent that needs no key and no network' },
    { line: 'orch run "fix the tests"', does: 'claude, live and recorded' },
    { line: 'orch run --until DONE "fix it"', does: 'repeat until it prints DONE' },
    { line: 'orch run --prompts todo.txt', does: 'one task a line, four at a time' },
    { line: 'orch run -q -- make -j4', does: 'any command, only recorded' },
    { line: 'orch run -d "fix the tests"', does: 'in the background; orch attach shows it' },
  ],
  run,
};

async function run(asked: ParsedLine, caller: CliContext): Promise<number> {
  if (asked.options.has('detach'))
    return (await import('../run/start-host.js')).startHost(asked.words, readFlags(asked.options, runFlags), caller);
  const { line, context, resumes } = await resumedLine(asked, caller);
  const config = await loadConfig(context.cwd);
  const given = readFlags(line.options, runFlags);
  if (given.prompts !== undefined) {
    const { runParallel } = await import('../run/run-parallel.js');
    return runParallel(line, { ...given, prompts: given.prompts }, config, context);
  }
  if (given.parallel !== undefined)
    throw errors.badArgument('--parallel goes with --prompts', 'orch run --parallel 4 --prompts FILE');
  const hasCommand = line.rest !== undefined;
  const settings = runSettings(withConfig(given, hasCommand, config), context.stdout.isTTY);
  // Where it is of no use, nothing is made.
  const spawn = await loadPty();
  // A person sits before it: keys come from a terminal, and the picture goes to one.
  const attached =
    settings.output === 'raw' && context.stdin.isTTY && context.stdout.isTTY && inForeground()
      ? await import('../../record/viewers/attached.js')
      : undefined;
  const agent = agentOf(line, settings, config, resumes);
  const size = settings.size ?? attached?.attachedSize() ?? (await usersTerminalSize(context));
  const terminal = { attached: attached !== undefined, size };
  const request = requestFor(agent, settings, terminal, recordingsFolder(settings.dir, context), context);
  const { clock } = context;
  using stderr = new RunStderr(context.stderr.fd, clock, attached === undefined ? '\n' : '\r\n');
  using signals = new RunSignals(context);
  const tools = {
    spawn,
    clock,
    notify: stderr.notices(settings.quiet),
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
  const notifier = settings.notify === undefined ? undefined : await import('../run/notifier.js');
  let task: TaskFolder | undefined;
  const shared = {
    mark: jumpMark,
    onStart: (recording: Recording) => {
      task = recording.task;
      retention.begin(task);
      if (settings.notify !== undefined)
        notifier?.notifyOf(recording, settings.notify, { ring, onFailed: warn }, context);
      signals.follow(recording);
    },
  };
  const result = attached
    ? await attached.recordAttached(request, tools, { ...shared, followSize: settings.size === undefined })
    : await recordUnattended(request, tools, {
        ...shared,
        output: await openOutputTarget(settings.output, context.stdout, { size: request.size, clock, onFailed }),
        input: settings.promptFile === '-' ? undefined : pipedInput(context.stdin.fd),
        signal: signals.afterEnd,
      });
  if (result.diedAtStart && task !== undefined) {
    const { finalScreen } = await import('../run/final-screen.js');
    stderr.say(await finalScreen(task));
  }
  if (!settings.quiet) stderr.say(verdict(task?.id ?? '', result));
  await stderr.end();
  await retention.done();
  const code = runExitCode(result, settings);
  return live.failed && code === ExitCode.ok ? ExitCode.io : code;
}
