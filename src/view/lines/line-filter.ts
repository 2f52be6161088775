import type { Pattern } from '../../core/pattern/pattern.js';
import type { LogBatch, LogLine } from './log-batch.js';
import { matchesIn } from './pattern-match.js';

export interface LineFilterOptions {
  /** Only lines that match, with `context` lines around each; undefined: all lines. */
  readonly grep: Pattern | undefined;
  readonly context: number;
  /** Never lines that match. */
  readonly exclude: Pattern | undefined;
}

/** Which lines of one task are shown, as grep(1) would choose them. */
export class LineFilter {
  readonly #options: LineFilterOptions;
  readonly #signal: AbortSignal | undefined;
  /** The last lines that did not match: the context of a match to come. */
  #before: { readonly batch: LogBatch; readonly line: LogLine }[] = [];
  /** The number of context lines still to come after the last match. */
  #after = 0;
  #shownAny = false;
  #leftOut = false;

  /** `signal` ends what takes long; nothing that comes out afterwards counts. */
  constructor(options: LineFilterOptions, signal?: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
  }

  /** The lines of `batch` that are shown, behind context lines of earlier batches. */
  async filter(batch: LogBatch): Promise<readonly LogBatch[]> {
    const { grep, exclude } = this.#options;
    if (grep === undefined && exclude === undefined) return [batch];
    const lines = exclude === undefined ? batch.lines : await this.#without(exclude, batch.lines);
    if (grep === undefined) return [{ ...batch, lines }];
    const out: LogBatch[] = [];
    for (const line of lines) {
      const found = this.#matches(grep, line);
      // Waiting for what is there already would take a third as long again.
      if (typeof found === 'boolean' ? found : await found) this.#match({ batch, line }, out);
      else if (this.#after > 0) {
        this.#after--;
        add(out, { batch, line });
      } else this.#keepBefore({ batch, line });
    }
    return out;
  }

  async #without(exclude: Pattern, lines: readonly LogLine[]): Promise<readonly LogLine[]> {
    const left: LogLine[] = [];
    for (const line of lines) {
      const found = this.#matches(exclude, line);
      if (!(typeof found === 'boolean' ? found : await found)) left.push(line);
    }
    return left;
  }

  #matches(pattern: Pattern, { text }: LogLine): boolean | Promise<boolean> {
    return matchesIn(pattern, text, this.#signal);
  }

  #match(found: Found, out: LogBatch[]): void {
    const { context } = this.#options;
    if (context > 0 && this.#shownAny && this.#leftOut) add(out, { batch: found.batch, line: SEPARATOR });
    for (const before of this.#before) add(out, before);
    this.#before = [];
    add(out, found);
    this.#after = context;
    this.#shownAny = true;
    this.#leftOut = false;
  }

  #keepBefore(found: Found): void {
    this.#before.push(found);
    if (this.#before.length <= this.#options.context) return;
    this.#before.shift();
    this.#leftOut = true;
  }
}

interface Found {
  readonly batch: LogBatch;
  readonly line: LogLine;
}

/** Between lines that did not follow one another. */
export const SEPARATOR: LogLine = { text: '--', offset: 0, endOffset: 0, final: true };

function add(out: LogBatch[], { batch, line }: Found): void {
  const last = out.at(-1);
  if (last?.source === batch.source) out[out.length - 1] = { ...last, lines: [...last.lines, line] };
  else out.push({ ...batch, lines: [line] });
}
