import type { Clock } from '../../core/clock.js';
import { openWorker } from '../../core/worker/open-worker.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
import { CalmOutput } from './calm-output.js';
import { KEYFRAME_PROTOCOL } from './keyframe-protocol.js';

/** The length from which the thread is started, bytes: shorter recordings are rendered from their beginning at once. */
const WORTHWHILE_BYTES = 1024 * 1024;
/** What is rendered is short-lived, and this is in no hurry: 48 MB of it need not lie beside a recording. */
const YOUNG_MB = 3;

/**
 * Has a thread trail the log and make keyframes, so that the end of a long recording can be shown at once. It reads files
 * as any reader does, knows nothing of the capture, and may fall behind: what is missing is made by `orch index`.
 */
export class KeyframeThread implements Disposable {
  readonly #task: TaskFolder;
  readonly #clock: Clock;
  #worker: Disposable | undefined;
  readonly #output: CalmOutput;

  constructor(task: TaskFolder, clock: Clock) {
    this.#task = task;
    this.#clock = clock;
    this.#output = new CalmOutput(clock.monotonic());
  }

  /** The recording has reached `offset`. */
  reached(offset: number): void {
    if (this.#worker !== undefined) return;
    // In a flood it would only take time and memory.
    const isCalm = this.#output.reached(offset, this.#clock.monotonic());
    if (!isCalm || offset < WORTHWHILE_BYTES) return;
    this.#worker = openWorker({
      program: new URL('./keyframe-worker.js', import.meta.url),
      protocol: KEYFRAME_PROTOCOL,
      data: this.#task,
      onFailure: () => undefined, // After an unreadable log or a full disk, views do without keyframes.
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
      unref: true,
    });
  }

  /** Does not wait for the thread: a half-written keyframe counts as none. */
  [Symbol.dispose](): void {
    this.#worker?.[Symbol.dispose]();
  }
}
