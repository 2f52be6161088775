import type { ByteSink } from '../pty/terminal/byte-sink.js';
import type { ChannelFlow } from './channel-flow.js';
import { bytesFrame } from './messages.js';

/** Bytes in one frame: small enough for words to come between. */
const PIECE_BYTES = 64 * 1024;

/** A client as the sink of a LiveView: the bytes of a recording go to it, each frame with its offset. */
export class ChannelSink implements ByteSink {
  readonly #flow: ChannelFlow;
  #offset: number;
  #isOver = false;

  /** `offset`: of the first byte that will be written. */
  constructor(flow: ChannelFlow, offset: number) {
    this.#flow = flow;
    this.#offset = offset;
  }

  write(bytes: Uint8Array): number {
    if (this.#isOver) throw new Error('the client has gone');
    let taken = 0;
    while (taken < bytes.length && this.#flow.hasRoom) {
      const piece = bytes.subarray(taken, taken + PIECE_BYTES);
      this.#flow.send(bytesFrame({ offset: this.#offset, bytes: piece }));
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
    this.#flow.whenSent(run);
  }

  async flush(): Promise<void> {
    while (!this.#isOver && !this.#flow.isEmpty)
      await new Promise<void>((resolve) => {
        this.#flow.whenSent(resolve);
      });
  }

  /** Nothing more is sent: a write from now on fails. */
  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#flow.wake();
  }
}
