import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { DEFAULT_SIZE } from '../../core/terminal/size.js';
import { shellExitCode, signalName } from '../../core/exit-status.js';
import { errors } from '../../core/errors.js';
import { orchVersion } from '../../core/version.js';
import { attachedSize } from '../../pty/terminal/user-terminal.js';
import { givenByVariables, type RunSettings } from '../../settings/run-settings.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
import type { AttachEnd, Beginning } from '../attach/attach-session.js';
import type { CliContext } from '../options/context.js';
import { hostingWords } from '../hosting/hosting.js';
import { changedVariables } from './not-utf8.js';
import { FIRST_CLIENT_FD, type HostProcess, startHostProcess } from '../hosting/host-process.js';
import { RunSignals } from './run-signals.js';
import { RunStderr } from './run-stderr.js';
import { jumpMark } from './run-words.js';

/**
 * Starts the host of one task, and is its first client: the terminal is the agent's until that ends, every key included, but those by
 * which the client leaves. `words`: of `orch run`, `settings`: what they mean.
 */
export async function runAttended(
  words: readonly string[],
  settings: RunSettings,
  context: CliContext,
): Promise<number> {
  const size = settings.size ?? attachedSize() ?? givenByVariables(context.env).size ?? DEFAULT_SIZE;
  const typed = settings.promptFile === '-' ? readFileSync(context.stdin.fd) : undefined;
  const stdin = typed === undefined ? 'ignore' : 'pipe';
  const host = startHostProcess(
    [...hostingWords({ type: 'attended', size }), ...words],
    [stdin, 'ignore', 'pipe', 'pipe'],
    context,
  );
  host.child.stdin?.on('error', () => undefined); // It does not want it, and says why.
  host.child.stdin?.end(typed);
  using stderr = new RunStderr(context.stderr.fd, context.clock, '\r\n');
  for (const text of changedVariables(context.env)) stderr.say(`orch: ${text}`);
  const beginning: Beginning = {
    size,
    followsSize: settings.size === undefined,
    mark: jumpMark,
    onHangup: settings.onHangup,
    onRing: (text) => {
      if (context.stderr.isTTY) stderr.write(`\x1b]9;${text}\x07\x07`);
    },
  };
  try {
    return await showUntilEnd(host, beginning, settings.detachKeys, stderr, context);
  } finally {
    letGo(host);
  }
}

async function showUntilEnd(
  host: HostProcess,
  beginning: Beginning,
  detachKeys: RunSettings['detachKeys'],
  stderr: RunStderr,
  context: CliContext,
): Promise<number> {
  const silent = relay(host, stderr);
  using signals = new RunSignals(context);
  const { end, task } = await attend(host, beginning, detachKeys, signals, context);
  switch (end.type) {
    case 'ended': {
      signals.agentEnded();
      const asked = aborted(signals.afterEnd);
      await Promise.race([silent, asked]);
      if (end.diedAtStart && task !== undefined)
        stderr.say(await (await import('./final-screen.js')).finalScreen(task));
      stderr.say(end.said);
      await stderr.end();
      // What it has to tidy up is done when this returns, unless a signal asks us to end.
      await Promise.race([host.ended, asked]);
      return end.code;
    }
    case 'detached':
      if (end.by === 'hangup') return HANGUP_CODE;
      stderr.say((await import('../attach/detached-line.js')).detachedLine(task?.id ?? ''));
      await stderr.end();
      return 0;
    case 'lost': {
      if (end.error !== undefined) {
        throw end.error;
      }
      await silent;
      const status = await host.ended.catch((error: unknown) => {
        throw errors.spawnFailed('orch', error);
      });
      // Else it has said why nothing was started, unless it was killed.
      if (task === undefined && status.signal !== 0)
        throw errors.hostEndedAtStart(signalName(status.signal) ?? `signal ${status.signal}`);
      if (task !== undefined) stderr.say((await import('./lost-host.js')).endWithoutHost(task, status));
      await stderr.end();
      return shellExitCode(status);
    }
  }
}

/** 128 + the number of SIGHUP. */
const HANGUP_CODE = 129;

/** The terminal is put back when it returns. */
async function attend(
  { child }: HostProcess,
  beginning: Beginning,
  detachKeys: RunSettings['detachKeys'],
  signals: RunSignals,
  { clock, pid }: CliContext,
): Promise<{ readonly end: AttachEnd; readonly task: TaskFolder | undefined }> {
  // Loaded while the host starts.
  const { AttachSession } = await import('../attach/attach-session.js');
  const { HostClient } = await import('../../host/host-client.js');
  const { StreamChannel } = await import('../../host/stream-channel.js');
  using session = new AttachSession(undefined, {
    writing: 'when-typed',
    detachKeys,
    history: 0,
    name: `process ${pid}`,
    clock,
    beginning,
  });
  // A stream that a child has as a fourth one is a socket, in both directions.
  const channel = new StreamChannel(child.stdio[FIRST_CLIENT_FD] as Socket, clock);
  const client = new HostClient(channel, session);
  const hangup = new AbortController();
  try {
    session.takeTerminal();
  } catch (error) {
    // It has not heard a word yet, and starts nothing.
    channel.close();
    throw error;
  }
  client.begin(orchVersion());
  signals.passOnTo((signal) => {
    if (signal === 'SIGHUP') hangup.abort();
    else client.signal(signal);
  });
  const end = await session.run(client, hangup.signal);
  return { end, task: session.task };
}

/** Shows what a host says to people; resolves when it says nothing more. */
function relay({ child: { stderr: said } }: HostProcess, stderr: RunStderr): Promise<void> {
  said?.setEncoding('utf8').on('data', (text: string) => {
    // The terminal is raw.
    stderr.write(text.replaceAll('\n', '\r\n'));
  });
  return new Promise((resolve) => said?.once('close', resolve));
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}

/** It lives on by itself. */
function letGo({ child }: HostProcess): void {
  child.stderr?.destroy();
  child.unref();
}
