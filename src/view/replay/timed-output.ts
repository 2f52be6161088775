import type { Line, RenderChunk } from '../../render/model/line.js';
import { LiveTranscript } from '../../render/transcript/live-transcript.js';
import { SafeView } from '../../render/safe-view.js';
import type { LogChunk } from '../../store/log/segment-cursor.js';
import { firstIndex } from '../../store/times/time-index-reader.js';
import type { RecordedTask } from '../lines/recorded-task.js';
import { renderChunks } from '../../keyframes/render-chunks.js';
import { startBefore } from '../lines/starting-point.js';
import { moments, type MomentsOptions } from './moments.js';
import { RecordedBytes } from './recorded-bytes.js';
import { isBehind, type Position } from './timeline.js';

/** What the recording printed, each piece at its time, and of it only what is safe on any terminal. */
export async function* timedBytes(
  recording: RecordedTask,
  options: MomentsOptions,
): AsyncGenerator<Uint8Array, void, void> {
  await using bytes = new RecordedBytes(recording.entry.folder.path, options.from.offset);
  const view = new SafeView({ alternateScreen: true });
  for await (const { from, to } of moments(recording, options)) {
    if (isBehind(to, from)) {
      yield view.end();
      await bytes.goTo(to.offset);
    }
    for await (const chunk of bytes.upTo(to.offset)) yield view.push(chunk.bytes);
  }
  yield view.end();
}

/** The clean text of the recording, each line when a reader who followed the run would have read it. */
export async function* timedLines(
  recording: RecordedTask,
  options: MomentsOptions,
): AsyncGenerator<readonly Line[], void, void> {
  await using lines = new LinesOnTheWay(recording, options);
  await lines.begin();
  for await (const { from, to, ms } of moments(recording, options, () => lines.wakeAt)) {
    if (isBehind(to, from)) {
      yield lines.end();
      await lines.begin();
    }
    yield* lines.goOn(to, ms);
  }
  yield lines.end();
}

/** A transcript of the recording as far as it has been played. */
class LinesOnTheWay implements AsyncDisposable {
  readonly #recording: RecordedTask;
  readonly #options: MomentsOptions;
  readonly #bytes: RecordedBytes;
  #transcript: LiveTranscript;
  /** What was fed: the bytes in front of `offset`, and the first `resizes` resizes. */
  #offset = 0;
  #resizes = 0;

  constructor(recording: RecordedTask, options: MomentsOptions) {
    this.#recording = recording;
    this.#options = options;
    this.#bytes = new RecordedBytes(recording.entry.folder.path, 0);
    this.#transcript = new LiveTranscript(recording.size);
  }

  get wakeAt(): number | undefined {
    return this.#transcript.wakeAt;
  }

  /** Knows the lines that were being written where the replay begins, and gives none of those before. */
  async begin(): Promise<void> {
    const { from, signal } = this.#options;
    const recording = this.#recording;
    this.#offset =
      from.offset === 0 ? 0 : await startBefore({ recording, alt: 'final', signal }, from.offset, Infinity);
    this.#resizes = firstIndex(recording.resizes, ({ offset }) => offset > this.#offset);
    this.#transcript = new LiveTranscript(recording.sizeAt(this.#offset));
    await this.#bytes.goTo(this.#offset);
    for await (const chunk of this.#chunks(from)) this.#transcript.catchUp(chunk);
  }

  /** `ms`: how far into the recording that is. */
  async *goOn(to: Position, ms: number): AsyncGenerator<readonly Line[], void, void> {
    for await (const chunk of this.#chunks(to)) yield this.#wanted(this.#transcript.push(chunk, ms));
    if (ms >= (this.wakeAt ?? Infinity)) yield this.#wanted(this.#transcript.look(ms));
  }

  end(): readonly Line[] {
    return this.#wanted(this.#transcript.end());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#bytes[Symbol.asyncDispose]();
  }

  async *#chunks(to: Position): AsyncGenerator<RenderChunk, void, void> {
    const resizes = this.#recording.resizes.slice(this.#resizes, to.resizes);
    const from = this.#offset;
    this.#resizes = to.resizes;
    yield* renderChunks(this.#read(to.offset), resizes, { from });
  }

  async *#read(end: number): AsyncGenerator<LogChunk, void, void> {
    for await (const chunk of this.#bytes.upTo(end)) {
      this.#offset = chunk.offset + chunk.bytes.length;
      yield chunk;
    }
  }

  #wanted(lines: readonly Line[]): readonly Line[] {
    return lines.filter((line) => line.endOffset > this.#options.from.offset);
  }
}
