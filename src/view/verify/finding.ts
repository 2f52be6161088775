/** The checks, in the order in which they are reported. */
export type CheckName =
  | 'manifest'
  | 'bytes'
  | 'offsets'
  | 'gaps'
  | 'events'
  | 'iterations'
  | 'index'
  | 'resizes'
  | 'stream'
  | 'files'
  | 'sha256'
  | 'keyframes';

/**
 * `ok`: it holds. `failed`: something is missing or damaged. `note`: something to know that is neither, such as what could not
 * be checked. `mended`: derived data was rebuilt.
 */
export type Result = 'ok' | 'failed' | 'note' | 'mended';

export interface CheckAnswer {
  readonly result: Result;
  /** What was found; may hold any text of a manifest, control characters included. */
  readonly text: string;
}

export interface Finding extends CheckAnswer {
  readonly check: CheckName;
}

export function ok(text: string): CheckAnswer {
  return { result: 'ok', text };
}

export function failed(text: string): CheckAnswer {
  return { result: 'failed', text };
}

export function note(text: string): CheckAnswer {
  return { result: 'note', text };
}

/** The first of these problems, and how many more there are; where there is none, that all is well. */
export function judged(problems: readonly string[], well: string): CheckAnswer {
  const [first, ...others] = problems;
  if (first === undefined) return ok(well);
  return failed(others.length === 0 ? first : `${first} (and ${groupedCount(others.length, 'more problem')})`);
}

/** `1,234,567` */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 segment`, `1,234 segments` */
export function groupedCount(count: number, what: string): string {
  return `${grouped(count)} ${what}${count === 1 ? '' : 's'}`;
}
