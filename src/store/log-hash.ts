import type { Hash } from 'node:crypto';
import { readSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';

/** Up to so many bytes are hashed in place when the recording ends (a few milliseconds); more get a thread. */
const IN_PLACE_BYTES = 1024 * 1024;
/** Ranges go to the thread in pieces of this size, so that it is not woken for every write. */
const PIECE_BYTES = 1024 * 1024;
const READ_BYTES = 256 * 1024;

/** `length` bytes from `position` on in the file that `fd` has open: descriptors are shared by all threads. */
export interface FileRange {
  readonly fd: number;
  readonly position: number;
  readonly length: number;
}

/**
 * The SHA-256 of what was written to the log, in order, read back from the files themselves. SHA-256 takes longer than
 * the whole capture where the processor has no instructions for it, so a long recording is hashed by a thread that
 * trails the log.
 */
export class LogHash {
  /** Loaded as soon as there is a moment: most recordings wait for their agent then, and would wait for this at the end. */
  readonly #crypto = import('node:crypto');
  #pending: FileRange[] = [];
  #pendingBytes = 0;
  #lost: Error | undefined;
  #thread: Promise<HashThread> | undefined;

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
      for (const range of this.#pending) hashRange(hash, range);
      return hash.digest('hex');
    }
    this.#handOver();
    const { worker, answer } = await this.#thread;
    worker.postMessage('digest');
    return await answer;
  }

  #handOver(): void {
    this.#thread ??= startThread();
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

async function startThread(): Promise<HashThread> {
  const threads = await import('node:worker_threads');
  const worker = new threads.Worker(new URL('./log-hash-worker.js', import.meta.url));
  const answer = new Promise<string>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => {
      reject(new Error('the thread that hashes the log ended early'));
    });
  });
  answer.catch(() => undefined); // Whoever asks for the digest is told; until then nobody is.
  return { worker, answer };
}

/** Feeds a range of a file to `hash`. Throws the system's error, or when the file is shorter than said. */
export function hashRange(hash: Hash, { fd, position, length }: FileRange): void {
  const buffer = Buffer.allocUnsafe(Math.min(length, READ_BYTES));
  for (let done = 0; done < length; ) {
    const count = readSync(fd, buffer, 0, Math.min(buffer.length, length - done), position + done);
    if (count === 0) throw new Error(`the log ended ${length - done} bytes before what was written to it`);
    hash.update(buffer.subarray(0, count));
    done += count;
  }
}
