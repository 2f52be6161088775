import { isAbsolute, join } from 'node:path';
import { type Clock, systemClock } from '../core/clock.js';
import { errors, reason } from '../core/errors.js';
import { readTask, type TaskEntry } from '../store/task/task-reader.js';
import type { TaskFolder } from '../store/layout/task-folder.js';
import type { Channel } from './channel.js';
import { HostClient, type HostClientEvents } from './host-client.js';
import { PROTOCOL } from './messages.js';
import { fits } from './socket-place.js';

/** How long a host may take before a notice says so, ms. */
const SLOW_MS = 800;
/** How long it may take at all: on a machine that is busy, or under a debugger, even a healthy one is slow. */
const DEAD_MS = 15_000;

export interface ConnectOptions {
  /** Of orch. */
  readonly version: string;
  /** What is not listened for is ignored. */
  readonly events?: Partial<HostClientEvents>;
  /** Called when the host does not answer for the moment; it is still waited for. */
  readonly onSlow: () => void;
  /** Ends the waiting; the promise is then rejected with its reason. */
  readonly signal: AbortSignal;
  readonly clock?: Clock;
}

/**
 * Connects to the host of a running task.
 *
 * @throws OrchError TASK_NOT_RUNNING, HOST_UNREACHABLE, HOST_SPEAKS_OTHER, MANIFEST_UNREADABLE
 */
export async function connectToHost(
  folder: TaskFolder,
  { version, events = {}, onSlow, signal, clock = systemClock }: ConnectOptions,
): Promise<HostClient> {
  using slow = clock.after(SLOW_MS, onSlow);
  const path = socketOf(readTask(folder));
  const { dial } = await import('./web-socket.js');
  let channel: Channel;
  try {
    channel = await unlessAborted(dial(path, DEAD_MS, signal), signal);
  } catch (error) {
    signal.throwIfAborted();
    // It may have ended, or have been killed, since.
    socketOf(readTask(folder));
    throw errors.hostUnreachable(folder.id, reason(error));
  }
  const client = await unlessAborted(greeted(channel, folder, version, events, clock), signal).catch(
    (error: unknown) => {
      channel.close();
      throw error;
    },
  );
  slow.cancel();
  return client;
}

/** The path of the socket. @throws OrchError */
function socketOf(entry: TaskEntry): string {
  if (entry.type === 'unreadable') throw entry.problem;
  const { folder, manifest, status } = entry;
  if (status === 'lost') throw errors.taskNotRunning(folder.id, 'its host was killed');
  if (status !== 'running') throw errors.taskNotRunning(folder.id, `it is ${status}`);
  const { socket } = manifest;
  if (socket === undefined) throw errors.taskNotHosted(folder.id);
  const path = isAbsolute(socket) ? socket : join(folder.path, socket);
  if (!fits(path)) throw errors.hostUnreachable(folder.id, `the path ${path} is too long for a socket`);
  return path;
}

function greeted(
  channel: Channel,
  { id }: TaskFolder,
  version: string,
  events: Partial<HostClientEvents>,
  clock: Clock,
): Promise<HostClient> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(DEAD_MS, () => {
      reject(errors.hostUnreachable(id, 'it does not answer'));
    });
    const client = new HostClient(channel, {
      onWord: (word) => {
        if (word.type !== 'hello') {
          events.onWord?.(word);
          return;
        }
        timer.cancel();
        if (word.protocol === PROTOCOL) resolve(client);
        else reject(errors.hostSpeaksOther(id, word.protocol, PROTOCOL, word.orch));
      },
      onBytes: (placed) => {
        events.onBytes?.(placed);
      },
      onClose: () => {
        timer.cancel();
        reject(errors.hostUnreachable(id, 'it has closed the connection'));
        events.onClose?.();
      },
    });
    client.begin(version);
  });
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const aborted = (): void => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', aborted, { once: true });
    promise
      .finally(() => {
        signal.removeEventListener('abort', aborted);
      })
      .then(resolve, reject);
  });
}
