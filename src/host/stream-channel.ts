import type { Socket } from 'node:net';
import { type Clock, systemClock } from '../core/clock.js';
import type { Channel, ChannelEvents } from './channel.js';
import { MAX_FRAME_BYTES } from './messages.js';

/** In front of each frame: how many bytes it has, big-endian; the highest bit says that it is binary. */
const HEAD_BYTES = 4;
const BINARY = 0x8000_0000;

/** How long closing waits for a peer that takes nothing, ms. */
const CLOSE_MS = 500;

/**
 * A channel through a connected pair of sockets, which a host and the client that has started it have from the beginning on. Nothing
 * is loaded for it, and no other process can connect to it.
 */
export class StreamChannel implements Channel {
  /** Resolves with true when something has come, or with false when the other end has gone before. */
  readonly heard: Promise<boolean>;
  readonly #socket: Socket;
  readonly #clock: Clock;
  #events: ChannelEvents | undefined;
  #received: Buffer = Buffer.alloc(0);
  #isPaused = false;
  #isDelivering = false;
  #isClosed = false;

  constructor(socket: Socket, clock: Clock = systemClock) {
    this.#socket = socket;
    this.#clock = clock;
    // The close that follows is what counts.
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
      this.#deliver();
    });
    socket.once('close', () => {
      this.#isClosed = true;
      // No more comes: what is held back is handed over.
      this.#isPaused = false;
      this.#deliver();
      this.#events?.onClose();
    });
    this.heard = new Promise((resolve) => {
      socket.once('data', () => {
        resolve(true);
      });
      socket.once('close', () => {
        resolve(false);
      });
    });
  }

  get unsent(): number {
    return this.#socket.writableLength;
  }

  listen(events: ChannelEvents): void {
    this.#events = events;
    this.#deliver();
    if (this.#isClosed) events.onClose();
  }

  send(frame: string | Uint8Array, sent?: () => void): void {
    const isBinary = typeof frame !== 'string';
    const body = isBinary ? frame : Buffer.from(frame);
    const head = Buffer.allocUnsafe(HEAD_BYTES);
    head.writeUInt32BE(isBinary ? BINARY + body.length : body.length);
    this.#socket.cork();
    this.#socket.write(head);
    this.#socket.write(body, () => {
      sent?.();
    });
    this.#socket.uncork();
  }

  pause(): void {
    this.#isPaused = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#socket.resume();
    this.#deliver();
  }

  close(): void {
    if (this.#isClosed) return;
    this.resume();
    this.#socket.end();
    const timer = this.#clock.after(CLOSE_MS, () => {
      this.#socket.destroy();
    });
    this.#socket.once('close', () => {
      timer.cancel();
    });
  }

  /** Frames in their order: a listener that pauses and resumes within one does not get the next before it has done. */
  #deliver(): void {
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    while (!this.#isPaused && this.#events !== undefined && this.#received.length >= HEAD_BYTES) {
      const head = this.#received.readUInt32BE();
      const length = head % BINARY;
      if (length > MAX_FRAME_BYTES) {
        this.#received = Buffer.alloc(0);
        this.#socket.destroy();
        break;
      }
      if (this.#received.length < HEAD_BYTES + length) break;
      const body = this.#received.subarray(HEAD_BYTES, HEAD_BYTES + length);
      this.#received = this.#received.subarray(HEAD_BYTES + length);
      this.#events.onFrame(head >= BINARY ? body : body.toString());
    }
    this.#isDelivering = false;
  }
}
