import { closeSync, openSync, writeSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { loadConfig } from '../../config/load-config.js';
import { errors, reason } from '../../core/errors.js';
import { Host } from '../../host/host.js';
import { socketPlace } from '../../host/socket-place.js';
import { SocketServer } from '../../host/socket-server.js';
import { loadPty } from '../../pty/process/load-pty.js';
import { Recording } from '../../record/run/recording.js';
import { runExitCode } from '../../record/run/run-exit-code.js';
import { runFlags } from '../../settings/run-flags.js';
import { runSettings } from '../../settings/run-settings.js';
import type { ParsedLine } from '../options/command.js';
import type { CliContext } from '../options/context.js';
import { readFlags } from '../options/read-value.js';
import { usersTerminalSize } from '../options/users-terminal-size.js';
import type { Hosting } from '../options/hosting.js';
import { changedVariables } from './not-utf8.js';
import { agentOf, recordingsFolder, requestFor } from './run-request.js';
import { resumedLine } from './resumed-line.js';
import { RunRetention } from './run-retention.js';
import { RunSignals } from './run-signals.js';
import { RunStderr } from './run-stderr.js';
import { verdict } from './run-words.js';
import { withConfig } from './with-config.js';

/**
 * The host of one task: runs and records its agent as `orch run` does, without a terminal, and takes clients. When the agent runs it
 * prints the id, and lets go of the streams it was started with; one of many goes on to say on stderr what goes wrong.
 */
export async function runHosted(asked: ParsedLine, hosting: Hosting, caller: CliContext): Promise<number> {
  const isOneOfMany = hosting.type === 'one-of-many';
  const { line, context, resumes } = await resumedLine(asked, caller);
  const { clock } = context;
  const config = await loadConfig(context.cwd);
  const given = readFlags(line.options, runFlags);
  const settings = runSettings(withConfig(given, line.rest !== undefined, config), false);
  const spawn = await loadPty();
  const agent = agentOf(line, settings, config, resumes);
  // Its starter may have been killed while it wrote.
  if (isOneOfMany && Buffer.byteLength(agent.prompt ?? '') !== hosting.promptBytes) throw errors.promptCutOff();
  const size = settings.size ?? (isOneOfMany ? hosting.size : await usersTerminalSize(context));
  // A person sits before a detached one whenever they like; of many the results count.
  const terminal = { attached: !isOneOfMany, size };
  const request = requestFor(agent, settings, terminal, recordingsFolder(settings.dir, context), context);
  using signals = new RunSignals(context);
  using stderr = new RunStderr(context.stderr.fd, clock, '\n');
  const tools = { spawn, clock, notify: stderr.notices(settings.quiet || isOneOfMany) };
  // Of many their starter says so, once.
  if (!isOneOfMany) for (const text of changedVariables(context.env)) tools.notify({ level: 'warn', text });
  // What starts other programs takes milliseconds to load.
  const notifier = settings.notify === undefined ? undefined : await import('./notifier.js');
  const retention = new RunRetention(config.retention, clock, signals.afterEnd);
  using recording = new Recording(request, tools);
  using host = new Host(recording, request.recorder.version);
  recording.attach(host);
  signals.follow(recording);
  if (isOneOfMany && !settings.quiet)
    recording.onStatus(({ status }) => {
      const { id } = recording.task;
      if (status === 'waiting') stderr.say(`orch: ${id} waits for an answer: orch attach ${id}`);
    });
  if (settings.notify !== undefined)
    notifier?.notifyOf(
      recording,
      settings.notify,
      {
        ring: () => undefined,
        onFailed: (text) => {
          recording.say({ level: 'warn', text });
        },
      },
      context,
    );
  const server = await takeClients(recording, host, context);
  tellStarter(recording.task.id, context);
  if (isOneOfMany) letGo([context.stdin, context.stdout]);
  else {
    await stderr.end();
    stderr[Symbol.dispose]();
    letGo([context.stdin, context.stdout, context.stderr]);
    retention.begin(recording.task);
  }
  const result = await recording.ended;
  const code = runExitCode(result, settings);
  await host.end(code, verdict(recording.task.id, result), clock);
  server?.[Symbol.dispose]();
  await retention.done();
  if (isOneOfMany) await stderr.end();
  return code;
}

/** A task without clients is better than none. */
async function takeClients(recording: Recording, host: Host, { env }: CliContext): Promise<SocketServer | undefined> {
  const { path: folder } = recording.task;
  try {
    const path = socketPlace(folder, env);
    const server = await SocketServer.listen(path, (channel) => {
      host.take(channel);
    });
    recording.hosted(dirname(path) === folder ? basename(path) : path);
    return server;
  } catch (error) {
    recording.say({ level: 'warn', text: `no client can attach to this task: ${reason(error)}` });
    return undefined;
  }
}

function tellStarter(id: string, { stdout }: CliContext): void {
  try {
    writeSync(stdout.fd, `${id}\n`);
  } catch {
    // It was killed; the agent runs.
  }
}

/** The terminal, or the pipes, are others' from now on: they must not stay open for as long as the agent runs. */
function letGo(streams: readonly { readonly fd: number }[]): void {
  for (const { fd } of streams) {
    closeSync(fd);
    openSync('/dev/null', 'r+'); // Takes the lowest free number, which is the one just closed.
  }
}
