import { ALIVE_MS } from '../../store/task/liveness.js';
import { readTask } from '../../store/task/task-reader.js';
import type { RecordedTask } from '../lines/recorded-task.js';
import { plain } from '../print/colour.js';
import { statusText } from '../tasks/task-status.js';

/** The status of the task: asked for with every picture, and read again when it may be another. */
export class CurrentStatus {
  readonly #recording: RecordedTask;
  #read: { readonly text: string; readonly at: number; readonly mayChange: boolean } | undefined;

  constructor(recording: RecordedTask) {
    this.#recording = recording;
  }

  /** `now`: of a clock that never jumps back, in milliseconds; `mayChange`: the task may still run. */
  text(now: number, mayChange: boolean): string {
    const isNew = this.#read !== undefined && (!this.#read.mayChange || now - this.#read.at < ALIVE_MS);
    if (!isNew) this.#read = { text: statusText(readTask(this.#recording.entry.folder), plain), at: now, mayChange };
    return this.#read?.text ?? '';
  }
}
