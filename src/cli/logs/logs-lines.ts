import { withoutInvisible } from '../../core/text/printable.js';
import { existsSync } from 'node:fs';
import { type OrchError, errors } from '../../core/errors.js';
import { ExitCode } from '../../core/exit-status.js';
import { Semaphore } from '../../core/async/semaphore.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
import { readTask } from '../../store/task/task-reader.js';
import { clippedRow } from '../../view/print/clip-runs.js';
import { CursorFile } from '../../view/streams/cursor-file.js';
import { followStreams, type StreamEnd } from '../../view/streams/follow-streams.js';
import { LogPrinter } from '../../view/streams/log-printer.js';
import { type BeginningOfView, LogStream } from '../../view/streams/log-stream.js';
import { byTime, grouped, type StreamedBatch } from '../../view/streams/merge-streams.js';
import { shownTable } from '../../view/tasks/shown-table.js';
import { endText } from '../../view/tasks/task-status.js';
import type { CliContext } from '../options/context.js';
import { type LineOutput, LiveLineOutput, plainOutput } from '../output/line-output.js';
import type { LinesRequest } from './logs-options.js';
import { pagedOutput } from '../output/pager.js';
import { failureLine } from '../output/report-failure.js';

/** Whose lines: these tasks, and those that start later. */
export interface Selection {
  readonly tasks: readonly TaskFolder[];
  readonly arrivals: ((signal: AbortSignal) => AsyncIterable<TaskFolder>) | undefined;
}

/**
 * Shows lines until there are no more, or `interrupt`, which ends it with exit code 130. Exit code 4 where something was
 * missing, as lines on stderr say.
 */
export async function showLines(
  request: LinesRequest,
  selection: Selection,
  context: CliContext,
  interrupt: AbortSignal,
): Promise<number> {
  return new LinesView(request, context).show(selection, interrupt);
}

/** How often the cursor file is kept up to date while following. */
const SAVE_MS = 1000;

class LinesView {
  readonly #request: LinesRequest;
  readonly #context: CliContext;
  readonly #printer: LogPrinter;
  readonly #cursor: CursorFile | undefined;
  readonly #turns: Semaphore;
  readonly #output: LineOutput;
  /** Ends all reading. */
  readonly #stop = new AbortController();
  /** In the order in which they came. */
  readonly #streams: LogStream[] = [];
  readonly #active = new Set<LogStream>();
  /** Tasks of which something was said already. */
  readonly #troubled = new Set<string>();
  #problems = 0;
  #savedAt = 0;

  constructor(request: LinesRequest, context: CliContext) {
    this.#request = request;
    this.#context = context;
    this.#printer = new LogPrinter({ ...request, isTTY: context.stdout.isTTY });
    this.#cursor = request.cursor === undefined ? undefined : new CursorFile(request.cursor);
    this.#turns = new Semaphore(request.maxStreams);
    this.#output = this.#openOutput();
  }

  async show(selection: Selection, interrupt: AbortSignal): Promise<number> {
    interrupt.addEventListener('abort', () => {
      this.#stop.abort();
    });
    const output = this.#output;
    try {
      for await (const item of this.#source(selection)) {
        if (interrupt.aborted) break;
        if ('ended' in item) {
          await this.#ended(item.ended);
          continue;
        }
        const { stream, batch } = item;
        await output.show(this.#printer.print(stream, batch));
        this.#noteCursor(stream);
      }
      await output.end();
    } finally {
      this.#stop.abort();
      this.#cursor?.save();
    }
    if (this.#request.summary) await this.#context.stderr.write(shownTable(this.#streams));
    if (interrupt.aborted) return ExitCode.interrupted;
    return this.#problems === 0 ? ExitCode.ok : ExitCode.damaged;
  }

  #openOutput(): LineOutput {
    const { clock } = this.#context;
    const { live, pager } = this.#request;
    if (pager) return pagedOutput(this.#context);
    if (!live) return plainOutput(this.#context);
    return new LiveLineOutput(this.#context, clock, (columns, rows) => this.#drawn(columns, rows));
  }

  #source({ tasks, arrivals }: Selection): AsyncIterable<StreamedBatch | StreamEnd> {
    const { follow, order, maxStreams, begin, ends } = this.#request;
    const isMerged = !follow && order === 'stream' && tasks.length > 1;
    const streams = tasks.map((task) => this.#open(task, begin, isMerged));
    if (follow) {
      const open = (task: TaskFolder): LogStream => this.#open(task, { type: 'start' }, false);
      return followStreams({ streams, arrivals, open, ends, stop: this.#stop });
    }
    if (!isMerged) return grouped(streams);
    if (streams.length > maxStreams) {
      throw errors.badArgument(
        `${streams.length} tasks are too many to sort by time: ${maxStreams} are read at once`,
        '--order grouped shows one after the other; --max-streams allows more',
      );
    }
    return byTime(streams);
  }

  #open(task: TaskFolder, begin: BeginningOfView, isMerged: boolean): LogStream {
    const request = this.#request;
    const { timestamps, output, grep, exclude, context, until } = request;
    const known = this.#cursor?.of(task.id);
    const fresh: BeginningOfView = this.#cursor !== undefined && begin.type === 'last' ? { type: 'start' } : begin;
    const stream = new LogStream(task, {
      sources: request.sources,
      alt: request.alt,
      // Links are among the colours of a line.
      styles: request.colour || request.output === 'json',
      begin: known === undefined ? fresh : { type: 'after', ...known },
      until,
      follow: request.follow,
      filter: { grep, exclude, context },
      timed: timestamps !== undefined || output === 'json' || isMerged,
      turns: this.#turns,
      signal: this.#stop.signal,
      clock: this.#context.clock,
      onProblem: (problem) => {
        this.#troubled.add(task.id);
        this.#problem(problem);
      },
      onNotice: (text) => {
        void this.#output.say(`orch: ${text}`).catch(() => undefined);
      },
    });
    this.#streams.push(stream);
    this.#active.add(stream);
    this.#printer.expect(stream);
    return stream;
  }

  async #ended(stream: LogStream): Promise<void> {
    this.#active.delete(stream);
    const entry = readTask(stream.folder);
    if (entry.type === 'task') {
      if (entry.status !== 'running') await this.#output.say(`orch: ${endText(entry)}`);
    } else if (!this.#troubled.has(stream.id) && !existsSync(entry.folder.path))
      await this.#output.say(`orch: ${stream.id} was removed`);
  }

  /** The rows beneath the lines: all rows that one task draws, or the last row of each of several. */
  #drawn(columns: number, rows: number): readonly string[] {
    const width = columns - 1;
    const [only, ...others] = this.#active;
    if (only === undefined) return [];
    if (others.length === 0 && !this.#request.prefix) {
      return only
        .unsettled()
        .slice(-Math.max(1, rows - 1))
        .map((row) => withoutInvisible(clippedRow(row, width)));
    }
    const drawn = [...this.#active].flatMap((stream) => {
      const row = stream.unsettled().at(-1);
      return row === undefined
        ? []
        : [this.#printer.prefixed(stream, (left) => withoutInvisible(clippedRow(row, left)), width)];
    });
    return drawn.slice(-Math.max(1, Math.floor(rows / 2)));
  }

  #noteCursor(stream: LogStream): void {
    if (this.#cursor === undefined) return;
    this.#cursor.reached(stream.id, stream.position);
    const now = this.#context.clock.monotonic();
    if (now - this.#savedAt < SAVE_MS) return;
    this.#savedAt = now;
    this.#cursor.save();
  }

  #problem(problem: OrchError | string): void {
    this.#problems++;
    const line = typeof problem === 'string' ? `orch: ${problem}` : failureLine(problem);
    void this.#output.say(line).catch(() => undefined);
  }
}
