import { join } from 'node:path';
import type { EventRecord } from '../../core/events.js';
import { EVENTS_FILE } from './event-log.js';
import { parseEvent } from './event-reader.js';
import { LineTail } from '../files/line-tail.js';

/** The events of a task while they happen, each once; torn and damaged lines, and those of a later orch, are skipped. */
export class EventTail implements Disposable {
  readonly #lines: LineTail;

  constructor(folder: string) {
    this.#lines = new LineTail(join(folder, EVENTS_FILE));
  }

  /** Those noted since the last call. */
  read(): readonly EventRecord[] {
    return this.#lines.read().flatMap((line) => {
      const event = parseEvent(line);
      return typeof event === 'string' ? [] : [event];
    });
  }

  [Symbol.dispose](): void {
    this.#lines[Symbol.dispose]();
  }
}
