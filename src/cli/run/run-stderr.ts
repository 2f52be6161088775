import { type Clock, sleep } from '../../core/clock.js';
import { visible } from '../../core/text/printable.js';
import type { Notice } from '../../record/run/task-notes.js';
import type { ByteSink } from '../../pty/terminal/byte-sink.js';
import { descriptorSink } from '../../pty/terminal/descriptor-sink.js';

/** The most bytes kept for a stderr that takes nothing at the moment; more are lost (task.log has them). */
const KEPT_BYTES = 64 * 1024;
/** How long the last lines wait for a stderr without a reader. */
const UNREAD_MS = 2000;

/**
 * A stderr that never holds up the recording: `process.stderr` would, on a terminal without a reader. Lines end as the
 * terminal needs it: while it is raw, a newline alone does not go back to the first column.
 */
export class RunStderr implements Disposable {
  readonly #clock: Clock;
  readonly #lineEnd: string;
  readonly #sink: ByteSink | undefined;
  #waiting: Uint8Array = new Uint8Array(0);
  #busy = false;
  #isOver = false;

  constructor(fd: number, clock: Clock, lineEnd: '\n' | '\r\n') {
    this.#clock = clock;
    this.#lineEnd = lineEnd;
    this.#sink = openSink(fd, clock);
  }

  /** Lines of `text` end as the terminal needs it. */
  say(text: string): void {
    this.write(`${visible(text)}\n`.replaceAll('\n', this.#lineEnd));
  }

  /** What prints the notices of a recording; `quiet`: without those that only inform. */
  notices(quiet: boolean): (notice: Notice) => void {
    return ({ level, text }) => {
      if (level !== 'info' || !quiet) this.say(`orch: ${text}`);
    };
  }

  /** Exactly `text`. */
  write(text: string): void {
    const bytes = Buffer.from(text);
    if (this.#isOver || this.#waiting.length + bytes.length > KEPT_BYTES) return;
    this.#waiting = Buffer.concat([this.#waiting, bytes]);
    if (!this.#busy) this.#pump();
  }

  /** Resolves when everything is written, or stderr is closed. */
  async end(): Promise<void> {
    const until = this.#clock.monotonic() + UNREAD_MS;
    while (this.#waiting.length > 0 && this.#clock.monotonic() < until) await sleep(this.#clock, 1);
    await this.#sink?.flush();
  }

  /** Its descriptor may be another file's from now on: what is said is lost. */
  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#waiting = new Uint8Array(0);
    this.#sink?.[Symbol.dispose]();
  }

  #pump(): void {
    this.#busy = false;
    try {
      this.#waiting = this.#waiting.subarray(this.#sink?.write(this.#waiting) ?? this.#waiting.length);
    } catch {
      this.#waiting = new Uint8Array(0); // Closed: there is no reader.
    }
    if (this.#waiting.length === 0) return;
    this.#busy = true;
    this.#sink?.whenWritable(() => {
      this.#pump();
    });
  }
}

function openSink(fd: number, clock: Clock): ByteSink | undefined {
  try {
    return descriptorSink(fd, clock);
  } catch {
    return undefined; // Closed by the parent process.
  }
}
