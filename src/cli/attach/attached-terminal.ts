import type { Clock } from '../../core/clock.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import { attachedSize, UserTerminal, type UserTerminalEvents } from '../../pty/terminal/user-terminal.js';
import type { PaintedTerminal } from '../../view/replay/display.js';

export interface AttachedTerminalEvents extends Omit<UserTerminalEvents, 'onInputEnd'> {
  /** All that was written has been taken. */
  readonly onReady: () => void;
  readonly onHangUp: () => void;
}

/** The terminal of a client: what it has not taken yet waits, and at the end it is as it was before. */
export class AttachedTerminal implements PaintedTerminal, Disposable {
  readonly #terminal: UserTerminal;
  readonly #events: AttachedTerminalEvents;
  /** `undo`: what puts the modes back that all in front of it has set. */
  #waiting: (Uint8Array | 'undo')[] = [];
  #size: TerminalSize;
  #progress = 0;
  #caughtUp: (() => void)[] = [];

  /** `unknown`: the size that counts as its own while it reports none. */
  constructor(clock: Clock, events: AttachedTerminalEvents, unknown: TerminalSize) {
    this.#events = events;
    this.#terminal = new UserTerminal(clock, {
      onInput: events.onInput,
      onResize: (size) => {
        this.#size = size;
        events.onResize(size);
      },
      onInputEnd: events.onHangUp,
    });
    this.#size = attachedSize() ?? unknown;
  }

  get size(): TerminalSize {
    return this.#size;
  }

  get isReady(): boolean {
    return this.#waiting.length === 0;
  }

  /** Grows with every byte that it takes; one without progress has no reader. */
  get progress(): number {
    return this.#progress;
  }

  /** Resolves when all that was written has been taken. */
  async caughtUp(): Promise<void> {
    if (!this.isReady) await new Promise<void>((resolve) => this.#caughtUp.push(resolve));
    await this.#terminal.flush();
  }

  /** The array is the terminal's from then on. */
  write(output: string | Uint8Array): void {
    this.#queue(typeof output === 'string' ? Buffer.from(output) : output);
  }

  /** Puts its modes back: what is written next finds them as they were at first. */
  rest(): void {
    this.#queue('undo');
  }

  /** Sets modes that would be put back now: what is drawn on it is more than lines. */
  get hasModes(): boolean {
    return this.#terminal.undo !== '';
  }

  /** See UserTerminal. What was written before has been taken then. */
  async suspend(): Promise<void> {
    await this.caughtUp();
    await this.#terminal.suspend();
  }

  resumeInput(): void {
    this.#terminal.resumeInput();
  }

  [Symbol.dispose](): void {
    this.#waiting = [];
    this.#terminal[Symbol.dispose]();
  }

  #queue(output: Uint8Array | 'undo'): void {
    this.#waiting.push(output);
    if (this.#waiting.length === 1) this.#pump();
  }

  #pump(): void {
    try {
      for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
        const next = first === 'undo' ? Buffer.from(this.#terminal.undo) : first;
        const taken = this.#terminal.write(next);
        this.#progress += taken;
        if (taken < next.length) {
          this.#waiting[0] = next.subarray(taken);
          this.#terminal.whenWritable(this.#written);
          return;
        }
        this.#waiting.shift();
      }
    } catch {
      this.#waiting = [];
      this.#events.onHangUp();
    }
    for (const run of this.#caughtUp.splice(0)) run();
  }

  readonly #written = (): void => {
    this.#pump();
    if (this.isReady) this.#events.onReady();
  };
}
