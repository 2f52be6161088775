/** A set of code points: inclusive ranges in ascending order that neither touch nor overlap. */
export type CodePoints = readonly (readonly [from: number, to: number])[];

const LAST = 0x10ffff;

export const ANY: CodePoints = [[0, LAST]];
/** JavaScript's `\d`, `\w` and `\s`. */
export const DIGIT: CodePoints = [[0x30, 0x39]];
export const WORD: CodePoints = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];
/** Case-insensitively, these two equal an s and a k. */
export const WORD_WITHOUT_CASE = [...WORD, [0x17f, 0x17f], [0x212a, 0x212a]] as const;
export const LINE_END: CodePoints = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
];
export const WHITE_SPACE: CodePoints = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];

export function union(all: readonly CodePoints[]): CodePoints {
  const out: [number, number][] = [];
  for (const [from, to] of all.flat().sort((a, b) => a[0] - b[0])) {
    const last = out.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else out.push([from, to]);
  }
  return out;
}

export function complement(ranges: CodePoints): CodePoints {
  const out: [number, number][] = [];
  let next = 0;
  for (const [from, to] of ranges) {
    if (from > next) out.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= LAST) out.push([next, LAST]);
  return out;
}

/** The code points with a Unicode property, such as `L` or `Script=Greek`, tested one by one with this Node's engine (30 ms). */
export function property(name: string): CodePoints {
  const known = PROPERTIES.get(name);
  if (known !== undefined) return known;
  const has = new RegExp(`^\\p{${name}}$`, 'u');
  const out: [number, number][] = [];
  for (let at = 0; at <= LAST; at++) {
    if (!has.test(String.fromCodePoint(at))) continue;
    const last = out.at(-1);
    if (last?.[1] === at - 1) last[1] = at;
    else out.push([at, at]);
  }
  PROPERTIES.set(name, out);
  return out;
}

const PROPERTIES = new Map<string, CodePoints>();
