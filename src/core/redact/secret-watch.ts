import { Redactor } from './redactor.js';
import type { Secret } from './secret-variables.js';
import { TOKEN_SHAPES } from './token-shapes.js';

/** A secret in the stream: its name, never its value, and the offset at which it begins. */
export interface Exposure {
  readonly name: string;
  readonly offset: number;
}

/** How it is reported to people. */
export function exposureText({ name, offset }: Exposure): string {
  return `${name} is in the recording, from byte ${offset} on; to mask such values: --redact`;
}

/** Looks for the first value or token in a stream. */
export class SecretWatch {
  readonly #redactor: Redactor;
  #exposure: Exposure | undefined;

  constructor(secrets: readonly Secret[]) {
    this.#redactor = new Redactor({
      secrets,
      shapes: TOKEN_SHAPES,
      onFound: (name, offset) => {
        this.#exposure ??= { name, offset };
      },
    });
  }

  /** Takes the next bytes; returns the first exposure found so far. */
  look(bytes: Uint8Array): Exposure | undefined {
    for (let at = 0; at < bytes.length && this.#exposure === undefined; ) {
      const end = this.#redactor.held > 0 ? at + JOINED_BYTES : bytes.length;
      this.#redactor.feed(bytes.subarray(at, end));
      at = end;
    }
    return this.#exposure;
  }

  /** Ends the stream; returns the first exposure found in it. */
  end(): Exposure | undefined {
    if (this.#exposure === undefined) this.#redactor.end();
    return this.#exposure;
  }
}

/** What is held back is joined with what follows in new memory, which is to be little: most of it is garbage at once. */
const JOINED_BYTES = 4096;
