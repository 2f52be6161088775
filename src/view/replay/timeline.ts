import type { Clock } from '../../core/clock.js';
import { Liveness } from '../../store/task/liveness.js';
import { recordedEnd } from '../../store/log/segments.js';
import { firstIndex } from '../../store/times/time-index-reader.js';
import type { RecordedTask } from '../lines/recorded-task.js';

/** A moment of a recording: the bytes in front of `offset` are there, and the first `resizes` resizes were made. */
export interface Position {
  /** Absolute. */
  readonly offset: number;
  readonly resizes: number;
  /** Milliseconds after the start of the recording; there may be long between the last byte and this. */
  readonly ms: number;
}

export const START: Position = { offset: 0, resizes: 0, ms: 0 };

/** Whether the moment `a` comes in front of `b`. */
export function isBehind(a: Position, b: Position): boolean {
  return a.offset < b.offset || (a.offset === b.offset && a.resizes < b.resizes);
}

/** The moments of a recording in their order. More may come while the task runs; what there is never changes. */
export interface Timeline {
  /** The end, as of now. */
  readonly end: Position;
  /** What the recording had come to `ms` milliseconds after its start. */
  at(ms: number): Position;
  /** The moment the recording had reached `offset`; a resize in front of the byte there has been made. */
  atOffset(offset: number): Position;
  /** The first change behind `position`; undefined at the end. */
  next(position: Position): Position | undefined;
  /** The moment of the last change in front of the one that `position` shows; the start where there is none. */
  previous(position: Position): Position;
  /** More may still come. */
  readonly grows: boolean;
  /** Where the runs of the agent in a loop begin. */
  readonly iterations: readonly Position[];
  /** Which of them `position` is in; undefined where the agent was run once. */
  iterationAt(position: Position): number | undefined;
}

/** The moments of a recording on disk, looked up in its time index where they are asked for. */
export class RecordedTimeline implements Timeline {
  readonly #recording: RecordedTask;
  readonly #liveness: Liveness;
  #complete: number | undefined;

  constructor(recording: RecordedTask, clock: Clock) {
    this.#recording = recording;
    this.#liveness = new Liveness(recording.entry.folder, clock);
  }

  get grows(): boolean {
    return this.#complete === undefined && this.#liveness.isRunning();
  }

  get end(): Position {
    const { times, resizes } = this.#recording;
    const offset = Math.max(times.end, this.#unindexedEnd(), resizes.at(-1)?.offset ?? 0);
    const last = { offset, resizes: resizes.length, ms: 0 };
    return { ...last, ms: this.#changedAt(last) };
  }

  at(ms: number): Position {
    const { resizes, times } = this.#recording;
    const offset = times.offsetAt(ms);
    let made = firstIndex(resizes, (resize) => resize.offset > offset);
    while (made > 0 && resizes[made - 1]?.offset === offset && this.#resizedAt(made - 1) > ms) made--;
    return { offset, resizes: made, ms };
  }

  atOffset(offset: number): Position {
    const { end } = this;
    if (offset >= end.offset) return end;
    const reached = { offset, resizes: firstIndex(this.#recording.resizes, (resize) => resize.offset > offset), ms: 0 };
    return { ...reached, ms: this.#changedAt(reached) };
  }

  next(position: Position): Position | undefined {
    const { resizes, times } = this.#recording;
    const output = times.timeAt(position.offset);
    const isDue = (resizes[position.resizes]?.offset ?? Infinity) <= position.offset;
    const resized = isDue ? this.#resizedAt(position.resizes) : undefined;
    if (resized !== undefined && resized <= (output ?? Infinity))
      return { ...position, resizes: position.resizes + 1, ms: Math.max(position.ms, resized) };
    if (output !== undefined) {
      const next = this.at(output);
      if (next.offset > position.offset) return { ...next, ms: Math.max(position.ms, output) };
    }
    const { end } = this;
    return end.offset > position.offset ? { ...end, ms: Math.max(position.ms, end.ms) } : undefined;
  }

  previous(position: Position): Position {
    const before = this.at(this.#changedAt(position) - 1);
    return { ...before, ms: this.#changedAt(before) };
  }

  get iterations(): readonly Position[] {
    return this.#recording.iterations.map(({ offset }) => this.atOffset(offset));
  }

  iterationAt({ offset }: Position): number | undefined {
    return this.#recording.iterationAt(offset);
  }

  /** When what `position` shows had come. */
  #changedAt({ offset, resizes }: Position): number {
    const output = this.#outputAt(offset);
    return this.#recording.resizes[resizes - 1]?.offset === offset ? this.#resizedAt(resizes - 1) : output;
  }

  /** When the byte in front of `offset` came; of those that are not in the index, when the last one did that is. */
  #outputAt(offset: number): number {
    const { times } = this.#recording;
    return offset === 0 ? 0 : (times.timeAt(offset - 1) ?? times.timeAt(times.end - 1) ?? 0);
  }

  /** Between the byte in front of it and the one behind it, whatever the clock on the wall said. */
  #resizedAt(at: number): number {
    const { resizes, times } = this.#recording;
    const { ms, offset } = resizes[at] ?? { ms: 0, offset: 0 };
    return Math.min(Math.max(ms, this.#outputAt(offset)), times.timeAt(offset) ?? Infinity);
  }

  /** What was recorded but never indexed; while a task runs the index comes behind, and knows the times. */
  #unindexedEnd(): number {
    if (!this.grows) this.#complete ??= recordedEnd(this.#recording.entry.folder.path);
    return this.#complete ?? 0;
  }
}
