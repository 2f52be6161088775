import { closeSync, openSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { loadConfig } from '../../config/load-config.js';
import { errors } from '../../core/errors.js';
import { ExitCode } from '../../core/exit-status.js';
import { Host } from '../../host/host.js';
import { StreamChannel } from '../../host/stream-channel.js';
import { loadPty } from '../../pty/process/load-pty.js';
import { Recording } from '../../record/run/recording.js';
import { runExitCode } from '../../record/run/run-exit-code.js';
import { runFlags } from '../../settings/run-flags.js';
import { runSettings } from '../../settings/run-settings.js';
import type { ParsedLine } from '../options/command.js';
import type { CliContext } from '../options/context.js';
import { readFlags } from '../options/read-value.js';
import { usersTerminalSize } from '../options/users-terminal-size.js';
import type { Hosting } from '../hosting/hosting.js';
import { FIRST_CLIENT_FD } from '../hosting/host-process.js';
import { agentOf, recordingsFolder, requestFor } from './run-request.js';
import { resumedLine } from './resumed-line.js';
import { RunRetention } from './run-retention.js';
import { RunSignals } from './run-signals.js';
import { RunStderr } from './run-stderr.js';
import { takeClients } from '../hosting/take-clients.js';
import { verdict } from './run-words.js';
import { withConfig } from './with-config.js';

/**
 * The host of one task: runs and records its agent as `orch run` does, without a terminal, and takes clients. When the agent runs it
 * lets go of the streams it was started with; of stderr when its starter has gone, and for one of many, which goes on to say what goes
 * wrong, at the end.
 */
export async function runHosted(asked: ParsedLine, hosting: Hosting, context: CliContext): Promise<number> {
  if (hosting.type !== 'attended') return host(asked, hosting, undefined, context);
  const channel = new StreamChannel(new Socket({ fd: FIRST_CLIENT_FD }), context.clock);
  try {
    return await host(asked, hosting, channel, context);
  } finally {
    // It waits for what becomes of it.
    channel.close();
  }
}

/** `first`: to the client that has started it. */
async function host(
  asked: ParsedLine,
  hosting: Hosting,
  first: StreamChannel | undefined,
  caller: CliContext,
): Promise<number> {
  const isOneOfMany = hosting.type === 'one-of-many';
  const { clock } = caller;
  using signals = new RunSignals(caller);
  const { line, context, resumes } = await resumedLine(asked, caller);
  const config = await loadConfig(context.cwd);
  const given = readFlags(line.options, runFlags);
  const settings = runSettings(withConfig(given, line.rest !== undefined, config), false);
  const spawn = await loadPty();
  const agent = agentOf(line, settings, config, resumes);
  // Its starter may have been killed while it wrote.
  if (isOneOfMany && Buffer.byteLength(agent.prompt ?? '') !== hosting.promptBytes) throw errors.promptCutOff();
  const size = settings.size ?? (hosting.type === 'detached' ? await usersTerminalSize(context) : hosting.size);
  // A person sits before it whenever they like; of many the results count.
  const terminal = { attached: !isOneOfMany, size };
  const request = requestFor(agent, settings, terminal, recordingsFolder(settings.dir, context), context);
  using stderr = new RunStderr(context.stderr.fd, clock, '\n');
  const tools = { spawn, clock, notify: stderr.notices(settings.quiet || isOneOfMany) };
  // Its terminal is ready for the agent's first byte once it has said something.
  if (first !== undefined && !(await first.heard)) return ExitCode.io;
  // What starts other programs takes milliseconds to load.
  const notifier = settings.notify === undefined ? undefined : await import('./notifier.js');
  const retention = new RunRetention(config.retention, clock, signals.afterEnd);
  using recording = new Recording(request, tools);
  using clients = new Host(recording, request.recorder.version);
  recording.attach(clients);
  const { id, path } = recording.task;
  const client = first && clients.takeFirst(first, { type: 'task', id, folder: path });
  signals.follow(recording);
  if (isOneOfMany && !settings.quiet)
    recording.onStatus(({ status }) => {
      if (status === 'waiting') stderr.say(`orch: ${id} waits for an answer: orch attach ${id}`);
    });
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
  if (client === undefined) tellStarter(id, context);
  if (hosting.type === 'detached') await fallSilent();
  void client?.gone.then(fallSilent);
  letGo(context.stdin);
  letGo(context.stdout);
  if (!isOneOfMany) retention.begin(recording.task);
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

function tellStarter(id: string, { stdout }: CliContext): void {
  try {
    writeSync(stdout.fd, `${id}\n`);
  } catch {
    // It was killed; the agent runs.
  }
}

/** The terminal, or the pipe, is another's from now on: it must not stay open for as long as the agent runs. */
function letGo({ fd }: { readonly fd: number }): void {
  closeSync(fd);
  openSync('/dev/null', 'r+'); // Takes the lowest free number, which is the one just closed.
}
