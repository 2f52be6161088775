import type { EventRecord } from '../core/events.js';
import { DEFAULT_SIZE, type TerminalSize } from '../core/terminal/size.js';
import { EventTail } from '../store/events/event-tail.js';
import type { TaskEntry } from '../store/task/task-reader.js';
import { type Resize, readTimeIndex } from '../store/times/time-index-reader.js';

/** How large the terminal of a recording was, as far as that has been read; it may grow while the task runs. */
export class RecordedSizes implements Disposable {
  /** In the order of their offsets. */
  readonly resizes: Resize[] = [];
  readonly #size: TerminalSize;
  /** Wall time, milliseconds since 1970. */
  readonly #started: number;
  readonly #events: EventTail;
  /** Events that the constructor read, for the first `read`. */
  #unread: readonly EventRecord[] = [];

  /** `fallback`: the size for a task whose manifest cannot be read. */
  constructor(entry: TaskEntry, fallback: () => TerminalSize | undefined) {
    const { path } = entry.folder;
    this.#size = (entry.type === 'task' ? entry.manifest.size : fallback()) ?? DEFAULT_SIZE;
    this.#started = entry.type === 'task' ? Date.parse(entry.manifest.started) : Infinity;
    this.#events = new EventTail(path);
    this.#unread = this.read();
    // Where the events do not even tell the start, the index may still know the sizes.
    if (!this.#unread.some(({ type }) => type === 'task.start')) this.resizes.push(...readTimeIndex(path).resizes);
  }

  /** In front of the byte at `offset`. */
  at(offset: number): TerminalSize {
    return this.resizes.findLast((resize) => resize.offset <= offset)?.size ?? this.#size;
  }

  /** Takes in what was noted since the last call, and gives all of that. */
  read(): readonly EventRecord[] {
    const events = this.#events.read();
    for (const event of events) {
      if (event.type !== 'resize') continue;
      const ms = Math.max(0, Date.parse(event.ts) - this.#started);
      this.resizes.push({ ms, offset: event.offset, size: { cols: event.cols, rows: event.rows } });
    }
    const all = [...this.#unread, ...events];
    this.#unread = [];
    return all;
  }

  [Symbol.dispose](): void {
    this.#events[Symbol.dispose]();
  }
}
