import type { CursorPosition } from '../../core/terminal/cursor-position.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import { openWorker, type WorkerHandle } from '../../core/worker/open-worker.js';
import { type ReadableLog, readBetween } from '../status/read-back.js';
import { CURSOR_PROTOCOL } from './cursor-protocol.js';

/** Output that determines the cursor, bytes: a screen model further behind skips the rest. */
const RECENT_BYTES = 1024 * 1024;

/** A recording that can be read back, and the size of its screen. */
export interface ProbedRecording extends Pick<ReadableLog, 'read'> {
  readonly size: TerminalSize;
}

/**
 * Finds the cursor at an offset of the recording. The screen model for it runs in a thread (in this one it
 * would halve the rate of capture) that is started by the first question, and is fed only by questions.
 */
export class CursorProbe implements Disposable {
  readonly #recording: ProbedRecording;
  #worker: WorkerHandle<Uint8Array, CursorPosition> | undefined;
  #fed = 0;

  constructor(recording: ProbedRecording) {
    this.#recording = recording;
  }

  /** The cursor behind the byte before `offset`; offsets must not go back. Rejects when the screen model fails. */
  at(offset: number): Promise<CursorPosition> {
    this.#worker ??= openWorker({
      program: new URL('./cursor-worker.js', import.meta.url),
      protocol: CURSOR_PROTOCOL,
      data: this.#recording.size,
      onFailure: () => undefined, // Each request rejects with the failure.
      unref: true,
    });
    const answer = this.#worker.ask(readBetween(this.#recording, Math.max(this.#fed, offset - RECENT_BYTES), offset));
    this.#fed = offset;
    return answer;
  }

  [Symbol.dispose](): void {
    this.#worker?.[Symbol.dispose]();
  }
}
