import { itemAt } from '../items/element-at.js';

/** The most edits (a letter wrong, added, missing or swapped) for a suggestion; fewer in a short word. */
const MAX_EDITS = 3;
const LETTERS_PER_EDIT = 2.5;

/**
 * The word of `known` that `typed` most likely means; undefined where none is near. Case, dashes and
 * underscores make no difference.
 */
export function nearestWord(typed: string, known: readonly string[]): string | undefined {
  const wanted = plain(typed);
  let best: { readonly word: string; readonly edits: number } | undefined;
  for (const word of known) {
    const most = Math.min(MAX_EDITS, Math.floor(Math.max(wanted.length, word.length) / LETTERS_PER_EDIT));
    // Words whose lengths alone differ by more are not compared: a key may be as long as its file.
    if (Math.abs(wanted.length - plain(word).length) > most) continue;
    const edits = editDistance(wanted, plain(word));
    if (edits <= most && edits < (best?.edits ?? Infinity)) best = { word, edits };
  }
  return best?.word;
}

function plain(word: string): string {
  return word.toLowerCase().replace(/[-_]/g, '');
}

/** Damerau and Levenshtein's distance in which no letter is edited twice (optimal string alignment). */
function editDistance(from: string, to: string): number {
  let before: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let row = 1; row <= from.length; row++) {
    const next = [row];
    for (let at = 1; at <= to.length; at++) {
      const changed = from[row - 1] === to[at - 1] ? 0 : 1;
      const edits = Math.min(itemAt(last, at) + 1, itemAt(next, at - 1) + 1, itemAt(last, at - 1) + changed);
      const swapped = from[row - 1] === to[at - 2] && from[row - 2] === to[at - 1];
      next.push(swapped ? Math.min(edits, itemAt(before, at - 2) + 1) : edits);
    }
    before = last;
    last = next;
  }
  return itemAt(last, to.length);
}
