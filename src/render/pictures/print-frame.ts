import { type Color, FLAGS, type Frame, PLAIN, type Run, type Style, sameStyle } from '../model/frame.js';
import { type Link, linkSequence, sameLink } from '../model/link.js';
import { channels, decorationOf, escapeMarkup, FONT, FOREGROUND, BACKGROUND, painted } from './paint.js';
import { CELL_HEIGHT, type DocumentOptions, type Lettering, svgCursor, svgDocument, svgRow } from './svg-rows.js';

/** The rows as text, each with a newline, down to the last with text; without any control character else. */
export function frameToText(frame: Frame): string {
  return visibleLines(frame)
    .map((runs) => `${textOf(runs).trimEnd()}\n`)
    .join('');
}

/** The rows with their colours as SGR, each reset at its end, for a terminal or a file that one will show. */
export function frameToAnsi(frame: Frame): string {
  return visibleLines(frame)
    .map((runs) => `${runsToAnsi(runs, { links: true })}\n`)
    .join('');
}

/**
 * One row or line with its colours as SGR, each reset at its end; with `links` as OSC 8, each ended where its text ends. Without
 * that a label is text: where people read on a terminal, nothing leads to where it does not say.
 */
export function runsToAnsi(runs: readonly Run[], { links = false }: { readonly links?: boolean } = {}): string {
  return runs
    .map((run) => {
      const { link } = run.style;
      const text = ansiRun(run);
      return links && link !== undefined ? `${linkSequence(link)}${text}${linkSequence(undefined)}` : text;
    })
    .join('');
}

/** A whole HTML page: a `pre` with inline styles, no script, nothing fetched. */
export function frameToHtml(frame: Frame, options: { readonly title?: string } = {}): string {
  const body = frame.lines.map((runs) => runs.map(htmlRun).join('')).join('\n');
  return [
    '<!doctype html>',
    '<html lang="en">',
    `<head><meta charset="utf-8"><title>${escapeMarkup(options.title ?? 'terminal')}</title></head>`,
    `<body style="margin:0;background:${BACKGROUND}">`,
    `<pre style="margin:0;padding:1em;background:${BACKGROUND};color:${FOREGROUND};font:14px/1.2 ${FONT}">${body}</pre>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** An SVG picture, 8.4 by 17 units a cell; the text stays text. */
export function frameToSvg(frame: Frame, options: SvgOptions = {}): string {
  const rows = frame.lines.map((runs, row) => svgRow(runs, row * CELL_HEIGHT, options.lettering));
  return svgDocument(frame, options.cursor === true ? [...rows, svgCursor(frame)] : rows, options);
}

export interface SvgOptions extends DocumentOptions {
  /** Draws the cursor, where the program shows it. */
  readonly cursor?: boolean;
  readonly lettering?: Lettering;
}

/** A shape that scripts can rely on: the size, the cursor (zero-based) and the rows as text; the links, where there are any. */
export function frameToJson(frame: Frame): string {
  const lines = frame.lines.map((runs) => textOf(runs).trimEnd());
  const { row, col } = frame.cursor;
  const links = frame.lines.flatMap((runs, at) => linksOf(runs).map((link) => ({ row: at, ...link })));
  return `${JSON.stringify({ cols: frame.cols, rows: frame.rows, cursor: { row, col }, lines, ...(links.length > 0 && { links }) })}\n`;
}

/** The links of a row or line, each with the range of its text in UTF-16 units. */
export function linksOf(runs: readonly Run[]): readonly LinkedText[] {
  const found: LinkedText[] = [];
  let at = 0;
  for (const { text, style } of runs) {
    const { link } = style;
    const last = found.at(-1);
    const end = at + text.length;
    if (link !== undefined && last?.end === at && sameLink(last, link)) found[found.length - 1] = { ...last, end };
    else if (link !== undefined) found.push({ start: at, end, ...link });
    at = end;
  }
  return found;
}

export interface LinkedText extends Link {
  readonly start: number;
  readonly end: number;
}

function visibleLines(frame: Frame): readonly (readonly Run[])[] {
  const last = frame.lines.findLastIndex((runs) =>
    runs.some((run) => run.text.trim() !== '' || !sameStyle(run.style, PLAIN)),
  );
  return frame.lines.slice(0, last + 1);
}

/** Concealed text (SGR 8) stands in what is read as text, as in tmux's capture; a picture leaves its place empty. */
function textOf(runs: readonly Run[]): string {
  return runs.map((run) => run.text).join('');
}

function ansiRun({ text, style }: Run): string {
  const pen = penToAnsi(style);
  return pen === '' ? text : `${pen}${text}\x1b[0m`;
}

/** The SGR with which text looks like this on a terminal without any; its link is left out. */
export function penToAnsi(style: Style): string {
  if (sameStyle(style, style.link === undefined ? PLAIN : { ...PLAIN, link: style.link })) return '';
  const flags = FLAGS.filter((flag) => style[flag]).map((flag) => SGR_FLAGS[flag]);
  const codes = [...flags, ...sgrColor(style.foreground, 30), ...sgrColor(style.background, 40)];
  return `\x1b[${codes.join(';')}m`;
}

/** ECMA-48 SGR. */
const SGR_FLAGS = { bold: 1, dim: 2, italic: 3, underline: 4, inverse: 7, invisible: 8, strikethrough: 9 } as const;

function sgrColor(color: Color, base: 30 | 40): readonly number[] {
  if (color.type === 'default') return [];
  if (color.type === 'rgb') return [base + 8, 2, ...channels(color.value)];
  if (color.index < 8) return [base + color.index];
  return color.index < 16 ? [base + 60 + color.index - 8] : [base + 8, 5, color.index];
}

function htmlRun({ text, style }: Run): string {
  const shown = escapeMarkup(style.invisible ? text.replace(/\S/gu, ' ') : text);
  const css = cssOf(style);
  const { link } = style;
  if (link === undefined) return css === '' ? shown : `<span style="${css}">${shown}</span>`;
  return `<a href="${escapeMarkup(link.uri)}" rel="noreferrer" style="${css === '' ? '' : `${css};`}${LINK_CSS}">${shown}</a>`;
}

/** As the program drew it, but that it can be seen to lead somewhere. */
const LINK_CSS = 'color:inherit;text-decoration:underline';

function cssOf(style: Style): string {
  const { foreground, background } = painted(style);
  const lines = decorationOf(style);
  return [
    foreground === FOREGROUND ? '' : `color:${foreground}`,
    background === BACKGROUND ? '' : `background:${background}`,
    style.bold ? 'font-weight:bold' : '',
    style.dim ? 'opacity:.6' : '',
    style.italic ? 'font-style:italic' : '',
    lines === '' ? '' : `text-decoration:${lines}`,
  ]
    .filter((rule) => rule !== '')
    .join(';');
}
