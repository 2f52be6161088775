import { basename, dirname } from 'node:path';
import { reason } from '../../core/errors.js';
import type { Host } from '../../host/host.js';
import { socketPlace } from '../../host/socket-place.js';
import { SocketServer } from '../../host/socket-server.js';
import type { Recording } from '../../record/run/recording.js';
import type { CliContext } from '../options/context.js';

/** Has a host take clients at the socket of its task. A task without clients is better than none. */
export async function takeClients(
  recording: Recording,
  host: Host,
  { env }: Pick<CliContext, 'env'>,
): Promise<SocketServer | undefined> {
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
