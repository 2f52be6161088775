import { type Clock, systemClock } from '../core/clock.js';
import type { TerminalSize } from '../core/terminal/size.js';
import { OwnAnswers } from '../pty/input/own-answers.js';
import { type Asker, QueryResponder } from '../record/viewers/query-responder.js';
import type { ReadableLog } from '../record/status/read-back.js';
import type { CurrentStatus, Viewer } from '../record/run/recording.js';
import type { Notice } from '../record/run/task-notes.js';
import type { Channel } from './channel.js';
import { FollowedTerminal } from './followed-terminal.js';
import { HostedClient, type HostedClientEvents } from './hosted-client.js';
import { InputTurns, type TypedAgent } from './input-turns.js';
import type { HostWord, SendWord } from './messages.js';
import { type FinishedText, TextRoom } from './text-draft.js';

/** The recording of a task that is hosted. */
export interface HostedRecording extends Asker, ReadableLog, TypedAgent {
  type(bytes: Uint8Array, onDrained?: () => void): boolean;
  /** Calls `listener` each time a status has held for a second. */
  onHeld(listener: (status: CurrentStatus) => void): void;
  resize(size: TerminalSize): void;
  signal(signal: NodeJS.Signals, from: string): void;
  say(notice: Notice): void;
}

/**
 * Joins the recording of one task and its clients: bytes go to all of them, at most one writes, and what the agent asks its
 * terminal is answered once, by the writer's terminal or else by orch. To be attached to the recording before its first byte.
 */
export class Host implements Viewer, Disposable {
  readonly #recording: HostedRecording;
  readonly #version: string;
  readonly #clients = new Set<HostedClient>();
  readonly #terminal = new FollowedTerminal();
  readonly #responder: QueryResponder;
  readonly #turns: InputTurns;
  readonly #room = new TextRoom();
  #answers = new OwnAnswers();
  #writer: HostedClient | undefined;
  /** The writer, while its terminal answers queries. */
  #answering: HostedClient | undefined;
  /** The size of the agent's terminal while no client writes. */
  #ownSize: TerminalSize;

  /** `version`: of orch. */
  constructor(recording: HostedRecording, version: string, clock: Clock = systemClock) {
    this.#recording = recording;
    this.#version = version;
    this.#ownSize = recording.size;
    this.#responder = new QueryResponder(recording, version, () => this.#answering !== undefined);
    this.#turns = new InputTurns(recording, () => this.#terminal.inputModes, clock);
    recording.onHeld(({ status, changes }) => {
      this.#sayToAll({ type: 'status', status, changes });
    });
  }

  show(bytes: Uint8Array, offset: number): void {
    this.#terminal.show(bytes);
    this.#responder.show(bytes);
    for (const client of this.#clients) client.show(bytes, offset);
  }

  /** Takes a client that has connected. */
  take(channel: Channel): void {
    const client = new HostedClient(channel, this.#recording, this.#room, this.#events);
    this.#clients.add(client);
    client.begin(this.#version);
  }

  /** Tells every client how the run ended: the exit code, and the line for people. Resolves when they know, or do not listen. */
  async end(code: number, said: string, clock: Clock): Promise<void> {
    await Promise.all([...this.#clients].map((client) => client.end({ type: 'end', code, said }, clock)));
  }

  [Symbol.dispose](): void {
    this.#responder[Symbol.dispose]();
  }

  readonly #events: HostedClientEvents = {
    onWatch: (client) => {
      if (this.#answering === client) this.#answering = undefined;
      const { boundary: offset, modes } = this.#terminal;
      client.say({ type: 'watching', offset, size: this.#recording.size, modes });
      this.#tellWriter(client);
      client.watchFrom(offset);
    },
    onWrite: (client, { how, size }) => {
      if (client === this.#writer) return;
      if (how === 'if-free' && this.#writer !== undefined) this.#tellWriter(client);
      else this.#handTo(client, size);
    },
    onResize: (client, size) => {
      if (client === this.#writer) this.#resize(size);
    },
    onAnswer: (client) => {
      if (client !== this.#writer) return;
      this.#answering = client;
      client.say({ type: 'answers', offset: this.#recording.offset });
    },
    onTyped: (client, bytes, resume) => {
      if (client !== this.#writer) return true;
      return this.#turns.type(this.#answers.remove(bytes), resume);
    },
    onSend: (client, word, finished) => {
      if (finished.type === 'text') this.#send(client, word, finished);
      else client.say({ type: 'refused', reason: finished.type });
    },
    onDetachOthers: (client) => {
      for (const other of this.#clients) if (other !== client) other.say({ type: 'detach' });
    },
    onStop: () => {
      this.#recording.signal('SIGTERM', 'orch stop');
    },
    onGone: (client) => {
      this.#clients.delete(client);
      this.#turns.drop(client);
      if (client !== this.#writer) return;
      this.#turns.writerLeft();
      this.#writer = this.#answering = undefined;
      this.#resize(this.#ownSize);
      this.#note(`${client.name ?? 'a client'} writes no more`);
      this.#tellAll();
    },
  };

  #handTo(client: HostedClient, size: TerminalSize): void {
    if (this.#writer === undefined) this.#ownSize = this.#recording.size;
    else this.#turns.writerLeft();
    this.#writer = client;
    this.#answers = new OwnAnswers();
    this.#answering = undefined;
    this.#resize(size);
    this.#note(`${client.name ?? 'a client'} writes`);
    this.#tellAll();
  }

  #send(client: HostedClient, { keys, answer, name }: SendWord, { text, kept }: FinishedText & { type: 'text' }): void {
    this.#turns.send(
      client,
      { text, keys, isAnswer: answer, name },
      {
        onTyping: () => {
          client.say({ type: 'typing' });
        },
        onSent: (offset, changes) => {
          client.say({ type: 'sent', offset, changes });
        },
        onRefused: (refusal) => {
          client.say({ type: 'refused', ...refusal });
        },
        onOver: () => {
          this.#room.give(kept);
        },
      },
    );
  }

  #resize(size: TerminalSize): void {
    this.#recording.resize(size);
    this.#sayToAll({ type: 'size', offset: this.#recording.offset, size });
  }

  #tellAll(): void {
    for (const client of this.#clients) this.#tellWriter(client);
  }

  #tellWriter(client: HostedClient): void {
    client.say({ type: 'writer', you: client === this.#writer, name: this.#writer?.name });
  }

  #sayToAll(word: HostWord): void {
    for (const client of this.#clients) client.say(word);
  }

  #note(text: string): void {
    const { cols, rows } = this.#recording.size;
    this.#recording.say({
      level: 'info',
      text: `${text}, at byte ${this.#recording.offset}; the terminal has ${cols}x${rows} cells`,
    });
  }
}
