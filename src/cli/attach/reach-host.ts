import { orchVersion } from '../../core/version.js';
import { connectToHost } from '../../host/connect-to-host.js';
import type { HostClient, HostClientEvents } from '../../host/host-client.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
import type { CliContext } from '../options/context.js';

/** Connects to the host of a task; where it takes its time, that is said. `signal` ends the waiting. */
export function reachHost(
  task: TaskFolder,
  events: Partial<HostClientEvents>,
  signal: AbortSignal,
  { stderr, clock }: CliContext,
): Promise<HostClient> {
  const onSlow = (): void => {
    void stderr.write(`orch: the host of ${task.id} does not answer yet; Ctrl-C ends the waiting\n`);
  };
  return connectToHost(task, { version: orchVersion(), events, onSlow, signal, clock });
}
