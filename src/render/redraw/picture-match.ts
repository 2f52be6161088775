import { byteAt, wordAt } from '../../core/items/element-at.js';
import { isSameLineLater, isSamePlaceLater, type LineFace } from './line-state.js';

/** Of a line of the old picture: where it stands in the new one, as it was or in a later state. */
export interface Counterpart {
  readonly at: number;
  readonly type: 'same' | 'later';
}

/**
 * Finds for each line of an old picture the line of the new one that stands for it: undefined where it stands nowhere.
 * Each line of the new picture stands for one of the old at most, so that a line printed twice is there twice.
 *
 * Most keep their order, and are aligned as `diff` does it; what has moved past others is found afterwards. Lines without
 * letters, blank or ruled, are the same everywhere and prove nothing: they count in an unbroken run with a line that does.
 */
export function matchPictures(
  old: readonly LineFace[],
  fresh: readonly LineFace[],
): readonly (Counterpart | undefined)[] {
  const found: (Counterpart | undefined)[] = Array.from({ length: old.length });
  const numbered = new Set([...wordsOfSeveral(old), ...wordsOfSeveral(fresh)]);
  const isLater: IsLater = (a, b) => isSameLineLater(a, b, numbered.has(a.words));
  align(old, fresh, isLater, found);
  dropMisplaced(old, fresh, isLater, found);
  dropUnanchored(old, found);
  findMoved(old, fresh, isLater, found);
  return found;
}

type Found = (Counterpart | undefined)[];
type IsLater = (earlier: LineFace, later: LineFace) => boolean;

/** The words that more than one of the lines have. */
function wordsOfSeveral(lines: readonly LineFace[]): readonly string[] {
  const seen = new Set<string>();
  return lines.flatMap(({ words }) => {
    if (seen.has(words)) return [words];
    seen.add(words);
    return [];
  });
}

function align(old: readonly LineFace[], fresh: readonly LineFace[], isLater: IsLater, found: Found): void {
  let from = 0;
  while (from < old.length && from < fresh.length && isSame(old[from], fresh[from])) {
    found[from] = { at: from, type: 'same' };
    from++;
  }
  let oldTo = old.length;
  let freshTo = fresh.length;
  while (oldTo > from && freshTo > from && isSame(old[oldTo - 1], fresh[freshTo - 1])) {
    oldTo--;
    freshTo--;
    found[oldTo] = { at: freshTo, type: 'same' };
  }
  const middle = { old: old.slice(from, oldTo), fresh: fresh.slice(from, freshTo), isLater };
  const pairs = middle.old.length * middle.fresh.length <= MAX_COMPARED ? bestPairs(middle) : nextPairs(middle);
  for (const { oldAt, at, type } of pairs) found[from + oldAt] = { at: from + at, type };
}

interface Pair extends Counterpart {
  readonly oldAt: number;
}

interface Pictures {
  readonly old: readonly LineFace[];
  readonly fresh: readonly LineFace[];
  readonly isLater: IsLater;
}

/** The pairs, in the order of both, that are worth most together. */
function bestPairs({ old, fresh, isLater }: Pictures): readonly Pair[] {
  const width = fresh.length + 1;
  const best = new Uint32Array((old.length + 1) * width);
  const worths = new Uint8Array(old.length * fresh.length);
  for (let a = old.length - 1; a >= 0; a--) {
    for (let b = fresh.length - 1; b >= 0; b--) {
      const worth = worthOf(old[a], fresh[b], isLater);
      worths[a * fresh.length + b] = worth;
      const paired = worth === 0 ? 0 : worth + wordAt(best, (a + 1) * width + b + 1);
      best[a * width + b] = Math.max(paired, wordAt(best, (a + 1) * width + b), wordAt(best, a * width + b + 1));
    }
  }
  const pairs: Pair[] = [];
  for (let a = 0, b = 0; a < old.length && b < fresh.length; ) {
    const worth = byteAt(worths, a * fresh.length + b);
    const here = wordAt(best, a * width + b);
    if (worth > 0 && here === worth + wordAt(best, (a + 1) * width + b + 1)) {
      pairs.push({ oldAt: a, at: b, type: worth === LATER ? 'later' : 'same' });
      a++;
      b++;
    } else if (here === best[(a + 1) * width + b]) a++;
    else b++;
  }
  return pairs;
}

/** For pictures too large to compare every line with every other: each line with the next one that is the same. */
function nextPairs({ old, fresh, isLater }: Pictures): readonly Pair[] {
  const pairs: Pair[] = [];
  let oldAt = 0;
  for (const [at, face] of fresh.entries()) {
    const limit = Math.min(old.length, oldAt + LOOK_AHEAD_LINES);
    for (let next = oldAt; next < limit; next++) {
      const worth = worthOf(old[next], face, isLater);
      if (worth === 0) continue;
      pairs.push({ oldAt: next, at, type: worth === LATER ? 'later' : 'same' });
      oldAt = next + 1;
      break;
    }
  }
  return pairs;
}

/** What is only like a line that stood in its place has to be in its place: beside another pair, or at the same edge. */
function dropMisplaced(old: readonly LineFace[], fresh: readonly LineFace[], isLater: IsLater, found: Found): void {
  const isBeside = (at: number, pair: Counterpart, step: -1 | 1): boolean => {
    const edge = step === -1 ? at === 0 && pair.at === 0 : at === old.length - 1 && pair.at === fresh.length - 1;
    return edge || found[at + step]?.at === pair.at + step;
  };
  const misplaced = found.flatMap((pair, at) => {
    const [earlier, later] = [old[at], pair && fresh[pair.at]];
    if (pair?.type !== 'later' || earlier === undefined || later === undefined) return [];
    return isLater(earlier, later) || isBeside(at, pair, -1) || isBeside(at, pair, 1) ? [] : [at];
  });
  for (const at of misplaced) found[at] = undefined;
}

function dropUnanchored(old: readonly LineFace[], found: Found): void {
  const anchored = new Set<number>();
  const follow = (at: number, step: -1 | 1): void => {
    const [pair, before] = [found[at], found[at - step]];
    if (pair === undefined) return;
    if (old[at]?.hasLetters === true) anchored.add(at);
    else if (anchored.has(at - step) && before !== undefined && pair.at - before.at === step) anchored.add(at);
  };
  for (let at = 0; at < old.length; at++) follow(at, 1);
  for (let at = old.length - 1; at >= 0; at--) follow(at, -1);
  for (let at = 0; at < old.length; at++) if (!anchored.has(at)) found[at] = undefined;
}

function findMoved(old: readonly LineFace[], fresh: readonly LineFace[], isLater: IsLater, found: Found): void {
  const taken = new Set(found.flatMap((pair) => pair?.at ?? []));
  const left = fresh.flatMap((face, at) => (taken.has(at) || !face.hasLetters ? [] : [at]));
  if (left.length === 0) return;
  const find = (type: Counterpart['type'], key: (face: LineFace) => string, fits: typeof isSame): void => {
    const places = new Map<string, number[]>();
    for (const at of left) {
      const face = fresh[at];
      if (face === undefined || taken.has(at)) continue;
      const same = places.get(key(face));
      if (same === undefined) places.set(key(face), [at]);
      else same.push(at);
    }
    for (const [oldAt, face] of old.entries()) {
      if (found[oldAt] !== undefined || !face.hasLetters) continue;
      const candidates = places.get(key(face)) ?? [];
      const which = candidates.findIndex((at) => fits(face, fresh[at]));
      const at = candidates[which];
      if (at === undefined) continue;
      candidates.splice(which, 1);
      taken.add(at);
      found[oldAt] = { at, type };
    }
  };
  find('same', (face) => face.condensed, isSame);
  find(
    'later',
    (face) => face.words,
    (a, b) => a !== undefined && b !== undefined && isLater(a, b),
  );
}

function isSame(a: LineFace | undefined, b: LineFace | undefined): boolean {
  return a !== undefined && b !== undefined && (a.text === b.text || a.condensed === b.condensed);
}

function worthOf(old: LineFace | undefined, fresh: LineFace | undefined, isLater: IsLater): number {
  if (old === undefined || fresh === undefined) return 0;
  if (isSame(old, fresh)) return old.hasLetters ? SAME : SAME_WITHOUT_LETTERS;
  return isLater(old, fresh) || isSamePlaceLater(old, fresh) ? LATER : 0;
}

/** What pairs are worth: two equal lines more than two states of one, and many blank ones less than either. */
const SAME = 60;
const LATER = 25;
const SAME_WITHOUT_LETTERS = 1;

/** Of pictures with more pairs of lines than this (500 lines each) not all are looked at. */
const MAX_COMPARED = 250_000;

/** How far on a line is looked for then. */
const LOOK_AHEAD_LINES = 200;
