import { join } from 'node:path';
import type { Clock } from '../../core/clock.js';
import { EVENT_VERSION, type EventRecord, type TaskEvent } from '../../core/events.js';
import { type LineFailureListener, LineFile } from '../files/line-file.js';
import type { TaskFolder } from '../layout/task-folder.js';

export const EVENTS_FILE = 'events.jsonl';

/** Writes events.jsonl: what happened to a task, one JSON object a line, stamped when it is appended. Never throws. */
export class EventLog implements Disposable {
  readonly #task: string;
  readonly #clock: Clock;
  readonly #file: LineFile;

  constructor(task: TaskFolder, clock: Clock, onFailure: LineFailureListener) {
    this.#task = task.id;
    this.#clock = clock;
    this.#file = new LineFile(join(task.path, EVENTS_FILE), onFailure);
  }

  /** False when the event could not be written; `onFailure` was then called. */
  append(event: TaskEvent): boolean {
    const ts = new Date(this.#clock.now()).toISOString();
    const record: EventRecord = { v: EVENT_VERSION, ts, task: this.#task, ...event };
    return this.#file.append(JSON.stringify(record));
  }

  close(): void {
    this.#file.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
