import { type Link, sameLink } from './link.js';

/** A screen as a plain value: what a picture of it needs, and nothing of the emulator it came from. */
export interface Frame {
  readonly cols: number;
  readonly rows: number;
  /** Zero-based. `visible`: the program did not hide it (DECTCEM). */
  readonly cursor: { readonly row: number; readonly col: number; readonly visible: boolean };
  /** One for each row, from the top; each the runs of its text from the left, without the blanks at its end. */
  readonly lines: readonly (readonly Run[])[];
}

/** A rectangle of a screen, in cells from its upper left corner; it may reach beyond the screen. */
export interface Window {
  readonly top: number;
  readonly left: number;
  readonly cols: number;
  readonly rows: number;
}

/** Neighbouring cells that look alike. */
export interface Run {
  readonly text: string;
  /** The columns it takes: a wide character takes two. */
  readonly width: number;
  readonly style: Style;
}

export interface Style {
  readonly foreground: Color;
  readonly background: Color;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
  readonly invisible: boolean;
  readonly strikethrough: boolean;
  /** Where it leads, where a program said so (OSC 8); only addresses that are safe to follow. */
  readonly link?: Link;
}

export type Color =
  | { readonly type: 'default' }
  /** 0 to 15 the named colours, then the 6×6×6 cube and 24 greys (xterm). */
  | { readonly type: 'palette'; readonly index: number }
  /** 0xRRGGBB. */
  | { readonly type: 'rgb'; readonly value: number };

export const PLAIN: Style = {
  foreground: { type: 'default' },
  background: { type: 'default' },
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  inverse: false,
  invisible: false,
  strikethrough: false,
};

/** The beginning of `runs`, as far as `chars` UTF-16 units of their text go. */
export function firstChars(runs: readonly Run[], chars: number): readonly Run[] {
  const kept: Run[] = [];
  let left = chars;
  for (const run of runs) {
    if (left <= 0) break;
    const rest = run.text.length - left;
    // Only blanks are ever cut off, and each of those is a column.
    kept.push(rest <= 0 ? run : { ...run, text: run.text.slice(0, left), width: run.width - rest });
    left -= run.text.length;
  }
  return kept;
}

/** Neighbours that look alike as one: a line that was wrapped a thousand times is no thousand runs. */
export function mergedRuns(runs: readonly Run[]): readonly Run[] {
  const groups: { readonly texts: string[]; width: number; readonly style: Style }[] = [];
  for (const { text, width, style } of runs) {
    const last = groups.at(-1);
    if (last !== undefined && sameStyle(last.style, style)) {
      last.texts.push(text);
      last.width += width;
    } else groups.push({ texts: [text], width, style });
  }
  return groups.map(({ texts, width, style }) => ({ text: texts.join(''), width, style }));
}

export function sameStyle(a: Style, b: Style): boolean {
  return (
    sameColor(a.foreground, b.foreground) &&
    sameColor(a.background, b.background) &&
    FLAGS.every((flag) => a[flag] === b[flag]) &&
    sameLink(a.link, b.link)
  );
}

/** The attributes that are on or off. */
export const FLAGS = ['bold', 'dim', 'italic', 'underline', 'inverse', 'invisible', 'strikethrough'] as const;

function sameColor(a: Color, b: Color): boolean {
  if (a.type === 'palette') return b.type === 'palette' && a.index === b.index;
  return a.type === 'rgb' ? b.type === 'rgb' && a.value === b.value : b.type === 'default';
}
