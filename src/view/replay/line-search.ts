import { asWritten, compilePattern, type Pattern } from '../../core/pattern/pattern.js';
import { PatternRefused } from '../../core/pattern/pattern-refused.js';
import { printable } from '../../core/text/printable.js';
import type { RecordedTask } from '../lines/recorded-task.js';
import { type FoundLine, nextLine, previousLine } from './search.js';

export interface LineSearchOptions {
  readonly recording: RecordedTask;
  /** The absolute offset that a search begins at, and the one that the recording ends at, as of now. */
  readonly range: () => { readonly from: number; readonly end: number };
  readonly onResult: (result: SearchResult) => void;
}

/** How a search ended: behind `endOffset` the line is to be seen; else there is a `message`, but where it was cancelled. */
export type SearchResult =
  | { readonly type: 'found'; readonly endOffset: number }
  | { readonly type: 'none'; readonly message: string | undefined };

/** Looks for lines beside everything else, one search at a time; around the end, where there is none on the way to it. */
export class LineSearch implements Disposable {
  readonly #options: LineSearchOptions;
  #latest: { readonly pattern: Pattern; readonly under: AbortController } | undefined;

  constructor(options: LineSearchOptions) {
    this.#options = options;
  }

  /** Looks for the next line that matches; returns what to say to that. */
  begin(source: string): string {
    try {
      this.cancel();
      this.#latest = { pattern: compilePattern({ source, flags: '' }), under: new AbortController() };
      return this.goOn('forward');
    } catch (error) {
      if (!(error instanceof PatternRefused)) throw error;
      const why = error.fix === undefined ? `is not a regular expression` : `cannot be used: ${error.message}`;
      return `${printable(source)} ${why}`;
    }
  }

  /** Looks for another line that matches what was looked for last; returns what to say to that. */
  goOn(direction: 'forward' | 'back'): string {
    if (this.#latest === undefined) return 'nothing to look for: type / first';
    this.cancel();
    const { pattern } = this.#latest;
    const search = (this.#latest = { pattern, under: new AbortController() });
    const { signal } = search.under;
    this.#around(direction, pattern, signal).then(
      (found) => {
        if (this.#latest !== search) return;
        const message = signal.aborted ? undefined : 'no line matches';
        this.#options.onResult(found === undefined ? { type: 'none', message } : { type: 'found', ...found });
      },
      () => {
        this.#options.onResult({ type: 'none', message: 'the recording cannot be read' });
      },
    );
    return `looking for ${printable(asWritten(pattern))}; esc cancels`;
  }

  cancel(): void {
    this.#latest?.under.abort();
  }

  [Symbol.dispose](): void {
    this.cancel();
  }

  async #around(direction: 'forward' | 'back', pattern: Pattern, signal: AbortSignal): Promise<FoundLine | undefined> {
    const { recording, range } = this.#options;
    const look = direction === 'forward' ? nextLine : previousLine;
    const from = { recording, pattern, signal };
    return (
      (await look({ ...from, offset: range().from })) ??
      (await look({ ...from, offset: direction === 'forward' ? 0 : range().end + 1 }))
    );
  }
}
