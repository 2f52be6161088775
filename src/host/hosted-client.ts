import type { TerminalSize } from '../core/terminal/size.js';
import { untilTerminalIsDone } from '../record/viewers/finish-view.js';
import { LiveView, TERMINAL_BEHIND } from '../record/viewers/live-view.js';
import type { ReadableLog } from '../record/status/read-back.js';
import type { Clock } from '../core/clock.js';
import type { Channel } from './channel.js';
import { ChannelFlow } from './channel-flow.js';
import { ChannelSink } from './channel-sink.js';
import {
  type ClientWord,
  type HostWord,
  type PassedSignal,
  PROTOCOL,
  readClientWord,
  type SendWord,
  wordFrame,
} from './messages.js';
import { type FinishedText, TextDraft, type TextRoom } from './input/text-draft.js';

/** What a client asks of its host. */
export interface HostedClientEvents {
  onWatch(client: HostedClient): void;
  onWrite(client: HostedClient, wish: { readonly how: 'if-free' | 'take'; readonly size: TerminalSize }): void;
  onResize(client: HostedClient, size: TerminalSize): void;
  onAnswer(client: HostedClient): void;
  /** Returns false where nothing more can be taken until `resume` is called. */
  onTyped(client: HostedClient, bytes: Uint8Array, resume: () => void): boolean;
  /** `finished`: the whole text. */
  onSend(client: HostedClient, word: SendWord, finished: FinishedText): void;
  onDetachOthers(client: HostedClient): void;
  onSignal(client: HostedClient, signal: PassedSignal): void;
  onContinue(client: HostedClient): void;
  onStop(client: HostedClient): void;
  onGone(client: HostedClient): void;
}

const NOTHING = new Uint8Array(0);

/** A client, as its host has it: the host never waits for one. */
export class HostedClient {
  /** What it calls itself; undefined as long as it has not written. */
  name: string | undefined;
  /** It has said that it leaves; one that goes without a word was hung up, or killed. */
  hasLeft = false;
  hasGone = false;
  /** Resolves when it has gone. */
  readonly gone: Promise<void>;
  readonly #channel: Channel;
  readonly #flow: ChannelFlow;
  readonly #log: ReadableLog;
  readonly #events: HostedClientEvents;
  readonly #draft: TextDraft;
  /** It has said hello, and speaks what we do. */
  #isKnown = false;
  #resolveGone: () => void = () => undefined;
  #watched: { readonly sink: ChannelSink; readonly view: LiveView } | undefined;

  /** Listens once the caller says so with `begin`. `version`: of orch. */
  constructor(channel: Channel, log: ReadableLog, room: TextRoom, events: HostedClientEvents) {
    this.#channel = channel;
    this.#flow = new ChannelFlow(channel);
    this.#draft = new TextDraft(room);
    this.#log = log;
    this.#events = events;
    this.gone = new Promise((resolve) => {
      this.#resolveGone = resolve;
    });
  }

  /** Says hello, and `said`, and listens. */
  begin(version: string, said: readonly HostWord[] = []): void {
    this.say({ type: 'hello', protocol: PROTOCOL, orch: version });
    for (const word of said) this.say(word);
    this.#channel.listen({
      onFrame: (frame) => {
        if (typeof frame === 'string') this.#heard(readClientWord(frame));
        else if (this.#isKnown) this.#typed(frame);
      },
      onClose: () => {
        this.#watched?.sink[Symbol.dispose]();
        this.#draft[Symbol.dispose]();
        this.hasGone = true;
        this.#resolveGone();
        this.#events.onGone(this);
      },
    });
  }

  say(word: HostWord): void {
    this.#flow.send(wordFrame(word));
  }

  /** Sends the recording from `offset` on, in place of what was sent until now. */
  watchFrom(offset: number): void {
    this.#watched?.sink[Symbol.dispose]();
    const sink = new ChannelSink(this.#flow, offset);
    const mark = (bytes: number): Uint8Array => {
      sink.skip(bytes);
      return NOTHING;
    };
    const view = new LiveView(sink, this.#log, { ...TERMINAL_BEHIND, mark, from: offset });
    this.#watched = { sink, view };
    void view.caughtUp();
  }

  /** Bytes that have just been recorded. */
  show(bytes: Uint8Array, offset: number): void {
    this.#watched?.view.show(bytes, offset);
  }

  /** Says its last word once everything was taken, or nothing is for a while; resolves when it has gone. */
  async end(word: HostWord, clock: Clock): Promise<void> {
    if (this.#watched !== undefined) await untilTerminalIsDone(this.#watched.view, clock);
    this.say(word);
    this.#channel.close();
    await this.gone;
  }

  #heard(word: ClientWord | undefined): void {
    if (word?.type === 'hello') {
      this.#isKnown = word.protocol === PROTOCOL;
      // It has our hello, and can tell.
      if (!this.#isKnown) this.#channel.close();
    }
    if (word === undefined || !this.#isKnown) return;
    switch (word.type) {
      case 'hello':
        return;
      case 'watch':
        this.#events.onWatch(this);
        return;
      case 'write':
        this.name = word.name;
        this.#events.onWrite(this, word);
        return;
      case 'resize':
        this.#events.onResize(this, word.size);
        return;
      case 'answer':
        this.#events.onAnswer(this);
        return;
      case 'text':
        this.#draft.add(word.text);
        return;
      case 'send':
        this.#draft.add(word.text);
        this.#events.onSend(this, word, this.#draft.finish());
        return;
      case 'detach-others':
        this.#events.onDetachOthers(this);
        return;
      case 'leave':
        this.hasLeft = true;
        return;
      case 'signal':
        this.#events.onSignal(this, word.signal);
        return;
      case 'continue':
        this.#events.onContinue(this);
        return;
      case 'stop':
        this.#events.onStop(this);
        return;
    }
  }

  #typed(bytes: Uint8Array): void {
    const goesOn = this.#events.onTyped(this, bytes, () => {
      this.#channel.resume();
    });
    if (!goesOn) this.#channel.pause();
  }
}
