import type { ByteSink } from '../pty/terminal/byte-sink.js';
import type { Channel } from './channel.js';
import { bytesFrame } from './messages.js';

/** Bytes kept in memory for a client that takes nothing: what is beyond stays in the log. */
const MAX_UNSENT_BYTES = 1024 * 1024;
/** Bytes in one frame: small enough for words to come between. */
const PIECE_BYTES = 64 * 1024;

/** A client as the sink of a LiveView: the bytes of a recording go to it, each frame with its offset. */
export class ChannelSink implements ByteSink {
  readonly #channel: Channel;
  #offset: number;
  #waiting: (() => void)[] = [];
  #isOver = false;

  /** `offset`: of the first byte that will be written. */
  constructor(channel: Channel, offset: number) {
    this.#channel = channel;
    this.#offset = offset;
  }

  write(bytes: Uint8Array): number {
    if (this.#isOver) throw new Error('the client has gone');
    let taken = 0;
    while (taken < bytes.length && this.#channel.unsent < MAX_UNSENT_BYTES) {
      const piece = bytes.subarray(taken, taken + PIECE_BYTES);
      this.#channel.send(bytesFrame({ offset: this.#offset, bytes: piece }), this.#sent);
      this.#offset += piece.length;
      taken += piece.length;
    }
    return taken;
  }

  /** `bytes` bytes will not be written: the next frame says so by its offset. */
  skip(bytes: number): void {
    this.#offset += bytes;
  }

  whenWritable(run: () => void): void {
    this.#waiting.push(run);
  }

  async flush(): Promise<void> {
    while (!this.#isOver && this.#channel.unsent > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Nothing more is sent: a write from now on fails. */
  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#wake();
  }

  readonly #sent = (): void => {
    if (this.#channel.unsent < MAX_UNSENT_BYTES) this.#wake();
  };

  #wake(): void {
    for (const run of this.#waiting.splice(0)) run();
  }
}
