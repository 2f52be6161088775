import type { TerminalSize } from '../../core/terminal/size.js';
import { RecordedSizes } from '../../keyframes/recorded-sizes.js';
import { readLog, type ReadLogOptions } from '../../store/task/log-reader.js';
import type { LogChunk } from '../../store/log/segment-cursor.js';
import type { TaskEntry } from '../../store/task/task-reader.js';
import type { Resize } from '../../store/times/time-index-reader.js';
import { TimeLookup } from '../../store/times/time-lookup.js';
import type { RenderChunk } from '../../render/model/line.js';
import { reportMissing, type MissingRange } from './missing-range.js';
import { renderChunks } from '../../keyframes/render-chunks.js';

/** One run of the agent in a loop. */
export interface IterationStart {
  readonly iteration: number;
  /** Where its output begins. */
  readonly offset: number;
}

/** A recording as views read it: its bytes with the sizes of its terminal in between, and when they came. */
export class RecordedTask implements Disposable {
  readonly entry: TaskEntry;
  readonly times: TimeLookup;
  /** Grows while the task runs. */
  readonly #sizes: RecordedSizes;
  #removedTo = 0;
  readonly #iterations: IterationStart[] = [];

  constructor(entry: TaskEntry) {
    this.entry = entry;
    this.times = new TimeLookup(entry.folder.path);
    this.#sizes = new RecordedSizes(entry, () => this.times.size);
    this.#readEvents();
  }

  /** The runs of the agent in a loop, in their order; none where it was run once. They grow while the task runs. */
  get iterations(): readonly IterationStart[] {
    return this.#iterations;
  }

  /** The sizes the terminal took on, in the order of their bytes. They grow while the task runs. */
  get resizes(): readonly Resize[] {
    return this.#sizes.resizes;
  }

  /** The terminal's size at the start. */
  get size(): TerminalSize {
    return this.#sizes.at(-1);
  }

  /** The offset up to which bytes may have been removed to make room; noted before each removal. */
  get removedTo(): number {
    this.#readEvents();
    return this.#removedTo;
  }

  /** Reads new events. Reading the bytes does so too. */
  refresh(): void {
    this.#readEvents();
  }

  /** The terminal's size in front of the byte at `offset`. */
  sizeAt(offset: number): TerminalSize {
    return this.#sizes.at(offset);
  }

  /** Which run of the agent printed the byte at `offset`; undefined where it was run once, and not in a loop. */
  iterationAt(offset: number): number | undefined {
    return this.#iterations.findLast((begun) => begun.offset <= offset)?.iteration;
  }

  /** The bytes; `onMissing` gets each missing range, when reading comes to it. */
  bytes(options: ReadLogOptions, onMissing?: (range: MissingRange) => void): AsyncIterable<LogChunk> {
    const chunks = readLog(this.entry.folder, options);
    if (onMissing === undefined) return chunks;
    const end = Math.min(this.entry.type === 'task' ? this.entry.bytes : 0, options.to ?? Infinity);
    const removedTo = (): number => this.removedTo;
    return reportMissing(chunks, { from: options.from ?? 0, end, removedTo }, (range) => {
      // Bytes that were not read because of an abort are not missing.
      if (options.signal?.aborted !== true) onMissing(range);
    });
  }

  /**
   * The bytes as the screen model wants them: for a new one, with `sizeAt(from)`; or for one that goes on at `from`
   * (`continued`), and has yet to hear of a resize at that very place. One behind the last byte counts, unless the bytes
   * are wanted up to `to` alone: in front of that the terminal had not been resized there yet.
   */
  chunks(
    options: ReadLogOptions,
    {
      onMissing,
      continued = false,
    }: { readonly onMissing?: (range: MissingRange) => void; readonly continued?: boolean } = {},
  ): AsyncIterable<RenderChunk> {
    const from = options.from ?? 0;
    const chunks = this.#withResizes(this.bytes(options, onMissing));
    const begins = continued ? { from, known: from - 1 } : { from: 0, known: from };
    return renderChunks(chunks, this.#sizes.resizes, { ...begins, to: options.to ?? Infinity });
  }

  [Symbol.dispose](): void {
    this.times[Symbol.dispose]();
    this.#sizes[Symbol.dispose]();
  }

  /** A resize is noted before the bytes behind it are recorded: looked for after those were read, none is missed. */
  async *#withResizes(chunks: AsyncIterable<LogChunk>): AsyncGenerator<LogChunk, void, void> {
    for await (const chunk of chunks) {
      this.#readEvents();
      yield chunk;
    }
    this.#readEvents();
  }

  #readEvents(): void {
    for (const event of this.#sizes.read()) {
      if (event.type === 'iteration.start') this.#iterations.push(event);
      if (event.type === 'trim') this.#removedTo = event.offset + event.bytes;
    }
  }
}
