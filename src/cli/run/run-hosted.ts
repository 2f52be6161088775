import { closeSync, openSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { loadConfig } from '../../config/load-config.js';
import { ExitCode } from '../../core/exit-status.js';
import { Host } from '../../host/host.js';
import { StreamChannel } from '../../host/stream-channel.js';
import { loadPty } from '../../pty/process/load-pty.js';
import { Recording } from '../../record/run/recording.js';
import { runExitCode } from '../../record/run/run-exit-code.js';
import { runFlags } from '../../settings/run-flags.js';
import { runSettings } from '../../settings/run-settings.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import type { ParsedLine } from '../options/command.js';
import type { CliContext } from '../options/context.js';
import { readFlags } from '../options/read-value.js';
import { usersTerminalSize } from '../options/users-terminal-size.js';
import { FIRST_CLIENT_FD, type HostBeginning } from './host-process.js';
import { agentOf, recordingsFolder, requestFor } from './run-request.js';
import { resumedLine } from './resumed-line.js';
import { RunRetention } from './run-retention.js';
import { RunSignals } from './run-signals.js';
import { RunStderr } from './run-stderr.js';
import { takeClients } from './take-clients.js';
import { verdict } from './run-words.js';
import { withConfig } from './with-config.js';

/**
 * The host of one task: runs and records its agent as `orch run` does, without a terminal, and takes clients. When the agent runs it
 * lets go of the streams it was started with; of stderr when the client has gone that has started it.
 */
export async function runHosted(asked: ParsedLine, beginning: HostBeginning, context: CliContext): Promise<number> {
  if (beginning.type === 'detached') return host(asked, undefined, context);
  const { clock } = context;
  const channel = new StreamChannel(new Socket({ fd: FIRST_CLIENT_FD }), clock);
  try {
    return await host(asked, { channel, size: beginning.size }, context);
  } finally {
    // It waits for what becomes of it.
    channel.close();
  }
}

/** The client that has started a host. */
interface FirstClient {
  readonly channel: StreamChannel;
  /** Of its terminal. */
  readonly size: TerminalSize;
}

async function host(asked: ParsedLine, first: FirstClient | undefined, caller: CliContext): Promise<number> {
  const { clock } = caller;
  using signals = new RunSignals(caller);
  const { line, context, resumes } = await resumedLine(asked, caller);
  const config = await loadConfig(context.cwd);
  const given = readFlags(line.options, runFlags);
  const settings = runSettings(withConfig(given, line.rest !== undefined, config), false);
  const spawn = await loadPty();
  const agent = agentOf(line, settings, config, resumes);
  const size = settings.size ?? first?.size ?? (await usersTerminalSize(context));
  // A person sits before it whenever they like.
  const terminal = { attached: true, size };
  const request = requestFor(agent, settings, terminal, recordingsFolder(settings.dir, context), context);
  using stderr = new RunStderr(context.stderr.fd, clock, '\n');
  const tools = { spawn, clock, notify: stderr.notices(settings.quiet) };
  // Its terminal is ready for the agent's first byte once it has said something.
  if (first !== undefined && !(await first.channel.heard)) return ExitCode.io;
  // What starts other programs takes milliseconds to load.
  const notifier = settings.notify === undefined ? undefined : await import('./notifier.js');
  const retention = new RunRetention(config.retention, clock, signals.afterEnd);
  using recording = new Recording(request, tools);
  using clients = new Host(recording, request.recorder.version);
  recording.attach(clients);
  const { id, path } = recording.task;
  const client = first && clients.takeFirst(first.channel, { type: 'task', id, folder: path });
  signals.follow(recording);
  if (settings.notify !== undefined)
    notifier?.notifyOf(
      recording,
      settings.notify,
      {
        ring: (text) => {
          clients.ring(text);
        },
        onFailed: (text) => {
          recording.say({ level: 'warn', text });
        },
      },
      context,
    );
  void client?.gone.then(() => {
    if (!client.hasLeft && settings.onHangup === 'end') recording.signal('SIGHUP', 'a terminal that has hung up');
  });
  const server = await takeClients(recording, clients, context);
  let silent: Promise<void> | undefined;
  const fallSilent = (): Promise<void> => (silent ??= endOf(stderr, context));
  if (client === undefined) {
    writeSync(context.stdout.fd, `${id}\n`);
    await fallSilent();
  } else void client.gone.then(fallSilent);
  letGo(context.stdin);
  letGo(context.stdout);
  retention.begin(recording.task);
  const result = await recording.ended;
  await fallSilent();
  const code = runExitCode(result, settings);
  await clients.end({ code, said: verdict(id, result), diedAtStart: result.diedAtStart }, clock);
  server?.[Symbol.dispose]();
  await retention.done();
  return code;
}

async function endOf(said: RunStderr, { stderr }: CliContext): Promise<void> {
  await said.end();
  said[Symbol.dispose]();
  letGo(stderr);
}

/** The terminal, or the pipe, is another's from now on: it must not stay open for as long as the agent runs. */
function letGo({ fd }: { readonly fd: number }): void {
  closeSync(fd);
  openSync('/dev/null', 'r+'); // Takes the lowest free number, which is the one just closed.
}
