/**
 * By how many rows a block of `before` moved up to become `after`, and which of its rows that pushed out: those above the
 * block that moved, as far as it moved.
 */
export function scrolledBy(
  before: readonly string[],
  after: readonly string[],
): { readonly by: number; readonly rows: readonly number[] } {
  let best = { by: 0, first: 0, matches: aligned(before, after, 0).matches };
  for (let by = 1; by < before.length; by++) {
    const { matches, first } = aligned(before, after, by);
    if (matches >= MIN_ALIGNED && matches > best.matches) best = { by, first, matches };
  }
  return { by: best.by, rows: Array.from({ length: best.by }, (_, index) => best.first + index) };
}

/** How many rows with text are equal when `before` is moved up by `by`, and the first of them in `after`. */
function aligned(
  before: readonly string[],
  after: readonly string[],
  by: number,
): { readonly matches: number; readonly first: number } {
  let matches = 0;
  let first = -1;
  for (const [at, text] of after.entries()) {
    if (text === '' || text !== before[at + by]) continue;
    // A row that stands still is a header or a border, not of what moved.
    if (by > 0 && text === before[at]) continue;
    if (first === -1) first = at;
    matches++;
  }
  return { matches, first: Math.max(first, 0) };
}

/** Fewer equal rows say nothing about a shift. */
const MIN_ALIGNED = 3;
