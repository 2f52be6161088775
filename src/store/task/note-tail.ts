import { join } from 'node:path';
import type { EventRecord } from '../../core/events.js';
import { EventTail } from '../events/event-tail.js';
import { LineTail } from '../files/line-tail.js';
import { type Level, parseTaskLogLine, TASK_LOG_FILE } from '../layout/task-log.js';

/** What orch noted about a task: a line of task.log, or an event. `ts`: milliseconds of Unix time. */
export type Note =
  | { readonly type: 'said'; readonly ts: number; readonly level: Level; readonly text: string }
  | { readonly type: 'event'; readonly ts: number; readonly event: EventRecord };

/** What orch notes about a task while it happens, each note once. */
export class NoteTail implements Disposable {
  readonly #log: LineTail;
  readonly #events: EventTail;
  /** Of the last line that had one: a line that is no line of orch's has none of its own. */
  #ts = 0;

  constructor(folder: string) {
    this.#log = new LineTail(join(folder, TASK_LOG_FILE));
    this.#events = new EventTail(folder);
  }

  /** Those noted since the last call, in the order of their times. */
  read(): readonly Note[] {
    const events = this.#events.read().map((event): Note => ({ type: 'event', ts: Date.parse(event.ts), event }));
    const said = this.#log.read().map((line): Note => {
      const { ts = this.#ts, level, text } = parseTaskLogLine(line);
      this.#ts = ts;
      return { type: 'said', ts, level, text };
    });
    return [...events, ...said].sort((a, b) => a.ts - b.ts);
  }

  [Symbol.dispose](): void {
    this.#log[Symbol.dispose]();
    this.#events[Symbol.dispose]();
  }
}
