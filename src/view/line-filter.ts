import type { LogBatch, LogLine } from './log-batch.js';

export interface LineFilterOptions {
  /** Lines that match, or all; with so many lines around each. */
  readonly grep: RegExp | undefined;
  readonly context: number;
  /** Never lines that match. */
  readonly exclude: RegExp | undefined;
}

/** Which lines of one task are shown, as grep(1) would choose them. */
export class LineFilter {
  readonly #options: LineFilterOptions;
  /** Lines that come out if the next but a few matches. */
  #before: { readonly batch: LogBatch; readonly line: LogLine }[] = [];
  /** So many more come out whatever they say. */
  #after = 0;
  #shownAny = false;
  #leftOut = false;

  constructor(options: LineFilterOptions) {
    this.#options = options;
  }

  /** What of `batch` is shown, behind lines of earlier batches that stand around it. */
  filter(batch: LogBatch): readonly LogBatch[] {
    const { grep, exclude } = this.#options;
    const lines = exclude === undefined ? batch.lines : batch.lines.filter(({ text }) => !exclude.test(text));
    if (grep === undefined) return [{ ...batch, lines }];
    const out: LogBatch[] = [];
    for (const line of lines) {
      if (grep.test(line.text)) this.#match({ batch, line }, out);
      else if (this.#after > 0) {
        this.#after--;
        add(out, { batch, line });
      } else this.#keepBefore({ batch, line });
    }
    return out;
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
