import { Worker } from 'node:worker_threads';
import { THREAD_OPTIONS } from '../../core/process/thread-options.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import type { CursorPosition } from '../../pty/terminal/terminal-queries.js';
import type { LogRead } from '../../store/log/sealed-segments.js';

/** Where the cursor is depends on the last screenful or two: a screen model that is further behind starts there. */
const FAR_ENOUGH_BYTES = 1024 * 1024;

/** To the thread: output to take in. From it: where the cursor is behind that. */
export interface CursorRequest {
  readonly bytes: Uint8Array;
}

/** Where the recording can be read back, and on what screen it is drawn. */
export interface ProbedRecording {
  readonly size: TerminalSize;
  read(buffer: Uint8Array, offset: number): LogRead;
}

/**
 * Knows where the cursor is at an offset of the recording. The screen model that takes runs in a thread (in this one it
 * would halve the rate of capture) that is started by the first question, and is fed only by questions.
 */
export class CursorProbe implements Disposable {
  readonly #recording: ProbedRecording;
  readonly #answers: { resolve(position: CursorPosition): void; reject(error: unknown): void }[] = [];
  #worker: Worker | undefined;
  #failure: Error | undefined;
  #fed = 0;

  constructor(recording: ProbedRecording) {
    this.#recording = recording;
  }

  /** The cursor behind the byte before `offset`; offsets must not go back. Rejects when the screen model fails. */
  at(offset: number): Promise<CursorPosition> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    this.#worker ??= this.#start();
    this.#worker.postMessage({ bytes: this.#between(Math.max(this.#fed, offset - FAR_ENOUGH_BYTES), offset) });
    this.#fed = offset;
    return new Promise((resolve, reject) => {
      this.#answers.push({ resolve, reject });
    });
  }

  [Symbol.dispose](): void {
    void this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(new URL('./cursor-worker.js', import.meta.url), {
      ...THREAD_OPTIONS,
      workerData: this.#recording.size,
    });
    worker.on('message', (position: CursorPosition) => {
      this.#answers.shift()?.resolve(position);
    });
    worker.on('error', (error) => {
      this.#failure = error;
      for (const answer of this.#answers.splice(0)) answer.reject(error);
    });
    worker.unref();
    return worker;
  }

  /** The recording from `from` to `to`, less what is missing from it. */
  #between(from: number, to: number): Uint8Array {
    const bytes = new Uint8Array(to - from);
    let length = 0;
    for (let offset = from; offset < to; ) {
      const read = this.#recording.read(bytes.subarray(length, length + to - offset), offset);
      if (read.type === 'bytes') {
        length += read.count;
        offset += read.count;
      } else offset = Math.max(offset + 1, read.until);
    }
    return bytes.subarray(0, length);
  }
}
