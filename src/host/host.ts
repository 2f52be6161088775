import { type Clock, systemClock } from '../core/clock.js';
import type { SizeCause } from '../core/events.js';
import type { TerminalSize } from '../core/terminal/size.js';
import { typedIn } from '../core/terminal/terminal-reports.js';
import { isShown, lineSettings } from '../pty/input/line-settings.js';
import { OwnAnswers } from '../pty/input/own-answers.js';
import { type Asker, QueryResponder } from '../record/viewers/query-responder.js';
import type { ReadableLog } from '../record/status/read-back.js';
import type { CurrentStatus, Viewer } from '../record/run/recording.js';
import type { Channel } from './channel.js';
import { FollowedTerminal } from './followed-terminal.js';
import { HostedClient, type HostedClientEvents } from './hosted-client.js';
import { CTRL_Z, type Suspendable, Suspension } from './suspension.js';
import { InputTurns, type TypedAgent } from './input/input-turns.js';
import { PassedQueries } from './passed-queries.js';
import type { HostWord, SendWord } from './messages.js';
import { type FinishedText, TextRoom } from './input/text-draft.js';
import { TypedCount } from './input/typed-count.js';

/** The recording of a task that is hosted. */
export interface HostedRecording extends Asker, ReadableLog, TypedAgent, Suspendable {
  type(bytes: Uint8Array, onDrained?: () => void): boolean;
  /** Calls `listener` each time a status has held for a second. */
  onHeld(listener: (status: CurrentStatus) => void): void;
  /** Calls `listener` when the agent has ended for good; what is noted then is in the record. */
  onOver(listener: () => void): void;
  resize(size: TerminalSize, cause: SizeCause): void;
  signal(signal: NodeJS.Signals, from: string): void;
}

/**
 * Joins the recording of one task and its clients: bytes go to all of them, at most one writes, and what the agent asks its
 * terminal is answered once, by the writer's terminal or else by orch. To be attached to the recording before its first byte.
 */
export class Host implements Viewer, Disposable {
  readonly #recording: HostedRecording;
  readonly #version: string;
  readonly #typed: TypedCount;
  readonly #clients = new Set<HostedClient>();
  readonly #terminal = new FollowedTerminal();
  readonly #responder: QueryResponder;
  readonly #turns: InputTurns;
  readonly #suspension: Suspension;
  readonly #room = new TextRoom();
  #first: HostedClient | undefined;
  /** What the first client has said in front of the agent's first byte is being heard. */
  #isStarting = false;
  #answers = new OwnAnswers();
  #writer: HostedClient | undefined;
  /** The writer, while its terminal answers queries. */
  #answering: HostedClient | undefined;
  readonly #passed: PassedQueries;
  /** The size of the agent's terminal while no client writes. */
  #ownSize: TerminalSize;

  /** `version`: of orch. */
  constructor(recording: HostedRecording, version: string, clock: Clock = systemClock) {
    this.#recording = recording;
    this.#version = version;
    this.#ownSize = recording.size;
    this.#passed = new PassedQueries(clock);
    this.#responder = new QueryResponder(recording, version, (found) => {
      if (this.#answering !== undefined) this.#passed.add(found);
      return this.#answering !== undefined;
    });
    this.#turns = new InputTurns(recording, () => this.#terminal.inputModes, clock);
    this.#suspension = new Suspension(recording);
    recording.onHeld(({ status, changes }) => {
      this.#sayToAll({ type: 'status', status, changes });
    });
    this.#typed = new TypedCount({
      clock,
      offset: () => recording.offset,
      isShown: async () => isShown(await lineSettings(recording.device)),
      note: (typed) => {
        recording.noteInput({ type: 'typed', client: nameOf(this.#writer), ...typed });
      },
    });
    recording.onOver(() => {
      this.#typed.left();
      this.#typed[Symbol.dispose]();
    });
  }

  show(bytes: Uint8Array, offset: number): void {
    this.#terminal.show(bytes);
    this.#responder.show(bytes);
    if (this.#clients.size > 0) this.#typed.printed();
    for (const client of this.#clients) client.show(bytes, offset);
  }

  /** Takes a client that has connected. */
  take(channel: Channel): void {
    this.#begin(channel);
  }

  /** Takes the client for whose terminal the agent is started, and tells it which task that is. The agent keeps the size of that terminal. */
  takeFirst(channel: Channel, task: HostWord & { type: 'task' }): HostedClient {
    this.#isStarting = true;
    this.#first = this.#begin(channel, task);
    this.#isStarting = false;
    return this.#first;
  }

  /** Rings at the terminal of each client that cares. */
  ring(text: string): void {
    this.#sayToAll({ type: 'ring', text });
  }

  /** Tells every client how the run ended. Resolves when they know, or do not listen. */
  async end(end: Omit<HostWord & { type: 'end' }, 'type'>, clock: Clock): Promise<void> {
    await Promise.all([...this.#clients].map((client) => client.end({ type: 'end', ...end }, clock)));
  }

  [Symbol.dispose](): void {
    this.#responder[Symbol.dispose]();
    this.#typed[Symbol.dispose]();
  }

  readonly #events: HostedClientEvents = {
    onWatch: (client) => {
      if (this.#answering === client) this.#answering = undefined;
      const { boundary: offset, modes } = this.#terminal;
      client.say({ type: 'watching', offset, size: this.#recording.size, modes });
      this.#tellWriter(client);
      this.#typed.expect();
      client.watchFrom(offset);
    },
    onWrite: (client, { how, size }) => {
      if (client === this.#writer) return;
      if (how === 'if-free' && this.#writer !== undefined) this.#tellWriter(client);
      else this.#handTo(client, size);
    },
    onResize: (client, size) => {
      if (client === this.#first) this.#ownSize = size;
      if (client === this.#writer) this.#resize(size, { cause: 'terminal', client: nameOf(client) });
    },
    onAnswer: (client) => {
      if (client !== this.#writer) return;
      this.#answering = client;
      client.say({ type: 'answers', offset: this.#recording.offset });
    },
    onTyped: (client, bytes, resume) => {
      if (client !== this.#writer) return true;
      this.#passed.read(bytes);
      const typed = this.#answers.remove(bytes);
      this.#typed.typed(typedIn(typed));
      const goesOn = this.#turns.type(typed, resume);
      if (typed.includes(CTRL_Z)) void this.#suspension.suspendBy(client);
      return goesOn;
    },
    onSend: (client, word, finished) => {
      if (finished.type === 'text') this.#send(client, word, finished);
      else client.say({ type: 'refused', reason: finished.type });
    },
    onDetachOthers: (client) => {
      for (const other of this.#clients) if (other !== client) other.say({ type: 'detach' });
    },
    onSignal: (_, signal) => {
      this.#recording.signal(signal, 'outside');
    },
    onContinue: (client) => {
      this.#suspension.goOn(client);
    },
    onStop: () => {
      this.#recording.signal('SIGTERM', 'orch stop');
    },
    onGone: (client) => {
      this.#clients.delete(client);
      this.#turns.drop(client);
      this.#suspension.goOn(client);
      if (client !== this.#writer) return;
      this.#writerLeft();
      this.#writer = this.#answering = undefined;
      this.#handOver('left', client, this.#ownSize);
    },
  };

  #begin(channel: Channel, ...said: readonly HostWord[]): HostedClient {
    const client = new HostedClient(channel, this.#recording, this.#room, this.#events);
    this.#clients.add(client);
    client.begin(this.#version, said);
    return client;
  }

  #handTo(client: HostedClient, size: TerminalSize): void {
    const before = this.#writer;
    if (before === undefined) this.#ownSize = this.#recording.size;
    else this.#suspension.goOn(before);
    this.#writerLeft();
    this.#writer = client;
    this.#answers = new OwnAnswers();
    this.#answering = undefined;
    this.#handOver(before === undefined ? 'began' : 'taken', client, size, before);
  }

  /** What the one that wrote has begun is ended, and what its terminal was asked last is answered for it. */
  #writerLeft(): void {
    this.#turns.writerLeft();
    this.#typed.left();
    for (const found of this.#passed.release()) this.#responder.answer(found);
  }

  /** Another writes, or no one; `client`: who began or left. */
  #handOver(change: string, client: HostedClient, size: TerminalSize, from?: HostedClient): void {
    const name = nameOf(client);
    const { offset } = this.#recording;
    const before = from === undefined ? {} : { from: nameOf(from) };
    // That the one who has started it writes is no news.
    if (!this.#isStarting)
      this.#recording.noteInput({ type: 'writer', change, client: name, ...before, offset, ...size });
    this.#resize(size, { cause: change, client: name });
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

  #resize(size: TerminalSize, cause: SizeCause): void {
    this.#recording.resize(size, cause);
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
}

function nameOf(client: HostedClient | undefined): string {
  return client?.name ?? 'a client';
}
