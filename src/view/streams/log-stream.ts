import { OrchError } from '../../core/errors.js';
import { printable } from '../../core/text/printable.js';
import type { Row } from '../../render/model/row.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
import { lastWritten } from '../../store/log/segments.js';
import { readTask, type TaskEntry } from '../../store/task/task-reader.js';
import { withTimes } from '../lines/capture-times.js';
import { missingRangeText } from '../lines/missing-range.js';
import { lineCount, type LogBatch } from '../lines/log-batch.js';
import type { Printed } from './log-printer.js';
import { LineFilter, type LineFilterOptions } from '../lines/line-filter.js';
import { RecordedTask } from '../lines/recorded-task.js';
import type { Beginning } from '../lines/beginning.js';
import { TaskLines, type TaskLinesOptions } from '../lines/task-lines.js';

export interface LogStreamOptions extends Omit<TaskLinesOptions, 'begin' | 'to' | 'onMissing'> {
  readonly begin: BeginningOfView;
  /** Wall time of the last line wanted, milliseconds of Unix time. */
  readonly until: number | undefined;
  readonly filter: LineFilterOptions;
  /** Lines carry the time they were captured. */
  readonly timed: boolean;
  /** Something about the recording is not as it should be: an error, or a sentence. */
  readonly onProblem: (problem: OrchError | string) => void;
  /** Something a reader should know of it that is as it should be. */
  readonly onNotice: (text: string) => void;
}

/** As TaskLines begins, or at a wall time in milliseconds of Unix time, which each task has at another offset. */
export type BeginningOfView = Beginning | { readonly type: 'since'; readonly ms: number };

/** How far a task has been shown. */
export interface ShownPosition {
  readonly offset: number;
  readonly noted: number;
}

/** The lines of one task in a view of several. A failure is reported, and ends only this task. */
export class LogStream implements Printed {
  readonly id: string;
  readonly label: string;
  readonly folder: TaskFolder;
  readonly #entry: TaskEntry;
  readonly #options: LogStreamOptions;
  #lines: TaskLines | undefined;
  #recording: RecordedTask | undefined;
  #iteration: number | undefined;
  #start: number | undefined;
  #offset = 0;
  #noted = 0;
  #shown = 0;

  constructor(folder: TaskFolder, options: LogStreamOptions) {
    this.#entry = readTask(folder);
    this.#options = options;
    this.folder = folder;
    this.id = folder.id;
    this.label = printable((this.#entry.type === 'task' ? this.#entry.manifest.name : undefined) ?? folder.id);
    this.#start = this.#entry.type === 'task' ? Date.parse(this.#entry.manifest.started) : undefined;
    const { begin } = options;
    if (begin.type === 'after') {
      this.#offset = begin.offset;
      this.#noted = begin.noted;
    }
  }

  get start(): number | undefined {
    return this.#start;
  }

  /** How far its lines have been given. */
  get position(): ShownPosition {
    return { offset: this.#offset, noted: this.#noted };
  }

  /** How many lines have been given. */
  get shown(): number {
    return this.#shown;
  }

  /** When its recording last grew, in milliseconds of Unix time; undefined where there is none. */
  get lastOutput(): number | undefined {
    return lastWritten(this.folder.path);
  }

  /** Which run of the agent there is, or was last; undefined where it is run once. */
  get iteration(): number | undefined {
    return this.#recording?.iterationAt(Infinity) ?? this.#iteration;
  }

  /** The rows being drawn whose lines were not emitted yet. */
  unsettled(): readonly Row[] {
    return this.#lines?.unsettled() ?? [];
  }

  /** To be read once. */
  async *read(): AsyncGenerator<LogBatch, void, void> {
    const { onProblem } = this.#options;
    if (this.#entry.type === 'unreadable') onProblem(this.#entry.problem);
    try {
      using recording = new RecordedTask(this.#entry);
      const filter = new LineFilter(this.#options.filter, this.#options.signal);
      for await (const batch of this.#batches(recording)) {
        this.#reach(batch);
        for (const some of await filter.filter(batch)) {
          this.#shown += lineCount(some);
          yield some;
        }
      }
      const problem = this.#indexProblem(recording);
      if (problem !== undefined) onProblem(`${this.id}: ${problem}`);
    } catch (error) {
      if (!(error instanceof OrchError)) throw error;
      onProblem(error);
    } finally {
      // A view may have hundreds of ended tasks: only a few numbers of each are kept.
      this.#iteration = this.iteration;
      this.#lines = undefined;
      this.#recording = undefined;
    }
  }

  #batches(recording: RecordedTask): AsyncIterable<LogBatch> {
    const { begin, until, timed, clock, follow, onProblem, onNotice } = this.#options;
    this.#start ??= recording.times.start;
    this.#recording = recording;
    const lines = new TaskLines(recording, {
      ...this.#options,
      begin: begin.type === 'since' ? { type: 'after', ...positionAt(begin.ms, recording) } : begin,
      to: until === undefined ? undefined : { ...positionAt(until, recording), noted: until },
      onMissing: (range) => {
        // A removed range between the lines has a line there.
        if (!range.removed) onProblem(`${this.id}: ${missingRangeText(range)}`);
        else if (range.offset === 0) onNotice(`${this.id}: ${missingRangeText(range)}`);
      },
    });
    this.#lines = lines;
    return timed ? withTimes(lines.read(), recording, { live: follow, clock }) : lines.read();
  }

  /** An index that was removed is missed only where times are asked for. */
  #indexProblem({ times }: RecordedTask): string | undefined {
    const { timed, begin, until } = this.#options;
    const wanted = timed || begin.type === 'since' || until !== undefined;
    return times.isMissing && wanted ? 'backend.idx is missing; times are coarse' : times.problem;
  }

  #reach(batch: LogBatch): void {
    if (batch.text !== undefined) {
      this.#offset = Math.max(this.#offset, batch.text.endOffset);
      return;
    }
    const { source, lines } = batch;
    for (const { endOffset, ts = 0 } of lines) {
      if (source === 'backend') this.#offset = Math.max(this.#offset, endOffset);
      else this.#noted = Math.max(this.#noted, ts);
    }
  }
}

/** Where a recording was at a wall time; at its beginning where it is not known when that was. */
function positionAt(ms: number, { times }: RecordedTask): ShownPosition {
  return { offset: times.start === undefined ? 0 : times.offsetAt(ms - times.start), noted: ms };
}
