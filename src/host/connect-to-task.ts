import { cwd } from 'node:process';
import { orchVersion } from '../core/version.js';
import { findOwnAgentDir } from '../store/layout/agent-dir.js';
import type { TaskFolder } from '../store/layout/task-folder.js';
import { resolveTask } from '../store/task/resolve-task.js';
import { type ConnectOptions, connectToHost } from './connect-to-host.js';
import type { HostClient, HostClientEvents } from './host-client.js';
import { TaskConnection, type TaskEvent } from './task-connection.js';

export interface TaskOptions {
  /** The .agent folder; by default the nearest one at or above the working folder. */
  readonly dir?: string;
  /** Ends the waiting for a host that does not answer. */
  readonly signal?: AbortSignal;
  /** Called when the host does not answer for the moment; it is waited for up to 15 s. */
  readonly onSlow?: () => void;
}

/**
 * Connects to a running task, to send to it, to stop it, or to hear of it. `task`: its id, its name, the beginning of the id, or `latest`.
 *
 * @throws OrchError NO_AGENT_DIR, NO_SUCH_TASK, TASK_AMBIGUOUS, TASK_NOT_RUNNING, HOST_UNREACHABLE, HOST_SPEAKS_OTHER
 */
export async function connectToTask(
  task: string,
  { onEvent, ...options }: TaskOptions & { readonly onEvent?: (event: TaskEvent) => void } = {},
): Promise<TaskConnection> {
  return TaskConnection.open(folderOf(task, options), optionsOf(options), onEvent);
}

/**
 * Connects to a running task as a terminal does: watches what its agent prints, and may write to it. docs/host-protocol.md says what
 * the words mean.
 *
 * @throws OrchError as {@link connectToTask}
 */
export async function attachToTask(
  task: string,
  events: Partial<HostClientEvents>,
  options: TaskOptions = {},
): Promise<HostClient> {
  return connectToHost(folderOf(task, options), { ...optionsOf(options), events });
}

function folderOf(task: string, { dir }: TaskOptions): TaskFolder {
  return resolveTask(findOwnAgentDir({ cwd: cwd(), dir }), task);
}

function optionsOf({
  signal = new AbortController().signal,
  onSlow = () => undefined,
}: TaskOptions): Omit<ConnectOptions, 'events'> {
  return { version: orchVersion(), signal, onSlow };
}
