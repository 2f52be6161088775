import type { Clock } from '../../core/clock.js';
import type { ByteSink } from '../../pty/terminal/byte-sink.js';
import { descriptorSink } from '../../pty/terminal/descriptor-sink.js';
import type { CliOutput } from '../options/context.js';

/**
 * An output that is waited for without holding up the process, for a command that records meanwhile: `process.stdout`
 * would, on a pipe or terminal without a reader. Writes come out in their order.
 */
export class UnblockedOutput implements CliOutput, Disposable {
  readonly #output: CliOutput;
  readonly #sink: ByteSink;
  readonly #stop: AbortSignal;
  #last: Promise<void> = Promise.resolve();

  /** `stop` ends the waiting for the reader; writes not done by then reject. */
  constructor(output: CliOutput, clock: Clock, stop: AbortSignal) {
    this.#output = output;
    this.#sink = descriptorSink(output.fd, clock);
    this.#stop = stop;
  }

  get fd(): number {
    return this.#output.fd;
  }

  get isTTY(): boolean {
    return this.#output.isTTY;
  }

  get columns(): number | undefined {
    return this.#output.columns;
  }

  get rows(): number | undefined {
    return this.#output.rows;
  }

  write(text: string | Uint8Array): Promise<void> {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    const written = this.#last.then(() => this.#write(bytes));
    this.#last = written.catch(() => undefined);
    return written;
  }

  [Symbol.dispose](): void {
    this.#sink[Symbol.dispose]();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let left = bytes; ; ) {
      left = left.subarray(this.#sink.write(left));
      if (left.length === 0) break;
      await this.#unlessStopped((done) => {
        this.#sink.whenWritable(done);
      });
    }
    await this.#unlessStopped((done) => {
      this.#sink.flush().then(done, done);
    });
  }

  /** Waits until `begin` calls back; throws when `stop` aborts. */
  async #unlessStopped(begin: (done: () => void) => void): Promise<void> {
    const stop = this.#stop;
    stop.throwIfAborted();
    await new Promise<void>((resolve) => {
      const done = (): void => {
        stop.removeEventListener('abort', done);
        resolve();
      };
      stop.addEventListener('abort', done);
      begin(done);
    });
    stop.throwIfAborted();
  }
}
