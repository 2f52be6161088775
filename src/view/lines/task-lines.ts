import { type Clock, sleep } from '../../core/clock.js';
import { MergedIterables } from '../../core/async/merge-iterables.js';
import type { Semaphore } from '../../core/async/semaphore.js';
import type { AlternateScreen } from '../../render/model/line.js';
import { type LineBatch, linesOf, TextLines } from '../../render/model/text-lines.js';
import { LiveTranscript } from '../../render/transcript/live-transcript.js';
import type { Row } from '../../render/model/row.js';
import { FolderWatcher } from '../../store/files/folder-watcher.js';
import { LARGE_READ_BYTES, READ_BYTES } from '../../store/files/read-size.js';
import { ALIVE_MS, Liveness } from '../../store/task/liveness.js';
import { NoteTail } from '../../store/task/note-tail.js';
import { lastWritten, recordedEnd, recordedStart } from '../../store/log/segments.js';
import type { Beginning } from './beginning.js';
import { type MissingRange, missingRangeLine } from './missing-range.js';
import { LastLines } from './last-lines.js';
import type { LogBatch, LogLine, Source } from './log-batch.js';
import { noteLines } from './note-lines.js';
import { NoteQueue } from './note-queue.js';
import type { RecordedTask } from './recorded-task.js';
import { type RenderSpan, renderSpansFor } from './render-spans.js';
import { liveTranscriptLines } from './transcript-lines.js';

export interface TaskLinesOptions {
  readonly sources: ReadonlySet<Source>;
  readonly alt: AlternateScreen;
  /** Lines keep their colours. */
  readonly styles: boolean;
  readonly begin: Beginning;
  /** The last byte wanted ends at this absolute offset, the last note is of that time; undefined: all there is. */
  readonly to: { readonly offset: number; readonly noted: number } | undefined;
  /** Goes on with what is recorded meanwhile, until the task no longer runs. */
  readonly follow: boolean;
  /** Taken while what is there already is read, so that many tasks at once do not read all at once. */
  readonly turns: Semaphore;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly onMissing: (range: MissingRange) => void;
}

/**
 * What is noted comes behind the lines that were printed before: it waits until those that stand on the screen have settled,
 * unless a line that was printed behind it comes.
 */
const NOTE_WAITS_MS = 600;

/** How often orch's own notes are read even when the watcher reports nothing. */
const NOTES_MS = 1000;
/** The same while some wait. */
const NOTE_LOOK_MS = 100;

/** The lines of one task: what its agent printed as clean text, and what orch noted, in the order they were captured. */
export class TaskLines {
  readonly #recording: RecordedTask;
  readonly #options: TaskLinesOptions;
  readonly #notes: NoteTail;
  readonly #queue: NoteQueue;
  #transcript: LiveTranscript | undefined;

  constructor(recording: RecordedTask, options: TaskLinesOptions) {
    this.#recording = recording;
    this.#options = options;
    this.#notes = new NoteTail(recording.entry.folder.path);
    this.#queue = new NoteQueue(options.clock);
  }

  /** To be read once. Nothing is in memory but the screen, and the last lines where those are asked for. */
  async *read(): AsyncGenerator<LogBatch, void, void> {
    try {
      yield* this.#read();
    } finally {
      this.#notes[Symbol.dispose]();
    }
  }

  /** The rows being drawn whose lines were not emitted yet: they may still change. */
  unsettled(): readonly Row[] {
    return this.#transcript?.unsettled() ?? [];
  }

  async *#read(): AsyncGenerator<LogBatch, void, void> {
    const { folder } = this.#recording.entry;
    const { sources, to, follow } = this.#options;
    const goesOn = follow && to === undefined && this.#isRunning;
    // Looked at before the bytes: what is noted later is noted behind them.
    const noted = this.#newNotes();
    const end = Math.min(to?.offset ?? Infinity, sources.has('backend') ? recordedEnd(folder.path) : 0);
    const turn = await this.#options.turns.acquire();
    const past = sources.has('backend') ? this.#past(end, goesOn) : nothing();
    this.#queue.add(to === undefined ? noted : noted.filter(({ ts = 0 }) => ts <= to.noted));
    try {
      yield* inOrder(past, this.#queue, this.#options.begin);
    } finally {
      turn[Symbol.dispose]();
    }
    if (!goesOn) return;
    const backendEnded = new AbortController();
    const both = new MergedIterables<LogBatch>();
    if (sources.has('backend')) both.add(this.#present(end, backendEnded));
    else void this.#untilEnd(backendEnded);
    both.add(this.#notesToCome(backendEnded.signal));
    both.close();
    yield* both;
  }

  get #isRunning(): boolean {
    const { entry } = this.#recording;
    return entry.type === 'task' && entry.status === 'running';
  }

  /** The lines in front of `end`. Where reading `goesOn` behind it, those that only stand on the screen come early. */
  async *#past(end: number, goesOn: boolean): AsyncGenerator<LineBatch, void, void> {
    const { alt, styles, begin, signal } = this.#options;
    const onMissing = this.#onMissing;
    const spans = await renderSpansFor(begin, end, { recording: this.#recording, alt, signal });
    this.#tellRemoved(spans[0]);
    // A task that has just begun has no log yet; of one that has ended, that is said.
    const rendering = { spans: end > 0 || !goesOn ? spans : [], goesOn };
    if (begin.type !== 'last') {
      const from = begin.type === 'after' ? begin.offset : undefined;
      for await (const lines of this.#render({ ...rendering, onMissing, styles, stylesFrom: from ?? 0 }))
        yield from === undefined ? lines : linesOf([lines]).filter((line) => line.endOffset > from);
      return;
    }
    const stylesFrom = styles ? await this.#offsetOfLast(begin.lines, end, rendering) : 0;
    const last = new LastLines(begin.lines);
    for await (const lines of this.#render({ ...rendering, onMissing, styles, stylesFrom })) last.hold(lines);
    yield last.lines;
  }

  /** Where the last `count` lines in front of `end` begin, or somewhat before: found without colours, which take longer. */
  async #offsetOfLast(count: number, end: number, rendering: Omit<Rendering, 'onMissing' | 'styles'>): Promise<number> {
    if (count === 0) return end;
    // Lines on the screen may be emitted a moment later.
    const last = new LastLines(count + this.#recording.size.rows);
    for await (const lines of this.#render({ ...rendering, onMissing: () => undefined, styles: false }))
      last.hold(lines);
    return last.lines[0]?.offset ?? 0;
  }

  /** The lines of all spans; the last span's transcript stays open when the view `goesOn`. */
  async *#render({ spans, goesOn, onMissing, ...kept }: Rendering): AsyncGenerator<LineBatch, void, void> {
    const { alt, signal, clock } = this.#options;
    const options = { ...kept, alt };
    let transcript = new LiveTranscript(this.#recording.sizeAt(0), options);
    this.#transcript = transcript;
    for (const [at, { from, to, state }] of spans.entries()) {
      transcript =
        state === undefined
          ? new LiveTranscript(this.#recording.sizeAt(from), options)
          : LiveTranscript.resume(state, options);
      this.#transcript = transcript;
      const chunkBytes = kept.styles ? READ_BYTES : LARGE_READ_BYTES;
      const chunks = this.#recording.chunks(
        { from, to, chunkBytes, signal },
        { onMissing, continued: state !== undefined },
      );
      for await (const chunk of chunks) {
        const batches = transcript.catchUpBatches(chunk);
        // No lines say that something has changed in what is being drawn.
        if (batches.length === 0) yield [];
        else yield* batches;
      }
      if (at < spans.length - 1) yield transcript.caughtUp();
    }
    if (signal.aborted) return;
    const quietMs = clock.now() - (lastWritten(this.#recording.entry.folder.path) ?? 0);
    if (goesOn) yield transcript.settle(clock.monotonic(), Math.max(0, quietMs));
    else yield* transcript.endBatches();
  }

  /** Reports the removed bytes in front of the first keyframe that is left, where the view begins there. */
  #tellRemoved(first: RenderSpan | undefined): void {
    const front = recordedStart(this.#recording.entry.folder.path);
    if (front === 0 || first?.from !== front || first.state === undefined) return;
    this.#options.onMissing({ offset: 0, bytes: front, removed: front <= this.#recording.removedTo });
  }

  /** The lines behind `from`, as they come; then says that there will be no more. */
  async *#present(from: number, ended: AbortController): AsyncGenerator<LogBatch, void, void> {
    const { signal, clock } = this.#options;
    const onMissing = this.#onMissing;
    try {
      if (this.#transcript === undefined) return;
      const chunks = this.#recording.chunks({ from, follow: true, signal, clock }, { onMissing, continued: true });
      for await (const lines of liveTranscriptLines(chunks, clock, this.#transcript)) {
        this.#queue.add(this.#newNotes());
        yield* this.#queue.weave(lines);
      }
    } finally {
      ended.abort();
    }
  }

  /** Aborts `ended` when the task has ended, for a view that does not read its agent's output. */
  async #untilEnd(ended: AbortController): Promise<void> {
    const { clock, signal } = this.#options;
    const liveness = new Liveness(this.#recording.entry.folder, clock);
    while (!signal.aborted && liveness.isRunning()) await sleep(clock, ALIVE_MS, signal);
    ended.abort();
  }

  async *#notesToCome(ended: AbortSignal): AsyncGenerator<LogBatch, void, void> {
    const { clock, signal } = this.#options;
    using watcher = new FolderWatcher(this.#recording.entry.folder.path, (name) => NOTES.test(name), clock);
    const stopped = AbortSignal.any([signal, ended]);
    const liveness = new Liveness(this.#recording.entry.folder, clock);
    const waitsMs = this.#options.sources.has('backend') ? NOTE_WAITS_MS : 0;
    for (;;) {
      // What was noted before the end is read behind it.
      const isLast = stopped.aborted;
      this.#queue.add(this.#newNotes());
      // What is noted at the end of a task comes behind all of its lines.
      const lines = isLast ? this.#queue.takeAll() : liveness.isRunning() ? this.#queue.takeOlder(waitsMs) : [];
      if (lines.length > 0) yield { source: 'orch', lines };
      if (isLast) return;
      await watcher.wait(this.#queue.isEmpty ? NOTES_MS : NOTE_LOOK_MS, stopped);
    }
  }

  /** Reports a missing range, and puts a line for it between the lines around it. */
  readonly #onMissing = (range: MissingRange): void => {
    if (range.offset > 0) this.#queue.add([missingRangeLine(range)]);
    this.#options.onMissing(range);
  };

  #newNotes(): readonly LogLine[] {
    return this.#options.sources.has('orch') ? noteLines(this.#notes.read(), this.#recording.times) : [];
  }
}

/** task.log and events.jsonl. */
const NOTES = /^(?:task\.log|events\.jsonl)$/;

interface Rendering {
  readonly spans: readonly RenderSpan[];
  readonly goesOn: boolean;
  readonly onMissing: (range: MissingRange) => void;
  readonly styles: boolean;
  readonly stylesFrom?: number;
}

/** The lines with the notes between them. Of a view that begins somewhere, those from there on; of notes alone the last ones. */
async function* inOrder(
  lines: AsyncIterable<LineBatch>,
  notes: NoteQueue,
  begin: Beginning,
): AsyncGenerator<LogBatch, void, void> {
  let begun = begin.type !== 'last';
  if (begin.type === 'after') notes.drop(({ ts }) => ts !== undefined && ts <= begin.noted);
  for await (const some of lines) {
    const top = some instanceof TextLines ? some : some[0];
    if (!begun && top !== undefined) {
      notes.drop(({ offset }) => offset < top.offset);
      begun = true;
    }
    yield* notes.weave(some);
  }
  const rest = notes.takeAll();
  const last = begin.type === 'last' && !begun ? rest.slice(begin.lines === 0 ? rest.length : -begin.lines) : rest;
  if (last.length > 0) yield { source: 'orch', lines: last };
}

async function* nothing(): AsyncGenerator<never, void, void> {
  // A recording whose bytes are not wanted.
}
