import type { Clock } from '../../core/clock.js';
import { type LogBatch, type LogLine, TextBatch } from './log-batch.js';
import { type LineBatch, TextLines } from '../../render/model/text-lines.js';

/** orch's notes that were not shown yet, in the order of the offsets at which they were made. */
export class NoteQueue {
  readonly #clock: Clock;
  #notes: { readonly line: LogLine; readonly since: number }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isEmpty(): boolean {
    return this.#notes.length === 0;
  }

  add(lines: readonly LogLine[]): void {
    if (lines.length === 0) return;
    const since = this.#clock.monotonic();
    this.#notes.push(...lines.map((line) => ({ line, since })));
    this.#notes.sort((a, b) => a.line.offset - b.line.offset);
  }

  /** Drops the notes in front of the first wanted one. */
  drop(isUnwanted: (note: LogLine) => boolean): void {
    const first = this.#notes.findIndex(({ line }) => !isUnwanted(line));
    this.#notes.splice(0, first === -1 ? this.#notes.length : first);
  }

  /** `lines` of the recording, each note in front of the first of them that was written behind it. */
  *weave(batch: LineBatch): Generator<LogBatch, void, void> {
    if (batch instanceof TextLines && !this.#notes.some(({ line }) => line.offset < batch.endOffset)) {
      yield new TextBatch(batch);
      return;
    }
    const lines = batch instanceof TextLines ? batch.lines() : batch;
    let from = 0;
    for (const [at, { endOffset }] of lines.entries()) {
      if (this.#notes.length === 0) break;
      const due = this.#notes.filter(({ line }) => line.offset < endOffset).length;
      if (due === 0) continue;
      if (at > from) yield { source: 'backend', lines: lines.slice(from, at) };
      from = at;
      yield { source: 'orch', lines: this.#take(due) };
    }
    // No lines say that something has changed in what is being drawn.
    if (from < lines.length || lines.length === 0)
      yield { source: 'backend', lines: from === 0 ? lines : lines.slice(from) };
  }

  /** Those that have waited for `ms` milliseconds, and those in front of them. */
  takeOlder(ms: number): readonly LogLine[] {
    const before = this.#clock.monotonic() - ms;
    return this.#take(this.#notes.findLastIndex(({ since }) => since <= before) + 1);
  }

  takeAll(): readonly LogLine[] {
    return this.#take(this.#notes.length);
  }

  #take(count: number): readonly LogLine[] {
    return this.#notes.splice(0, count).map(({ line }) => line);
  }
}
