/** Texts that a host keeps for all its clients, bytes of UTF-8: those that come in pieces, and those that wait or are being typed. */
export const MAX_KEPT_BYTES = 16 * 1024 * 1024;
/** What a message without text takes. */
const MESSAGE_BYTES = 1024;

/** The room for texts in one host. */
export class TextRoom {
  #free = MAX_KEPT_BYTES;

  /** Whether there was room. */
  take(bytes: number): boolean {
    if (bytes > this.#free) return false;
    this.#free -= bytes;
    return true;
  }

  give(bytes: number): void {
    this.#free += bytes;
  }
}

/** A text whose pieces have all come. */
export type FinishedText =
  /** `kept`: bytes of the room, to be given back. */
  | { readonly type: 'text'; readonly text: string; readonly kept: number }
  /** It is longer than any may be, or there is no room for it now. */
  | { readonly type: 'too-long' | 'full' };

/** A text that a client sends in pieces. */
export class TextDraft implements Disposable {
  readonly #room: TextRoom;
  #pieces: string[] = [];
  #bytes = 0;
  #kept = 0;
  #failed: 'too-long' | 'full' | undefined;

  constructor(room: TextRoom) {
    this.#room = room;
  }

  add(piece: string): void {
    const bytes = Buffer.byteLength(piece);
    this.#bytes += bytes;
    if (this.#bytes > MAX_KEPT_BYTES - MESSAGE_BYTES) this.#fail('too-long');
    else if (this.#failed === undefined) this.#keep(piece, bytes);
  }

  /** The whole; what is added next is another. */
  finish(): FinishedText {
    if (this.#failed === undefined) this.#keep('', MESSAGE_BYTES);
    const failed = this.#failed;
    const finished =
      failed === undefined
        ? ({ type: 'text', text: this.#pieces.join(''), kept: this.#kept } as const)
        : { type: failed };
    this.#pieces = [];
    this.#bytes = this.#kept = 0;
    this.#failed = undefined;
    return finished;
  }

  /** Gives back what the pieces take. */
  [Symbol.dispose](): void {
    this.#pieces = [];
    this.#room.give(this.#kept);
    this.#kept = 0;
  }

  #keep(piece: string, bytes: number): void {
    if (!this.#room.take(bytes)) {
      this.#fail('full');
      return;
    }
    this.#kept += bytes;
    this.#pieces.push(piece);
  }

  #fail(why: 'too-long' | 'full'): void {
    this[Symbol.dispose]();
    this.#failed = why;
  }
}
