import type { Clock } from '../../core/clock.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import { openWorker, type WorkerHandle } from '../../core/worker/open-worker.js';
import type { ByteSink } from '../../pty/terminal/byte-sink.js';
import { CLEAN_PROTOCOL, type CleanRequest, type CleanText } from './clean-protocol.js';

/** Bytes that may be on their way through the thread, from being taken to being shown as text. */
const MAX_UNSHOWN_BYTES = 256 * 1024;

/** Lines are short-lived: beside a recording they need not fill the 48 MB a thread may let lie before it cleans up. */
const YOUNG_MB = 3;

export interface CleanSinkOptions {
  /** The agent's terminal, at first. */
  readonly size: TerminalSize;
  readonly clock: Clock;
}

/**
 * Passes output on as clean text, line by line, as it becomes final or has stood still for a while. The
 * screen model that this takes runs in a thread, which the first output starts. A sink that takes its text slowly makes
 * this one take bytes slowly.
 */
export class CleanSink implements ByteSink {
  readonly #sink: ByteSink;
  readonly #options: CleanSinkOptions;
  #worker: WorkerHandle<CleanRequest, CleanText> | undefined;
  #unshown = 0;
  /** Text for the sink, and the bytes of output that are shown by it. */
  readonly #queue: { text: Uint8Array<ArrayBuffer>; readonly read: number }[] = [];
  #spent: ArrayBuffer | undefined;
  #sinkIsBusy = false;
  #whenWritable: (() => void) | undefined;
  #whenShown: (() => void) | undefined;
  #isLast = false;
  /** The failure of the sink or the thread, after which nothing is passed on. */
  #failure: { readonly error: unknown } | undefined;

  constructor(sink: ByteSink, options: CleanSinkOptions) {
    this.#sink = sink;
    this.#options = options;
  }

  write(bytes: Uint8Array): number {
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#unshown >= MAX_UNSHOWN_BYTES) return 0;
    const copy = Uint8Array.from(bytes);
    this.#unshown += copy.length;
    this.#worker ??= this.#start();
    const spent = this.#spent;
    this.#spent = undefined;
    this.#worker.tell(
      { type: 'bytes', bytes: copy, at: this.#options.clock.monotonic(), spent },
      [copy.buffer, spent].filter((memory) => memory !== undefined),
    );
    // The thread owns the bytes now.
    return bytes.length;
  }

  resize(size: TerminalSize): void {
    if (this.#failure !== undefined) return;
    this.#worker ??= this.#start();
    this.#worker.tell({ type: 'resize', size });
  }

  whenWritable(run: () => void): void {
    this.#whenWritable = run;
    this.#wake();
  }

  async flush(): Promise<void> {
    if (this.#worker === undefined) return;
    this.#finish(this.#worker);
    await new Promise<void>((resolve) => {
      this.#whenShown = resolve;
      this.#wake();
    });
    if (this.#failure !== undefined) throw this.#failure.error;
    await this.#sink.flush();
  }

  [Symbol.dispose](): void {
    this.#worker?.[Symbol.dispose]();
    this.#sink[Symbol.dispose]();
  }

  #start(): WorkerHandle<CleanRequest, CleanText> {
    return openWorker({
      program: new URL('./clean-worker.js', import.meta.url),
      protocol: CLEAN_PROTOCOL,
      data: this.#options.size,
      onFailure: (error) => {
        this.#fail(error);
      },
      onReply: (text) => {
        this.#take(text);
      },
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
  }

  /** Asks the thread for the last text. */
  #finish(worker: WorkerHandle<CleanRequest, CleanText>): void {
    worker.ask({ type: 'end' }).then(
      (last) => {
        this.#isLast = true;
        this.#take(last);
      },
      () => undefined, // The failure was reported already, or the text is not needed any more.
    );
  }

  #take({ text, read }: CleanText): void {
    this.#queue.push({ text, read });
    if (!this.#sinkIsBusy) this.#pump();
  }

  #pump(): void {
    this.#sinkIsBusy = false;
    try {
      for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
        if (next.text.length > 0) next.text = next.text.subarray(this.#sink.write(next.text));
        if (next.text.length > 0) {
          this.#sinkIsBusy = true;
          this.#sink.whenWritable(() => {
            this.#pump();
          });
          break;
        }
        this.#unshown -= next.read;
        this.#queue.shift();
        const { buffer } = next.text;
        if (buffer.byteLength > (this.#spent?.byteLength ?? 0)) this.#spent = buffer;
      }
    } catch (error) {
      this.#fail(error);
    }
    this.#wake();
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#queue.length = 0;
    this.#worker?.[Symbol.dispose]();
    this.#wake();
  }

  #wake(): void {
    const failed = this.#failure !== undefined;
    if (failed || this.#unshown < MAX_UNSHOWN_BYTES) {
      const run = this.#whenWritable;
      this.#whenWritable = undefined;
      run?.();
    }
    if (failed || (this.#isLast && this.#queue.length === 0)) this.#whenShown?.();
  }
}
