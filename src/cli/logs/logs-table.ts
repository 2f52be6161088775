import { type Clock, sleep } from '../../core/clock.js';
import { ExitCode } from '../../core/exit-status.js';
import { Semaphore } from '../../core/async/semaphore.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
import type { Paint } from '../../view/print/colour.js';
import { followStreams } from '../../view/streams/follow-streams.js';
import { LiveRegion } from '../../view/print/live-region.js';
import { LogStream } from '../../view/streams/log-stream.js';
import { progressTable } from '../../view/tasks/progress-table.js';
import type { CliContext } from '../options/context.js';
import { interruptOf } from '../output/interrupt.js';
import type { Selection } from './logs-lines.js';
import { canRedraw, type LinesRequest } from './logs-options.js';

export interface TableRequest {
  readonly lines: LinesRequest;
  /** Between two pictures, in milliseconds. */
  readonly intervalMs: number;
  readonly paint: Paint;
}

/** How long the first picture waits for the last lines, where there is only one. */
const FIRST_LOOK_MS = 500;

/** A table of tasks and what they are doing: kept up to date on a terminal, until Ctrl-C; elsewhere once. */
export async function showTable(request: TableRequest, selection: Selection, context: CliContext): Promise<number> {
  using interrupt = interruptOf(context);
  const stop = new AbortController();
  interrupt.signal.addEventListener('abort', () => {
    stop.abort();
  });
  const table = new Table(request, selection, context, stop);
  try {
    if (canRedraw(context)) await table.keepUpToDate();
    else await table.printOnce();
  } finally {
    stop.abort();
  }
  return interrupt.signal.aborted ? ExitCode.interrupted : ExitCode.ok;
}

class Table {
  readonly #request: TableRequest;
  readonly #context: CliContext;
  readonly #streams: LogStream[] = [];
  readonly #lastLines = new Map<LogStream, string>();
  readonly #reading: Promise<void>;
  readonly #stop: AbortController;
  #unread = 0;

  constructor(request: TableRequest, selection: Selection, context: CliContext, stop: AbortController) {
    this.#request = request;
    this.#context = context;
    this.#stop = stop;
    this.#reading = this.#read(selection);
  }

  async keepUpToDate(): Promise<void> {
    const { stdout, clock } = this.#context;
    const region = new LiveRegion();
    const { signal } = this.#stop;
    const over = new AbortController();
    void this.#reading.finally(() => {
      over.abort();
    });
    for (;;) {
      const { columns = 80, rows = 24 } = stdout;
      await stdout.write(region.update('', this.#lines(columns - 1).slice(0, rows - 1), columns));
      if (signal.aborted || over.signal.aborted) break;
      await Promise.race([sleep(clock, this.#request.intervalMs, signal), this.#reading]);
    }
    await stdout.write(region.end());
    await this.#reading;
  }

  async printOnce(): Promise<void> {
    const { stdout, clock } = this.#context;
    await this.#untilRead(clock);
    this.#stop.abort();
    await stdout.write(
      this.#lines(stdout.columns)
        .map((line) => `${line}\n`)
        .join(''),
    );
  }

  /** Waits until there is a last line of each task, or a moment for those that have none. */
  async #untilRead(clock: Clock): Promise<void> {
    const until = clock.monotonic() + FIRST_LOOK_MS;
    while (this.#unread > 0 && clock.monotonic() < until) await sleep(clock, 10);
  }

  #lines(columns: number | undefined): readonly string[] {
    const { paint } = this.#request;
    return progressTable(this.#streams, this.#lastLines, { now: this.#context.clock.now(), columns, paint });
  }

  async #read({ tasks, arrivals }: Selection): Promise<void> {
    const { ends } = this.#request.lines;
    const turns = new Semaphore(this.#request.lines.maxStreams);
    const open = (task: TaskFolder): LogStream => this.#open(task, turns);
    const streams = tasks.map(open);
    this.#unread = streams.length;
    for await (const item of followStreams({ streams, arrivals, open, ends, stop: this.#stop })) {
      if ('ended' in item) continue;
      const { stream, batch } = item;
      const last = batch.lines.findLast(({ text }) => text.trim() !== '');
      if (!this.#lastLines.has(stream)) this.#unread--;
      if (last !== undefined || !this.#lastLines.has(stream)) this.#lastLines.set(stream, last?.text.trim() ?? '');
    }
  }

  #open(task: TaskFolder, turns: Semaphore): LogStream {
    const stream = new LogStream(task, {
      sources: new Set(['backend']),
      alt: this.#request.lines.alt,
      styles: false,
      begin: { type: 'last', lines: 1 },
      until: undefined,
      follow: true,
      filter: { grep: undefined, exclude: undefined, context: 0 },
      timed: false,
      turns,
      signal: this.#stop.signal,
      clock: this.#context.clock,
      // The table shows what is wrong with a task as its status.
      onProblem: () => undefined,
      onNotice: () => undefined,
    });
    this.#streams.push(stream);
    return stream;
  }
}
