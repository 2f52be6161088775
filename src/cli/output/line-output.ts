import type { Clock, Timer } from '../../core/clock.js';
import { LiveRegion } from '../../view/print/live-region.js';
import type { CliContext, CliOutput } from '../options/context.js';

/** The output of a view of lines. */
export interface LineOutput {
  /** Whole lines, or nothing: something may have changed in what is still being drawn. */
  show(text: string | Uint8Array): Promise<void>;
  /** A line of orch's own, for stderr. */
  say(line: string): Promise<void>;
  /** Nothing more comes. */
  end(): Promise<void>;
}

/** What may be the bytes of it. */
export function asText(shown: string | Uint8Array): string {
  return typeof shown === 'string' ? shown : Buffer.from(shown).toString();
}

/** Lines and nothing else, for pipes, files, and terminals that do not follow. */
export function plainOutput({ stdout, stderr }: Outputs): LineOutput {
  return {
    show: async (text) => {
      if (text.length > 0) await stdout.write(text);
    },
    say: (line) => stderr.write(`${line}\n`),
    end: () => Promise.resolve(),
  };
}

/** Where lines go, and what is said about them. */
export type Outputs = Pick<CliContext, 'stdout' | 'stderr'>;

/** The least time between two redraws of the live region, ms; the eye sees no more. */
const PAINT_MS = 33;

/** Lines that scroll by, and beneath them what is still being drawn, kept up to date in place. */
export class LiveLineOutput implements LineOutput {
  readonly #stdout: CliOutput;
  readonly #stderr: CliOutput;
  readonly #clock: Clock;
  readonly #drawn: (columns: number, rows: number) => readonly string[];
  readonly #region = new LiveRegion();
  #paintedAt = Number.NEGATIVE_INFINITY;
  #timer: Timer | undefined;
  #failure: { readonly error: unknown } | undefined;

  /** `drawn` gives the rows beneath the lines, for a terminal of that size; it is asked at most thirty times a second. */
  constructor({ stdout, stderr }: Outputs, clock: Clock, drawn: (columns: number, rows: number) => readonly string[]) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#clock = clock;
    this.#drawn = drawn;
  }

  async show(shown: string | Uint8Array): Promise<void> {
    const text = asText(shown);
    if (this.#failure !== undefined) throw this.#failure.error;
    const wait = this.#paintedAt + PAINT_MS - this.#clock.monotonic();
    if (text !== '' || wait <= 0) {
      await this.#paint(text);
      return;
    }
    this.#timer ??= this.#clock.after(wait, () => {
      this.#paint('').catch((error: unknown) => {
        this.#failure = { error };
      });
    });
  }

  async say(line: string): Promise<void> {
    await this.#stdout.write(this.#region.clear(this.#stdout.columns ?? 80));
    await this.#stderr.write(`${line}\n`);
    await this.#paint('');
  }

  async end(): Promise<void> {
    this.#timer?.cancel();
    await this.#stdout.write(this.#region.end());
  }

  async #paint(text: string): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#paintedAt = this.#clock.monotonic();
    const { columns = 80, rows = 24 } = this.#stdout;
    const update = this.#region.update(text, this.#drawn(columns, rows), columns);
    if (update !== '') await this.#stdout.write(update);
  }
}
