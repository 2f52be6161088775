import type { RedrawCycle } from './redraw-cycle.js';

/** How many lines, counted from the last, a program that prints all again may still change on a screen of `rows` rows: its frame. */
export function liveLinesOf(rows: number): number {
  return LIVE_SCREENS * rows;
}

/**
 * The new picture has grown beyond the old one by more than may still change, or beyond what is held of any. `inUpdate`: a
 * synchronized update is open, which the picture is drawn in.
 */
export function hasOutgrown(
  { type, old, fresh, freshChars, recurs }: RedrawCycle,
  { rows, inUpdate }: { readonly rows: number; readonly inUpdate: boolean },
): boolean {
  if (type === 'update' && !inUpdate && fresh.length <= MAX_HELD_LINES) return false;
  const mayGrow = inUpdate && (recurs || type === 'raised');
  const own = type === 'raised' ? rows : liveLinesOf(rows);
  const growth = mayGrow ? MAX_HELD_LINES : Math.min(own + old.length, MAX_HELD_LINES);
  return fresh.length > growth || freshChars > MAX_HELD_CHARS;
}

/** A picture held longer than this is no frame; what goes beyond is emitted. */
export const MAX_HELD_LINES = 4000;
export const MAX_HELD_CHARS = 4_000_000;

const LIVE_SCREENS = 5;
