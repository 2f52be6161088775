import type { Config } from '../../config/config.js';
import { reason } from '../../core/errors.js';
import { ExitCode } from '../../core/exit-status.js';
import { orchVersion } from '../../core/version.js';
import { Host } from '../../host/host.js';
import { pipedInput } from '../../pty/input/piped-input.js';
import { loadPty } from '../../pty/process/load-pty.js';
import type { Recording } from '../../record/run/recording.js';
import { runExitCode } from '../../record/run/run-exit-code.js';
import { openOutputTarget } from '../../record/viewers/output-target.js';
import { type Audience, recordUnattended } from '../../record/viewers/unattended.js';
import type { RunSettings } from '../../settings/run-settings.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
import type { CliContext } from '../options/context.js';
import { usersTerminalSize } from '../options/users-terminal-size.js';
import { changedVariables } from './not-utf8.js';
import { agentOf, recordingsFolder, requestFor } from './run-request.js';
import type { resumedLine } from './resumed-line.js';
import { RunRetention } from './run-retention.js';
import { RunSignals } from './run-signals.js';
import { RunStderr } from './run-stderr.js';
import { jumpMark, verdict } from './run-words.js';
import { takeClients } from '../hosting/take-clients.js';

/**
 * Runs and records an agent in this process, without a terminal: its output goes down a pipe, or nowhere, and no person sits before it.
 * Clients may come all the same.
 */
export async function runHere(
  { line, context, resumes }: Awaited<ReturnType<typeof resumedLine>>,
  settings: RunSettings,
  config: Config,
): Promise<number> {
  // Where it is of no use, nothing is made.
  const spawn = await loadPty();
  const agent = agentOf(line, settings, config, resumes);
  const size = settings.size ?? (await usersTerminalSize(context));
  const terminal = { attached: false, size };
  const request = requestFor(agent, settings, terminal, recordingsFolder(settings.dir, context), context);
  const { clock } = context;
  using stderr = new RunStderr(context.stderr.fd, clock, '\n');
  using signals = new RunSignals(context);
  const tools = { spawn, clock, notify: stderr.notices(settings.quiet) };
  const warn = (text: string): void => {
    tools.notify({ level: 'warn', text });
  };
  for (const text of changedVariables(context.env)) warn(text);
  const live = { failed: false };
  const onFailed = (error: unknown): void => {
    live.failed = true;
    tools.notify({ level: 'error', text: `stdout takes nothing more (${reason(error)}); the recording continues` });
  };
  const retention = new RunRetention(config.retention, clock, signals.afterEnd);
  // What starts other programs takes milliseconds to load.
  const notifier = settings.notify === undefined ? undefined : await import('./notifier.js');
  let task: TaskFolder | undefined;
  const onStart = (recording: Recording): void => {
    task = recording.task;
    retention.begin(task);
    if (settings.notify !== undefined)
      notifier?.notifyOf(recording, settings.notify, { ring: () => undefined, onFailed: warn }, context);
    signals.follow(recording);
  };
  const result = await recordUnattended(request, tools, {
    mark: jumpMark,
    onStart,
    output: await openOutputTarget(settings.output, context.stdout, { size: request.size, clock, onFailed }),
    input: settings.promptFile === '-' ? undefined : pipedInput(context.stdin.fd),
    signal: signals.afterEnd,
    audience: (recording) => clientsOf(recording, settings, context),
  });
  if (result.diedAtStart && task !== undefined) {
    const { finalScreen } = await import('./final-screen.js');
    stderr.say(await finalScreen(task));
  }
  if (!settings.quiet) stderr.say(verdict(task?.id ?? '', result));
  await stderr.end();
  await retention.done();
  const code = runExitCode(result, settings);
  return live.failed && code === ExitCode.ok ? ExitCode.io : code;
}

/** Takes clients for as long as the agent runs, and tells them how it has ended. */
function clientsOf(recording: Recording, settings: RunSettings, context: CliContext): Audience {
  const host = new Host(recording, orchVersion());
  const server = takeClients(recording, host, context);
  return {
    show: (bytes, offset) => {
      host.show(bytes, offset);
    },
    end: async (result) => {
      const said = verdict(recording.task.id, result);
      const { diedAtStart } = result;
      await host.end({ code: runExitCode(result, settings), said, diedAtStart }, context.clock);
    },
    [Symbol.dispose]: () => {
      host[Symbol.dispose]();
      void server.then((listening) => {
        listening?.[Symbol.dispose]();
      });
    },
  };
}
