import type { Channel } from './channel.js';

/** Bytes kept in memory for a client that takes nothing: what is beyond stays in the log. */
const MAX_UNSENT_BYTES = 1024 * 1024;

/** What goes out through a channel: whether there is room for more, and when there is again. */
export class ChannelFlow {
  readonly #channel: Channel;
  #waiting: (() => void)[] = [];

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  get isEmpty(): boolean {
    return this.#channel.unsent === 0;
  }

  get hasRoom(): boolean {
    return this.#channel.unsent < MAX_UNSENT_BYTES;
  }

  /** The array is the channel's from then on. */
  send(frame: string | Uint8Array): void {
    this.#channel.send(frame, () => {
      if (this.hasRoom) this.wake();
    });
  }

  /** Calls `run` once when something has been sent and there is room, or at {@link wake}. */
  whenSent(run: () => void): void {
    this.#waiting.push(run);
  }

  /** Calls all who wait. */
  wake(): void {
    for (const run of this.#waiting.splice(0)) run();
  }
}
