import { type LogChunk, SegmentCursor } from '../../store/log/segment-cursor.js';

/** The bytes of a recording, read piece by piece from where the last piece ended, or from anywhere else. */
export class RecordedBytes implements AsyncDisposable {
  readonly #folder: string;
  #cursor: SegmentCursor;

  /** `offset`: of the first byte wanted, absolute. */
  constructor(folder: string, offset: number) {
    this.#folder = folder;
    this.#cursor = new SegmentCursor(folder, offset);
  }

  /** At most 64 KiB in front of `end`; undefined where there are none, or none yet. @throws OrchError LOG_UNREADABLE */
  read(end: number): Promise<LogChunk | undefined> {
    return this.#cursor.read(end);
  }

  /** All that are there in front of `end`. */
  async *upTo(end: number): AsyncGenerator<LogChunk, void, void> {
    for (let chunk = await this.read(end); chunk !== undefined; chunk = await this.read(end)) yield chunk;
  }

  async goTo(offset: number): Promise<void> {
    await this.#cursor[Symbol.asyncDispose]();
    this.#cursor = new SegmentCursor(this.#folder, offset);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cursor[Symbol.asyncDispose]();
  }
}
