import { orchVersion } from '../../core/version.js';
import { type ConnectOptions, connectToHost } from '../../host/connect-to-host.js';
import type { HostClient, HostClientEvents } from '../../host/host-client.js';
import { TaskConnection } from '../../host/task-connection.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
import type { CliContext } from '../options/context.js';

/** Connects to the host of a task; where it takes its time, that is said. `signal` ends the waiting. */
export function reachHost(
  task: TaskFolder,
  events: Partial<HostClientEvents>,
  signal: AbortSignal,
  context: CliContext,
): Promise<HostClient> {
  return connectToHost(task, { ...optionsFor(task, signal, context), events });
}

/** The same, for what needs no terminal. */
export function openTask(task: TaskFolder, signal: AbortSignal, context: CliContext): Promise<TaskConnection> {
  return TaskConnection.open(task, optionsFor(task, signal, context));
}

function optionsFor(
  { id }: TaskFolder,
  signal: AbortSignal,
  { stderr, clock }: CliContext,
): Omit<ConnectOptions, 'events'> {
  const onSlow = (): void => {
    void stderr.write(`orch: the host of ${id} does not answer yet; Ctrl-C ends the waiting\n`);
  };
  return { version: orchVersion(), onSlow, signal, clock };
}
