import { type Color, FLAGS, type Frame, PLAIN, type Run, type Style, sameStyle } from './frame.js';

/** The rows as text, each with a newline, down to the last with text; without any control character else. */
export function frameToText(frame: Frame): string {
  return inkedLines(frame)
    .map((runs) => `${textOf(runs).trimEnd()}\n`)
    .join('');
}

/** The rows with their colours as SGR, each reset at its end, for a terminal or a file that one will show. */
export function frameToAnsi(frame: Frame): string {
  return inkedLines(frame)
    .map((runs) => `${runsToAnsi(runs)}\n`)
    .join('');
}

/** One row or line with its colours as SGR, each reset at its end. */
export function runsToAnsi(runs: readonly Run[]): string {
  return runs.map(ansiRun).join('');
}

/** A whole HTML page: a `pre` with inline styles, no script, nothing fetched. */
export function frameToHtml(frame: Frame, options: { readonly title?: string } = {}): string {
  const body = frame.lines.map((runs) => runs.map(htmlRun).join('')).join('\n');
  return [
    '<!doctype html>',
    '<html lang="en">',
    `<head><meta charset="utf-8"><title>${escapeMarkup(options.title ?? 'terminal')}</title></head>`,
    `<body style="margin:0;background:${PAPER}">`,
    `<pre style="margin:0;padding:1em;background:${PAPER};color:${INK};font:14px/1.2 ${FONT}">${body}</pre>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** An SVG picture, 8.4 by 17 units a cell; the text stays text. */
export function frameToSvg(frame: Frame): string {
  const width = frame.cols * CELL_WIDTH;
  const height = frame.rows * CELL_HEIGHT;
  const rows = frame.lines.map((runs, row) => svgRow(runs, row)).filter((row) => row !== '');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${height}" width="${round(width)}" height="${height}">`,
    `<rect width="100%" height="100%" fill="${PAPER}"/>`,
    `<g font-family="${FONT}" font-size="14" fill="${INK}" xml:space="preserve">`,
    ...rows,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

/** A shape that scripts can rely on: the size, the cursor (zero-based) and the rows as text. */
export function frameToJson(frame: Frame): string {
  const lines = frame.lines.map((runs) => textOf(runs).trimEnd());
  return `${JSON.stringify({ cols: frame.cols, rows: frame.rows, cursor: frame.cursor, lines })}\n`;
}

function inkedLines(frame: Frame): readonly (readonly Run[])[] {
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
  if (sameStyle(style, PLAIN)) return text;
  const flags = FLAGS.filter((flag) => style[flag]).map((flag) => SGR_FLAGS[flag]);
  const codes = [...flags, ...sgrColor(style.foreground, 30), ...sgrColor(style.background, 40)];
  return `\x1b[${codes.join(';')}m${text}\x1b[0m`;
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
  return css === '' ? shown : `<span style="${css}">${shown}</span>`;
}

function cssOf(style: Style): string {
  const { ink, paper } = painted(style);
  const lines = [style.underline ? 'underline' : '', style.strikethrough ? 'line-through' : ''].filter(
    (line) => line !== '',
  );
  return [
    ink === INK ? '' : `color:${ink}`,
    paper === PAPER ? '' : `background:${paper}`,
    style.bold ? 'font-weight:bold' : '',
    style.dim ? 'opacity:.6' : '',
    style.italic ? 'font-style:italic' : '',
    lines.length === 0 ? '' : `text-decoration:${lines.join(' ')}`,
  ]
    .filter((rule) => rule !== '')
    .join(';');
}

function svgRow(runs: readonly Run[], row: number): string {
  let col = 0;
  let out = '';
  for (const { text, width, style } of runs) {
    const { ink, paper } = painted(style);
    const x = round(col * CELL_WIDTH);
    const span = round(width * CELL_WIDTH);
    const y = row * CELL_HEIGHT;
    if (paper !== PAPER) out += `<rect x="${x}" y="${y}" width="${span}" height="${CELL_HEIGHT}" fill="${paper}"/>`;
    if (text.trim() !== '' && !style.invisible) {
      out += `<text x="${x}" y="${y + BASELINE}" textLength="${span}"${svgStyle(style, ink)}>${escapeMarkup(text)}</text>`;
    }
    col += width;
  }
  return out;
}

function svgStyle(style: Style, ink: string): string {
  const lines = [style.underline ? 'underline' : '', style.strikethrough ? 'line-through' : ''].filter(
    (line) => line !== '',
  );
  return [
    ink === INK ? '' : ` fill="${ink}"`,
    style.bold ? ' font-weight="bold"' : '',
    style.dim ? ' opacity=".6"' : '',
    style.italic ? ' font-style="italic"' : '',
    lines.length === 0 ? '' : ` text-decoration="${lines.join(' ')}"`,
  ].join('');
}

function painted(style: Style): { readonly ink: string; readonly paper: string } {
  const ink = cssColor(style.foreground) ?? INK;
  const paper = cssColor(style.background) ?? PAPER;
  return style.inverse ? { ink: paper, paper: ink } : { ink, paper };
}

function cssColor(color: Color): string | undefined {
  if (color.type === 'default') return undefined;
  return `#${paletteValue(color).toString(16).padStart(6, '0')}`;
}

function paletteValue(color: Exclude<Color, { readonly type: 'default' }>): number {
  if (color.type === 'rgb') return color.value;
  const named = NAMED_COLORS[color.index];
  if (named !== undefined) return named;
  if (color.index >= 232) return 0x01_01_01 * (8 + (color.index - 232) * 10);
  const cube = color.index - 16;
  const [red, green, blue] = [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(
    (step) => CUBE_STEPS[step] ?? 0,
  );
  return ((red ?? 0) << 16) | ((green ?? 0) << 8) | (blue ?? 0);
}

function channels(value: number): readonly number[] {
  return [(value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff];
}

function escapeMarkup(text: string): string {
  return text.replace(/[&<>"]/g, (character) => MARKUP[character] ?? character);
}

/** Fractions of a unit that no one sees would only make the file longer. */
function round(value: number): number {
  return Math.round(value * 10) / 10;
}

const MARKUP: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const PAPER = '#1e1e1e';
const INK = '#d4d4d4';
const FONT = 'ui-monospace,Menlo,Consolas,monospace';
const CELL_WIDTH = 8.4;
const CELL_HEIGHT = 17;
const BASELINE = 13;
/** xterm's defaults for the sixteen named colours, and the steps of its cube (ctlseqs, "88- or 256-color"). */
const NAMED_COLORS = [
  ...[0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5],
  ...[0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff],
];
const CUBE_STEPS = [0, 95, 135, 175, 215, 255];
