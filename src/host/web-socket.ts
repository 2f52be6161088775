import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import { systemClock } from '../core/clock.js';
import type { Channel } from './channel.js';
import { MAX_FRAME_BYTES } from './messages.js';

/** How long the closing of a connection waits for a peer that takes nothing, ms. */
const CLOSE_MS = 500;

/** Makes channels of the connections that clients have opened. */
export interface ChannelMaker {
  /** `socket`: of a client that is about to ask for a WebSocket. */
  take(socket: Socket): void;
  /** Nothing more is taken; channels that are open stay so. */
  close(): void;
}

export function channelMaker(onChannel: (channel: Channel) => void): ChannelMaker {
  const http = createServer((_, response) => {
    response
      .writeHead(426, { connection: 'close' })
      .end('This is the host of an orch task; orch attach speaks to it.\n');
  });
  const server = new WebSocketServer({ server: http, maxPayload: MAX_FRAME_BYTES });
  server.on('connection', (socket) => {
    onChannel(channelOf(socket));
  });
  return {
    take: (socket) => {
      http.emit('connection', socket);
    },
    close: () => {
      server.close();
    },
  };
}

/**
 * Opens a channel to the host that listens at `path`. Rejects with the system's error where none does, with that of a host
 * that does not answer within `ms`, and when `signal` aborts.
 */
export function dial(path: string, ms: number, signal?: AbortSignal): Promise<Channel> {
  return new Promise((resolve, reject) => {
    // A URL could not name a path with a blank, a colon or a letter beyond ASCII.
    const socket = new WebSocket('ws://localhost/', {
      createConnection: () => connect(path),
      maxPayload: MAX_FRAME_BYTES,
      perMessageDeflate: false,
      handshakeTimeout: ms,
    });
    socket.once('error', reject);
    const aborted = (): void => {
      socket.terminate();
    };
    signal?.addEventListener('abort', aborted);
    socket.once('close', () => {
      signal?.removeEventListener('abort', aborted);
    });
    // What the host says first may come with its consent: it has to be listened to before anything else is done.
    const channel = channelOf(socket);
    socket.once('open', () => {
      signal?.removeEventListener('abort', aborted);
      resolve(channel);
    });
  });
}

function channelOf(socket: WebSocket): Channel {
  // The close that follows is what counts.
  socket.on('error', () => undefined);
  const early: (string | Uint8Array)[] = [];
  let onFrame = (frame: string | Uint8Array): void => {
    early.push(frame);
  };
  socket.on('message', (data: RawData, isBinary: boolean) => {
    const bytes = bytesOf(data);
    onFrame(isBinary ? bytes : bytes.toString());
  });
  return {
    get unsent() {
      return socket.bufferedAmount;
    },
    listen: (events) => {
      onFrame = (frame) => {
        events.onFrame(frame);
      };
      for (const frame of early.splice(0)) onFrame(frame);
      if (socket.readyState === WebSocket.CLOSED) events.onClose();
      else
        socket.once('close', () => {
          events.onClose();
        });
    },
    send: (frame, sent) => {
      socket.send(frame, () => {
        sent?.();
      });
    },
    pause: () => {
      socket.pause();
    },
    resume: () => {
      socket.resume();
    },
    close: () => {
      socket.resume();
      socket.close();
      // It waits half a minute for a peer that is stopped.
      const timer = systemClock.after(CLOSE_MS, () => {
        socket.terminate();
      });
      socket.once('close', () => {
        timer.cancel();
      });
    },
  };
}

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
