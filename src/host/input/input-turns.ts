import { type Clock, sleep } from '../../core/clock.js';
import type { InputEvent } from '../../core/events.js';
import { CR } from '../../core/terminal/codes.js';
import { PASTE_ENDS } from '../../core/terminal/key-sequences.js';
import { type KeyboardModes, keyBytes, namedKey } from '../../core/terminal/named-keys.js';
import { pasteBytes, placeOf, refusedCharacter } from '../../core/terminal/paste.js';
import { isShown, lineSettings, type LineSettings, LONGEST_LINE } from '../../pty/input/line-settings.js';
import type { CurrentStatus } from '../../record/run/recording.js';
import type { Message } from '../message.js';
import { TypedPaste } from './typed-paste.js';

/**
 * Between a text and a key behind it, ms. Agents take an Enter that comes in one read with a text for a line end in it; one that has
 * drawn the text has read it. `quiet`: it has drawn, and then nothing for this long. `silent`: it draws nothing, as at a password.
 * `longest`: it draws all the time.
 */
const KEY_PAUSE_MS = { quiet: 20, silent: 160, longest: 1000 } as const;

/** The side of a recording on which an agent is typed to. */
export interface TypedAgent {
  /** Of its terminal. */
  readonly device: string;
  readonly offset: number;
  /** Everything typed has reached its terminal. */
  readonly inputTaken: boolean;
  /** By all that it has reported until now. */
  currentStatus(): CurrentStatus;
  keysTyped(bytes: Uint8Array): void;
  type(bytes: Uint8Array, onDrained?: () => void): boolean;
  /** Resolves when everything typed has reached its terminal; with false when its run ends before. */
  inputWritten(): Promise<boolean>;
  /** Notes it beside the recording. */
  noteInput(event: InputEvent): void;
}

/** What the program that reads the terminal has asked for. */
export interface InputModes extends KeyboardModes {
  readonly isPasteBracketed: boolean;
}

export interface MessageEvents {
  /** It has begun, and will be whole. */
  onTyping(): void;
  onSent(offset: number, changes: number): void;
  onRefused(refusal: Refusal): void;
  /** It is over, however that was. */
  onOver(): void;
}

/** Why nothing of a message was typed; {@link sendRefused} has the words. */
interface Refusal {
  readonly reason: string;
  readonly detail?: string;
}

interface Waiting {
  readonly owner: object;
  readonly message: Message;
  readonly events: MessageEvents;
  isDropped: boolean;
}

/**
 * Whose turn it is to type: the writer, key by key, or a message, which is typed whole. A message waits until the agent has taken
 * what was typed before, and until a paste of the writer is over; keys that come while one is being typed go behind it.
 */
export class InputTurns {
  readonly #agent: TypedAgent;
  readonly #modes: () => InputModes;
  readonly #clock: Clock;
  readonly #paste = new TypedPaste();
  #waiting: Waiting[] = [];
  /** The message whose turn it is. */
  #first: Waiting | undefined;
  #isTyping = false;
  /** Keys that came meanwhile. */
  #keysBehind: (() => void)[] = [];
  #pasteOver: (() => void) | undefined;

  constructor(agent: TypedAgent, modes: () => InputModes, clock: Clock) {
    this.#agent = agent;
    this.#modes = modes;
    this.#clock = clock;
  }

  /** The writer types. False: nothing more until `resume` is called. */
  type(bytes: Uint8Array, resume: () => void): boolean {
    if (this.#isTyping) {
      this.#keysBehind.push(() => {
        if (this.#typeNow(bytes, resume)) resume();
      });
      return false;
    }
    return this.#typeNow(bytes, resume);
  }

  /** The writer has gone, or another writes: a paste that it has not ended is ended for it. */
  writerLeft(): void {
    if (this.#paste.isOpen) this.#typeNow(Buffer.from(PASTE_ENDS));
  }

  /** Types a message when it is its turn. */
  send(owner: object, message: Message, events: MessageEvents): void {
    this.#waiting.push({ owner, message, events, isDropped: false });
    if (this.#first === undefined) void this.#typeMessages();
  }

  /** What has not begun of an owner's messages is not typed any more. */
  drop(owner: object): void {
    const begun = this.#isTyping ? this.#first : undefined;
    for (const waiting of [this.#first, ...this.#waiting]) {
      if (waiting?.owner !== owner || waiting === begun || waiting.isDropped) continue;
      waiting.isDropped = true;
      waiting.events.onOver();
    }
    this.#waiting = this.#waiting.filter(({ isDropped }) => !isDropped);
  }

  #typeNow(bytes: Uint8Array, resume?: () => void): boolean {
    this.#paste.read(bytes);
    if (!this.#paste.isOpen) this.#pasteOver?.();
    this.#agent.keysTyped(bytes);
    return this.#agent.type(bytes, resume);
  }

  async #typeMessages(): Promise<void> {
    for (;;) {
      const next = this.#waiting.shift();
      this.#first = next;
      if (next === undefined) return;
      await this.#typeMessage(next);
      if (!next.isDropped) next.events.onOver();
    }
  }

  async #typeMessage(waiting: Waiting): Promise<void> {
    const { message, events } = waiting;
    const isFree = await this.#agent.inputWritten();
    const settings = await lineSettings(this.#agent.device);
    while (this.#paste.isOpen)
      await new Promise<void>((resolve) => {
        this.#pasteOver = resolve;
      });
    // From here to the first byte nothing is waited for.
    if (waiting.isDropped) return;
    const modes = this.#modes();
    const refusal = isFree ? refusalOf(message, this.#agent.currentStatus(), settings, modes) : { reason: 'ended' };
    if (refusal !== undefined) {
      events.onRefused(refusal);
      return;
    }
    this.#isTyping = true;
    events.onTyping();
    this.#note(message, settings);
    const changes = await this.#typeTextAndKeys(message, modes);
    if (changes !== undefined) events.onSent(this.#agent.offset, changes);
    else events.onRefused({ reason: 'ended-within' });
    this.#isTyping = false;
    for (const type of this.#keysBehind.splice(0)) type();
  }

  /** Before the first byte, so that whatever has reached the agent is in the record. What is not shown is a secret. */
  #note({ name, text, keys, isAnswer }: Message, settings: LineSettings): void {
    const shown = isShown(settings) ? { bytes: Buffer.byteLength(text), text, keys } : {};
    this.#agent.noteInput({ type: 'send', client: name, offset: this.#agent.offset, answer: isAnswer, ...shown });
  }

  /**
   * The text, then each key, in a write of its own. Returns how often the agent's status had changed when the last was written: a
   * status of before is none that it has brought about. Undefined: its run has ended.
   */
  async #typeTextAndKeys({ text, keys }: Message, modes: InputModes): Promise<number | undefined> {
    let changes = text === '' ? 0 : await this.#typeNext(pasteBytes(text, modes.isPasteBracketed));
    for (const [at, name] of keys.entries()) {
      if (changes === undefined) return undefined;
      if (at > 0 || text !== '') await this.#untilShown();
      // The text, or the key before, may have changed what is asked of the keyboard.
      changes = await this.#typeNext(Buffer.from(bytesOfKey(name, this.#modes()) ?? ''));
    }
    return changes;
  }

  async #typeNext(bytes: Uint8Array): Promise<number | undefined> {
    const { changes } = this.#agent.currentStatus();
    this.#agent.keysTyped(bytes);
    this.#agent.type(bytes);
    if (this.#agent.inputTaken) return changes;
    return (await this.#agent.inputWritten()) ? this.#agent.currentStatus().changes : undefined;
  }

  /** Resolves when the agent has drawn what was typed, as far as is seen from its output. */
  async #untilShown(): Promise<void> {
    const { quiet, silent, longest } = KEY_PAUSE_MS;
    const from = this.#agent.offset;
    let before = from;
    for (let ms = 0; ms < longest; ) {
      await sleep(this.#clock, quiet);
      ms += quiet;
      const { offset } = this.#agent;
      if (offset === before && (offset > from || ms >= silent)) return;
      before = offset;
    }
  }
}

function refusalOf(
  { text, keys, isAnswer }: Message,
  { status }: CurrentStatus,
  { isCanonical }: LineSettings,
  modes: InputModes,
): Refusal | undefined {
  if (text === '' && keys.length === 0) return { reason: 'empty' };
  const character = refusedCharacter(text);
  if (character !== undefined) return { reason: 'character', detail: placeOf(character) };
  const key = keys.find((name) => bytesOfKey(name, modes) === undefined);
  if (key !== undefined) return { reason: 'key', detail: key };
  if (isAnswer && status !== 'waiting') return { reason: 'no-question', detail: status };
  if (!isAnswer && status === 'waiting') return { reason: 'question' };
  const longest = isCanonical ? longestLine(pasteBytes(text, modes.isPasteBracketed)) : 0;
  return longest > LONGEST_LINE ? { reason: 'long-line', detail: `${longest}` } : undefined;
}

function bytesOfKey(name: string, modes: KeyboardModes): string | undefined {
  const key = namedKey(name);
  return key === undefined ? undefined : keyBytes(key, modes);
}

/** The bytes of the longest line, its line end included. */
function longestLine(bytes: Uint8Array): number {
  let longest = 0;
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(CR, from);
    const next = end === -1 ? bytes.length + 1 : end + 1;
    longest = Math.max(longest, next - from);
    from = next;
  }
  return longest;
}
