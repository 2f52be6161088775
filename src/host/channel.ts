/** One end of a connection between a host and a client: frames, each whole, in order. */
export interface Channel {
  /** Bytes that were sent and have not left this process yet. */
  readonly unsent: number;
  /** Calls `events` from now on. */
  listen(events: ChannelEvents): void;
  /** Never waits and never throws; `sent` is called when the frame has left, or never will. The array is the channel's from then on. */
  send(frame: string | Uint8Array, sent?: () => void): void;
  /** No frames are handed over until `resume`: the other end's sending fills up. */
  pause(): void;
  resume(): void;
  /** Ends it when what was sent has left, or the other end takes nothing for a while. */
  close(): void;
}

export interface ChannelEvents {
  onFrame(frame: string | Uint8Array): void;
  /** Called once: nothing comes and nothing goes any more. */
  onClose(): void;
}
