import { firstChars, type Run } from './frame.js';
import type { Line } from './line.js';

/** `text` with its colours, which are made when they are first asked for. */
export function withRuns<T extends object>(text: T, make: () => readonly Run[]): T & { readonly runs: readonly Run[] } {
  let runs: readonly Run[] | undefined;
  return Object.defineProperty(text, 'runs', { enumerable: true, get: () => (runs ??= make()) }) as T & {
    readonly runs: readonly Run[];
  };
}

/**
 * A line whose colours will hardly be asked for. An accessor of its own, as `withRuns` gives it, makes V8 describe each
 * object by itself, which takes longer than all else that is done with a line.
 */
export interface ReadableLine extends Line {
  /** Those of its row. */
  readonly readRuns: () => readonly Run[];
}

/** The colours of `line`, also where they are only to be read. */
export function runsOf(line: Line | ReadableLine): readonly Run[] | undefined {
  return 'readRuns' in line ? firstChars(line.readRuns(), line.text.length) : line.runs;
}
