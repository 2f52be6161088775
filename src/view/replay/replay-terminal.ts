import type { Clock } from '../../core/clock.js';
import { type TerminalSize, UNKNOWN_SIZE } from '../../core/terminal/size.js';
import { attachedSize, UserTerminal } from '../../pty/terminal/user-terminal.js';

export interface ReplayTerminalOptions {
  readonly onInput: (bytes: Uint8Array) => void;
  readonly onResize: (size: TerminalSize) => void;
  /** All that was written has been taken. */
  readonly onWritten: () => void;
  readonly onHangUp: () => void;
}

/** The user's terminal: what it has not taken yet waits, and at the end it is as it was before. */
export class ReplayTerminal implements Disposable {
  readonly #options: ReplayTerminalOptions;
  readonly #terminal: UserTerminal;
  readonly #original: TerminalSize;
  #size: TerminalSize;
  #fitted: TerminalSize | undefined;
  #pending: Uint8Array = new Uint8Array(0);

  constructor(clock: Clock, options: ReplayTerminalOptions) {
    this.#options = options;
    this.#terminal = new UserTerminal(clock, {
      onInput: (bytes) => {
        options.onInput(bytes);
        return true;
      },
      onResize: this.#resized,
      onInputEnd: options.onHangUp,
    });
    this.#size = this.#original = attachedSize() ?? UNKNOWN_SIZE;
  }

  get size(): TerminalSize {
    return this.#size;
  }

  /** It has taken all that was written. */
  get isReady(): boolean {
    return this.#pending.length === 0;
  }

  write(text: string): void {
    this.#pending = Buffer.concat([this.#pending, Buffer.from(text)]);
    this.#flush();
  }

  /** Asks for this size and a row more (XTWINOPS): a terminal that does not do it is asked again only for another size. */
  fit({ cols, rows }: TerminalSize): void {
    if (this.#fitted?.cols === cols && this.#fitted.rows === rows) return;
    this.#fitted = { cols, rows };
    this.#terminal.undoBesides(resizeTo(this.#original));
    this.write(resizeTo({ cols, rows: rows + 1 }));
  }

  /** Stops this process, as Ctrl-Z does; returns when it goes on. */
  async suspend(): Promise<void> {
    await this.#terminal.suspend();
    this.#resized(attachedSize() ?? this.#size);
  }

  [Symbol.dispose](): void {
    this.#terminal[Symbol.dispose]();
  }

  readonly #resized = (size: TerminalSize): void => {
    this.#size = size;
    this.#options.onResize(size);
  };

  #flush(): void {
    this.#pending = this.#pending.subarray(this.#terminal.write(this.#pending));
    if (this.#pending.length > 0) this.#terminal.whenWritable(this.#flushed);
  }

  readonly #flushed = (): void => {
    try {
      this.#flush();
      if (this.isReady) this.#options.onWritten();
    } catch {
      this.#options.onHangUp();
    }
  };
}

function resizeTo({ cols, rows }: TerminalSize): string {
  return `\x1b[8;${rows};${cols}t`;
}
