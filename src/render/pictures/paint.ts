import { paletteColour } from '../../core/terminal/palette.js';
import type { Color, Style } from '../model/frame.js';

/** The colour of text where a program asked for none. */
export const BACKGROUND = '#1e1e1e';
export const FOREGROUND = '#d4d4d4';
export const FONT = 'ui-monospace,Menlo,Consolas,monospace';

/** The colours of a style as `#rrggbb`. */
export function painted(style: Style): { readonly foreground: string; readonly background: string } {
  const foreground = cssColor(style.foreground) ?? FOREGROUND;
  const background = cssColor(style.background) ?? BACKGROUND;
  return style.inverse ? { foreground: background, background: foreground } : { foreground, background };
}

/** The lines a style draws through its text, as CSS's `text-decoration` names them; empty where there are none. */
export function decorationOf(style: Style): string {
  return [style.underline ? 'underline' : '', style.strikethrough ? 'line-through' : '']
    .filter((line) => line !== '')
    .join(' ');
}

/** Any text as the text of HTML or XML, or as an attribute in double quotes; what XML cannot hold becomes U+FFFD. */
export function escapeMarkup(text: string): string {
  return text.replace(NOT_XML, '\ufffd').replace(/[&<>"]/g, (character) => MARKUP[character] ?? character);
}

/** Fractions of a unit that no one sees would only make the file longer. */
export function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

export function channels(value: number): readonly number[] {
  return [(value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff];
}

function cssColor(color: Color): string | undefined {
  if (color.type === 'default') return undefined;
  return `#${(color.type === 'rgb' ? color.value : paletteColour(color.index)).toString(16).padStart(6, '0')}`;
}

/** All that is no Char of XML 1.0, halves of surrogate pairs included. */
const NOT_XML = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;
const MARKUP: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
