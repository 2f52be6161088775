import type { Worker } from 'node:worker_threads';
import { OWN_STREAMS } from '../core/own-streams.js';
import { type Exposure, SecretWatch } from '../core/redact/secret-watch.js';
import type { Secret } from '../core/redact/secret-variables.js';
import { type FileRange, readRange } from './file-range.js';

/** Up to so many bytes are hashed in place when the recording ends (a few milliseconds); more get a thread. */
const IN_PLACE_BYTES = 1024 * 1024;
/** Ranges go to the thread in pieces of this size, so that it is not woken for every write. */
const PIECE_BYTES = 1024 * 1024;

/** From the thread: the hash at its end, and before it what was found in the log. */
export type HashMessage =
  | { readonly type: 'digest'; readonly digest: string }
  | { readonly type: 'exposure'; readonly exposure: Exposure };

export interface LogHashOptions {
  /** What else to look for in the log, beside well-known tokens; undefined: nothing. */
  readonly secrets?: readonly Secret[] | undefined;
  /** Told of the first of them that went by, some time after it did. */
  readonly onExposed?: (exposure: Exposure) => void;
}

/**
 * The SHA-256 of what was written to the log, in order, read back from the files themselves. SHA-256 takes longer than
 * the whole capture where the processor has no instructions for it, so a long recording is hashed by a thread that
 * trails the log. It looks for what should perhaps not be in the log, too: it is the one that reads all of it.
 */
export class LogHash {
  /** Loaded as soon as there is a moment: most recordings wait for their agent then, and would wait for this at the end. */
  readonly #crypto = import('node:crypto');
  #pending: FileRange[] = [];
  #pendingBytes = 0;
  #lost: Error | undefined;
  #thread: Promise<HashThread> | undefined;
  readonly #secrets: readonly Secret[] | undefined;
  #onExposed: ((exposure: Exposure) => void) | undefined;

  constructor({ secrets, onExposed }: LogHashOptions = {}) {
    this.#secrets = secrets;
    this.#onExposed = onExposed;
  }

  /** Adds bytes that have been written. The descriptor must stay open until {@link digest} has resolved. */
  add(range: FileRange): void {
    const last = this.#pending.at(-1);
    if (last !== undefined && last.fd === range.fd && last.position + last.length === range.position) {
      this.#pending[this.#pending.length - 1] = { ...last, length: last.length + range.length };
    } else {
      this.#pending.push(range);
    }
    this.#pendingBytes += range.length;
    if (this.#pendingBytes >= (this.#thread === undefined ? IN_PLACE_BYTES : PIECE_BYTES)) this.#handOver();
  }

  /** What was written through `fd` is no longer there, or cannot be read back: there is no hash of the whole any more. */
  lost(fd: number): void {
    this.#lost ??= new Error(`a part of the log (descriptor ${fd}) went before it was hashed`);
  }

  /** The hash of everything added, in hexadecimal. Rejects when the log cannot be read back. Call it once. */
  async digest(): Promise<string> {
    if (this.#lost !== undefined) {
      void (await this.#thread?.catch(() => undefined))?.worker.terminate();
      throw this.#lost;
    }
    if (this.#thread === undefined) {
      const hash = (await this.#crypto).createHash('sha256');
      // Its tables take milliseconds to make: a command that printed nothing does without.
      const watch =
        this.#secrets === undefined || this.#pending.length === 0 ? undefined : new SecretWatch(this.#secrets);
      for (const range of this.#pending) {
        readRange(range, (bytes) => {
          hash.update(bytes);
          watch?.look(bytes);
        });
      }
      this.#exposed(watch?.end());
      return hash.digest('hex');
    }
    this.#handOver();
    const { worker, answer } = await this.#thread;
    worker.postMessage('digest');
    return await answer;
  }

  /** Tells of the first one only. */
  #exposed(exposure: Exposure | undefined): void {
    if (exposure === undefined) return;
    this.#onExposed?.(exposure);
    this.#onExposed = undefined;
  }

  #handOver(): void {
    this.#thread ??= startThread(this.#secrets, (exposure) => {
      this.#exposed(exposure);
    });
    const ranges = this.#pending;
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#thread.then(
      ({ worker }) => {
        worker.postMessage(ranges);
      },
      () => undefined, // No thread to be had: digest() rejects for the same reason.
    );
  }
}

interface HashThread {
  readonly worker: Worker;
  /** The digest; rejects as soon as the thread fails, whether or not anybody waits yet. */
  readonly answer: Promise<string>;
}

async function startThread(
  secrets: readonly Secret[] | undefined,
  onExposed: (exposure: Exposure) => void,
): Promise<HashThread> {
  const threads = await import('node:worker_threads');
  const worker = new threads.Worker(new URL('./log-hash-worker.js', import.meta.url), {
    ...OWN_STREAMS,
    workerData: secrets,
  });
  const answer = new Promise<string>((resolve, reject) => {
    worker.on('message', (message: HashMessage) => {
      if (message.type === 'digest') resolve(message.digest);
      else onExposed(message.exposure);
    });
    worker.once('error', reject);
    worker.once('exit', () => {
      reject(new Error('the thread that hashes the log ended early'));
    });
  });
  answer.catch(() => undefined); // Whoever asks for the digest is told; until then nobody is.
  return { worker, answer };
}
