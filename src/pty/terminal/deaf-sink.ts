import { EscapeScanner } from '../../core/terminal/escape-sequences.js';
import type { ByteSink } from './byte-sink.js';
import { TerminalModes } from './terminal-modes.js';
import { queryIn } from './terminal-queries.js';

/** No query that an agent sends is longer; of a longer sequence that is still open the beginning may go on. */
const LONGEST_QUERY_BYTES = 256;

/**
 * Withholds queries from a terminal whose keyboard is not ours: it would answer into the prompt of the shell that comes
 * next. Everything else passes unchanged.
 */
export class DeafSink implements ByteSink {
  readonly #sink: ByteSink;
  readonly #scanner = new EscapeScanner({ text: true });
  readonly #modes = new TerminalModes();
  /** The bytes of an unfinished sequence, and the stream offset of the first. */
  #open: Uint8Array = new Uint8Array(0);
  #openAt = 0;
  /** Bytes that the sink has not taken yet. */
  #left: Uint8Array = new Uint8Array(0);

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  write(bytes: Uint8Array): number {
    this.#left = this.#left.subarray(this.#sink.write(this.#left));
    if (this.#left.length > 0) return 0;
    const passed = this.#pass(bytes);
    this.#left = passed.slice(this.#sink.write(passed));
    return bytes.length;
  }

  whenWritable(run: () => void): void {
    this.#sink.whenWritable(run);
  }

  async flush(): Promise<void> {
    while (this.#left.length > 0) {
      await new Promise<void>((resolve) => {
        this.#sink.whenWritable(resolve);
      });
      this.#left = this.#left.subarray(this.#sink.write(this.#left));
    }
    await this.#sink.flush();
  }

  /** What is held back, because a query may have begun: from now on it is the caller's to write. */
  release(): Uint8Array {
    const held = this.#open;
    this.#open = new Uint8Array(0);
    return held;
  }

  [Symbol.dispose](): void {
    this.#sink[Symbol.dispose]();
  }

  /** The bytes held back and `bytes`, without queries and without an unfinished sequence. */
  #pass(bytes: Uint8Array): Uint8Array {
    const chunk = Buffer.concat([this.#open, bytes]);
    const pieces: Uint8Array[] = [];
    let at = this.#openAt;
    for (const token of this.#scanner.push(bytes)) {
      if (token.type === 'control') continue; // Within a sequence that is still to be reported.
      const isQuery = queryIn(token, this.#modes) !== undefined;
      if (!isQuery) pieces.push(chunk.subarray(at - this.#openAt, token.end - this.#openAt));
      at = token.end;
    }
    const open = chunk.subarray(at - this.#openAt);
    const held = open.length <= LONGEST_QUERY_BYTES ? open : new Uint8Array(0);
    if (held.length === 0) pieces.push(open);
    this.#openAt += chunk.length - held.length;
    this.#open = Uint8Array.from(held);
    return Buffer.concat(pieces);
  }
}
