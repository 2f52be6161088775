import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { errnoCode } from '../core/errors.js';
import { PRIVATE_FILE_MODE } from '../store/files/private-file.js';
import type { Channel } from './channel.js';
import type { ChannelMaker } from './web-socket.js';

/** Listens for clients at a path, which is this user's alone. */
export class SocketServer implements Disposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #maker: Promise<ChannelMaker> | undefined;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** A socket that a killed host has left there is replaced. Rejects with the system's error where it cannot listen. */
  static async listen(path: string, onChannel: (channel: Channel) => void): Promise<SocketServer> {
    if (await isLeftOver(path)) rmSync(path);
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
    const listening = new SocketServer(server);
    try {
      // Until now the folder has protected it.
      chmodSync(path, PRIVATE_FILE_MODE);
    } catch (error) {
      listening[Symbol.dispose]();
      throw error;
    }
    server.on('error', () => undefined); // No descriptor left for one more client, say.
    server.on('connection', (socket) => {
      void listening.#take(socket, onChannel);
    });
    return listening;
  }

  /** Takes no more clients, removes the socket, and drops connections that are still open. */
  [Symbol.dispose](): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    void this.#maker?.then((maker) => {
      maker.close();
    });
  }

  async #take(socket: Socket, onChannel: (channel: Channel) => void): Promise<void> {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => undefined); // Its close is what counts.
    // Loaded with the first client: most tasks are never attached to, and it takes longer to load than to start an agent.
    this.#maker ??= import('./web-socket.js').then(({ channelMaker }) => channelMaker(onChannel));
    (await this.#maker).take(socket);
  }
}

/** Whether a socket is there that no process listens at: only connecting shows it. */
async function isLeftOver(path: string): Promise<boolean> {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() !== true) return false;
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', (error) => {
      resolve(errnoCode(error) === 'ECONNREFUSED');
    });
  });
}
