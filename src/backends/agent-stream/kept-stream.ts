import { constants, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { reason } from '../../core/errors.js';
import type { RedactorOptions } from '../../core/redact/redactor.js';
import { MaskedLines } from './masked-lines.js';

/** A recording holds what an agent saw, secrets included: it is its owner's alone. */
const PRIVATE_FILE_MODE = 0o600;

/** A file to which masked bytes are appended. It never throws: a failure is reported once, and the rest is not kept. */
export class KeptStream {
  readonly #onFailure: (why: string) => void;
  readonly #mask: MaskedLines | undefined;
  #fd: number | undefined;

  constructor(path: string, onFailure: (why: string) => void, redact?: RedactorOptions) {
    this.#onFailure = onFailure;
    this.#mask = redact && new MaskedLines(redact);
    this.#attempt(() => {
      const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW } = constants;
      this.#fd = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW, PRIVATE_FILE_MODE);
      const status = fstatSync(this.#fd);
      // A pipe without a reader would stall the agent.
      if (!status.isFile()) throw new Error('it is no regular file');
      // A previous process was killed within a line: the next line must not continue it.
      if (endsMidLine(this.#fd, status.size)) this.#write(Buffer.from('\n'));
    });
  }

  append(bytes: Uint8Array): void {
    this.#write(this.#mask?.feed(bytes) ?? bytes);
  }

  /** Nothing more will come. */
  end(): void {
    if (this.#mask !== undefined) this.#write(this.#mask.end());
  }

  #write(bytes: Uint8Array): void {
    this.#attempt(() => {
      for (let rest = bytes; this.#fd !== undefined && rest.length > 0; ) {
        rest = rest.subarray(writeSync(this.#fd, rest));
      }
    });
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      // Left open: closing it may fail for the same reason, and the program ends soon enough.
      this.#fd = undefined;
      this.#onFailure(reason(error));
    }
  }
}

function endsMidLine(fd: number, size: number): boolean {
  const last = Buffer.alloc(1);
  return size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last.toString() !== '\n';
}
