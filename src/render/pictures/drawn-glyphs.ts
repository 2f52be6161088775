import { codePointOf, itemAt } from '../../core/items/element-at.js';

/** A box in a cell, whose left upper corner is 0, 0 and whose right lower one is 1, 1; `opacity` where it is not filled. */
export interface GlyphBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly opacity?: number;
}

/**
 * Characters that are made to touch each other from cell to cell, as boxes: block elements (U+2580 to U+259F), the light and
 * heavy lines of box drawing, and Braille. Undefined for all others.
 */
export function glyphBoxes(character: string): readonly GlyphBox[] | undefined {
  const code = codePointOf(character);
  if (code < 0x2500 || code > 0x28ff) return undefined;
  if (code >= 0x2800) return brailleDots(code - 0x2800);
  if (code >= 0x2580 && code <= 0x259f) return block(code);
  const arms = ARMS.get(character);
  return arms === undefined ? undefined : lines(arms);
}

function block(code: number): readonly GlyphBox[] {
  if (code === 0x2580) return [box(0, 0, 1, 1 / 2)];
  // ▁ to █ grow from below, ▉ to ▏ shrink to the left.
  if (code <= 0x2588) return [box(0, 1 - (code - 0x2580) / 8, 1, (code - 0x2580) / 8)];
  if (code <= 0x258f) return [box(0, 0, (0x2590 - code) / 8, 1)];
  if (code === 0x2590) return [box(1 / 2, 0, 1 / 2, 1)];
  if (code <= 0x2593) return [{ ...box(0, 0, 1, 1), opacity: (code - 0x2590) / 4 }];
  if (code === 0x2594) return [box(0, 0, 1, 1 / 8)];
  if (code === 0x2595) return [box(7 / 8, 0, 1 / 8, 1)];
  const quarters = itemAt(QUARTERS, code - 0x2596);
  return [0, 1, 2, 3]
    .filter((quarter) => (quarters >> quarter) % 2 === 1)
    .map((quarter) => box((quarter % 2) / 2, quarter >> 1 ? 1 / 2 : 0, 1 / 2, 1 / 2));
}

/** Bits 0 to 2 and 6 are the left column from above, 3 to 5 and 7 the right one. */
function brailleDots(bits: number): readonly GlyphBox[] {
  return BRAILLE_PLACES.filter((_, bit) => (bits >> bit) % 2 === 1).map(([col, row]) =>
    box(0.16 + col * 0.44, 0.09 + row * 0.23, 0.24, 0.12),
  );
}

/** Boxes from the middle to the edges, each as thick as its arm. */
function lines([up, right, down, left]: Arms): readonly GlyphBox[] {
  const wide = (weight: number): number => 0.12 * weight;
  const high = (weight: number): number => 0.06 * weight;
  // Arms overlap in the middle, so that corners are whole.
  const across = Math.max(wide(up), wide(down)) / 2;
  const along = Math.max(high(left), high(right)) / 2;
  return [
    ...(up > 0 ? [box(0.5 - wide(up) / 2, 0, wide(up), 0.5 + along)] : []),
    ...(right > 0 ? [box(0.5 - across, 0.5 - high(right) / 2, 0.5 + across, high(right))] : []),
    ...(down > 0 ? [box(0.5 - wide(down) / 2, 0.5 - along, wide(down), 0.5 + along)] : []),
    ...(left > 0 ? [box(0, 0.5 - high(left) / 2, 0.5 + across, high(left))] : []),
  ];
}

function box(x: number, y: number, width: number, height: number): GlyphBox {
  return { x, y, width, height };
}

/** ▖ to ▟: bits for the upper left, upper right, lower left and lower right quarter. */
const QUARTERS = [4, 8, 1, 13, 9, 7, 11, 2, 6, 14];

const BRAILLE_PLACES: readonly (readonly [col: number, row: number])[] = [
  ...([0, 1, 2] as const).map((row) => [0, row] as const),
  ...([0, 1, 2] as const).map((row) => [1, row] as const),
  [0, 3],
  [1, 3],
];

type Arms = readonly [up: number, right: number, down: number, left: number];

/** 1 is light, 2 heavy; rounded corners are drawn square. */
const ARMS: ReadonlyMap<string, Arms> = new Map<string, Arms>([
  ['─', [0, 1, 0, 1]],
  ['│', [1, 0, 1, 0]],
  ['┌', [0, 1, 1, 0]],
  ['┐', [0, 0, 1, 1]],
  ['└', [1, 1, 0, 0]],
  ['┘', [1, 0, 0, 1]],
  ['├', [1, 1, 1, 0]],
  ['┤', [1, 0, 1, 1]],
  ['┬', [0, 1, 1, 1]],
  ['┴', [1, 1, 0, 1]],
  ['┼', [1, 1, 1, 1]],
  ['╭', [0, 1, 1, 0]],
  ['╮', [0, 0, 1, 1]],
  ['╯', [1, 0, 0, 1]],
  ['╰', [1, 1, 0, 0]],
  ['╴', [0, 0, 0, 1]],
  ['╵', [1, 0, 0, 0]],
  ['╶', [0, 1, 0, 0]],
  ['╷', [0, 0, 1, 0]],
  ['━', [0, 2, 0, 2]],
  ['┃', [2, 0, 2, 0]],
  ['┏', [0, 2, 2, 0]],
  ['┓', [0, 0, 2, 2]],
  ['┗', [2, 2, 0, 0]],
  ['┛', [2, 0, 0, 2]],
  ['┣', [2, 2, 2, 0]],
  ['┫', [2, 0, 2, 2]],
  ['┳', [0, 2, 2, 2]],
  ['┻', [2, 2, 0, 2]],
  ['╋', [2, 2, 2, 2]],
]);
