import type { TerminalSize } from '../core/terminal/size.js';
import type { Channel } from './channel.js';
import type { Message } from './message.js';
import {
  type ClientWord,
  type HostWord,
  type PassedSignal,
  PROTOCOL,
  type PlacedBytes,
  readBytesFrame,
  readHostWord,
  wordFrame,
} from './messages.js';

/** Bytes typed that may be on their way to the host; more wait in the terminal. */
const MAX_UNSENT_BYTES = 256 * 1024;

/** Of a text in one frame: at most six bytes each in JSON. */
const PIECE_CHARACTERS = 64 * 1024;

/** What a client hears from its host. */
export interface HostClientEvents {
  onWord(word: HostWord): void;
  onBytes(placed: PlacedBytes): void;
  /** Called once: the host has gone, or has closed the connection. */
  onClose(): void;
}

/** The client's end of a connection to a host. */
export class HostClient implements Disposable {
  readonly #channel: Channel;
  readonly #events: HostClientEvents;

  /** Listens once the caller says so with `begin`. */
  constructor(channel: Channel, events: HostClientEvents) {
    this.#channel = channel;
    this.#events = events;
  }

  /** Says hello, and listens: the host's own hello is the first word that comes, perhaps at once. `version`: of orch. */
  begin(version: string): void {
    const events = this.#events;
    this.#say({ type: 'hello', protocol: PROTOCOL, orch: version });
    this.#channel.listen({
      onFrame: (frame) => {
        if (typeof frame === 'string') {
          const word = readHostWord(frame);
          if (word !== undefined) events.onWord(word);
        } else {
          const placed = readBytesFrame(frame);
          if (placed !== undefined) events.onBytes(placed);
        }
      },
      onClose: () => {
        events.onClose();
      },
    });
  }

  /** Asks for the bytes, from a place that the host names (`watching`). */
  watch(): void {
    this.#say({ type: 'watch' });
  }

  /** Asks to write; the host says who does. The agent's terminal takes on `size`. `name`: what people see. */
  write(how: 'if-free' | 'take', size: TerminalSize, name: string): void {
    this.#say({ type: 'write', how, size, name });
  }

  /** Our terminal has another size; of a writer the agent's takes it on. */
  resize(size: TerminalSize): void {
    this.#say({ type: 'resize', size });
  }

  /** Our terminal gets the bytes as they are, and can answer queries. */
  answer(): void {
    this.#say({ type: 'answer' });
  }

  /** Types to the agent; ignored unless this client writes. False: nothing more until `resume` is called. */
  type(bytes: Uint8Array, resume: () => void): boolean {
    let isFull = false;
    this.#channel.send(Uint8Array.from(bytes), () => {
      if (isFull) resume();
    });
    isFull = this.#channel.unsent > MAX_UNSENT_BYTES;
    return !isFull;
  }

  /** Sends a message, in frames that are small enough; the host says what becomes of it. */
  send({ text, keys, isAnswer, name }: Message): void {
    let from = 0;
    for (; text.length - from > PIECE_CHARACTERS; from += PIECE_CHARACTERS)
      this.#say({ type: 'text', text: text.slice(from, from + PIECE_CHARACTERS) });
    this.#say({ type: 'send', text: text.slice(from), keys, answer: isAnswer, name });
  }

  /** Asks all others to leave. */
  detachOthers(): void {
    this.#say({ type: 'detach-others' });
  }

  /** Says that what follows is no hangup: the client leaves on purpose. */
  leave(): void {
    this.#say({ type: 'leave' });
  }

  /** Passes on a signal that was sent to this client: the agent gets it, and is not run again. */
  signal(signal: PassedSignal): void {
    this.#say({ type: 'signal', signal });
  }

  /** The agent goes on that was stopped by a key of this client. */
  goOn(): void {
    this.#say({ type: 'continue' });
  }

  /** Has the agent ended, as SIGTERM to its recorder would. */
  stop(): void {
    this.#say({ type: 'stop' });
  }

  /** Nothing is handed over until `resume`. */
  pause(): void {
    this.#channel.pause();
  }

  resume(): void {
    this.#channel.resume();
  }

  /** Leaves. */
  [Symbol.dispose](): void {
    this.#channel.close();
  }

  #say(word: ClientWord): void {
    this.#channel.send(wordFrame(word));
  }
}
