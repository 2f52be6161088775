import { codePointOf, itemAt } from '../../core/items/element-at.js';
import { cellWidth } from '../../core/terminal/cell-width.js';
import { type GlyphBox, glyphBoxes } from './drawn-glyphs.js';
import type { Frame, Run, Style } from '../model/frame.js';
import { decorationOf, escapeMarkup, FONT, FOREGROUND, BACKGROUND, painted, rounded } from './paint.js';

/** Units of a picture. */
export const CELL_WIDTH = 8.4;
export const CELL_HEIGHT = 17;

/**
 * `runs`: text stays text, stretched to its columns whatever the font. `cells`: for a drawer that cannot do that, and a font
 * whose characters are as wide as a cell; blocks, lines and Braille are drawn, since fonts leave gaps between them or lack
 * them.
 */
export type Lettering = 'runs' | 'cells';

/** A whole SVG document of `size` cells around `body`, which is drawn on background. */
export function svgDocument(size: Cells, body: readonly string[], options: DocumentOptions = {}): string {
  return [svgBeginning(size, options), ...body.filter((line) => line !== ''), SVG_END].join('\n');
}

/** What stands in front of the body, without a newline at its end. */
export function svgBeginning(
  { cols, rows }: Cells,
  { title, font = SYSTEM_FONT, margin = 0 }: DocumentOptions,
): string {
  const width = rounded(cols * CELL_WIDTH + 2 * margin);
  const height = rows * CELL_HEIGHT + 2 * margin;
  const place = margin === 0 ? '' : ` x="${-margin}" y="${-margin}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${0 - margin} ${0 - margin} ${width} ${height}" width="${width}" height="${height}">`,
    ...(title === undefined ? [] : [`<title>${escapeMarkup(title)}</title>`]),
    `<rect${place} width="100%" height="100%" fill="${BACKGROUND}"/>`,
    `<g font-family="${font.family}" font-size="${font.size}" fill="${FOREGROUND}" shape-rendering="crispEdges" xml:space="preserve" style="white-space:pre">`,
  ].join('\n');
}

/** What stands behind it. */
export const SVG_END = '</g>\n</svg>\n';

interface Cells {
  readonly cols: number;
  readonly rows: number;
}

export interface DocumentOptions {
  readonly title?: string;
  readonly font?: PictureFont;
  /** Units of background around the cells. */
  readonly margin?: number;
}

export interface PictureFont {
  /** As CSS has it. */
  readonly family: string;
  /** In units. */
  readonly size: number;
}

/** One row whose top is at `y`; empty where nothing is to be seen. */
export function svgRow(runs: readonly Run[], y: number, lettering: Lettering = 'runs'): string {
  let col = 0;
  let out = '';
  for (const run of runs) {
    const { foreground, background } = painted(run.style);
    if (background !== BACKGROUND) out += svgBox({ col, y, cols: run.width }, `fill="${background}"`);
    if (!run.style.invisible)
      out +=
        lettering === 'runs' ? svgLinked(run, svgText(run, foreground, col, y)) : svgCells(run, foreground, col, y);
    col += run.width;
  }
  return out;
}

/** The cursor as a block that what is under it shines through; empty where the program hid it. */
export function svgCursor({ cursor }: Pick<Frame, 'cursor'>): string {
  return cursor.visible ? svgBox({ col: cursor.col, y: cursor.row * CELL_HEIGHT, cols: 1 }, CURSOR) : '';
}

function svgBox(
  { col, y, cols }: { readonly col: number; readonly y: number; readonly cols: number },
  fill: string,
): string {
  const x = rounded(col * CELL_WIDTH);
  return `<rect x="${x}" y="${y}" width="${rounded(cols * CELL_WIDTH)}" height="${CELL_HEIGHT}" ${fill}/>`;
}

/** Only what stays a document can be followed: one of cells becomes pixels. */
function svgLinked({ style: { link } }: Run, drawn: string): string {
  if (link === undefined || drawn === '') return drawn;
  return `<a href="${escapeMarkup(link.uri)}" rel="noreferrer">${drawn}</a>`;
}

/** Wide characters apart from others: stretched together, all would leave their columns where the font has none of them. */
function svgText(run: Run, foreground: string, col: number, y: number): string {
  const { style } = run;
  const decoration = decorationOf(style);
  const lines = decoration === '' ? '' : ` text-decoration="${decoration}"`;
  const attributes = `${fillOf(style, foreground)}${letterOf(style)}${lines}`;
  let out = '';
  for (const { text, at, width } of stretches(cellsOf(run), run.width)) {
    // Blanks that no line is drawn through are room.
    const shown = decoration === '' ? text.trim() : text;
    if (shown === '') continue;
    const before = decoration === '' ? text.length - text.trimStart().length : 0;
    const x = rounded((col + at + before) * CELL_WIDTH);
    const span = rounded((width - (text.length - shown.length)) * CELL_WIDTH);
    out += `<text x="${x}" y="${y + BASELINE}" textLength="${span}"${attributes}>${escapeMarkup(shown)}</text>`;
  }
  return out;
}

/** Neighbouring cells of one kind as one piece; `columns`: where the last ends. */
function stretches(cells: readonly Cell[], columns: number): readonly (Cell & { readonly width: number })[] {
  const starts = cells.flatMap(({ at }, index) =>
    index > 0 && kindOf(cells, index - 1) === kindOf(cells, index) ? [] : [{ index, at }],
  );
  return starts.map(({ index, at }, which) => {
    const next = starts[which + 1];
    const text = cells.slice(index, next?.index).map((cell) => cell.text);
    return { text: text.join(''), at, width: (next?.at ?? columns) - at };
  });
}

/** Several blanks are a gap: not every viewer keeps more than one of them. */
function kindOf(cells: readonly Cell[], index: number): 'wide' | 'gap' | 'text' {
  const isBlank = (at: number): boolean => cells[at]?.text === ' ';
  if (isBlank(index) && (isBlank(index - 1) || isBlank(index + 1))) return 'gap';
  return isWide(itemAt(cells, index).text) ? 'wide' : 'text';
}

function svgCells(run: Run, foreground: string, col: number, y: number): string {
  let drawn = lineUnder(run, col, y);
  // Neighbouring characters are drawn in one piece and stay in their columns: the font is as wide as a cell.
  let piece: { readonly x: number; text: string } | undefined;
  const end = (): void => {
    if (piece === undefined) return;
    const text = piece.text.trimEnd();
    if (text !== '')
      drawn += `<text x="${fine(piece.x)}" y="${y + BASELINE}"${letterOf(run.style)}>${escapeMarkup(text)}</text>`;
    piece = undefined;
  };
  for (const { text, at } of cellsOf(run)) {
    const x = (col + at) * CELL_WIDTH;
    const boxes = glyphBoxes(text);
    if (boxes !== undefined) {
      end();
      drawn += boxes.map((box) => svgGlyphBox(box, x, y)).join('');
    } else if (isWide(text) || text.length > 1) {
      end();
      piece = { x, text };
      end();
    } else if (piece !== undefined) piece.text += STAND_INS.get(text) ?? text;
    else if (text !== ' ') piece = { x, text: STAND_INS.get(text) ?? text };
  }
  end();
  const fill = fillOf(run.style, foreground);
  return drawn === '' || fill === '' ? drawn : `<g${fill}>${drawn}</g>`;
}

function svgGlyphBox({ x, y, width, height, opacity }: GlyphBox, left: number, top: number): string {
  const place = `x="${fine(left + x * CELL_WIDTH)}" y="${fine(top + y * CELL_HEIGHT)}"`;
  const size = `width="${fine(width * CELL_WIDTH)}" height="${fine(height * CELL_HEIGHT)}"`;
  return `<rect ${place} ${size}${opacity === undefined ? '' : ` fill-opacity="${opacity}"`}/>`;
}

/** Under and through blanks and drawn glyphs, too. */
function lineUnder({ width, style }: Run, col: number, y: number): string {
  const place = `x="${rounded(col * CELL_WIDTH)}" width="${rounded(width * CELL_WIDTH)}" height="1"`;
  const under = style.underline ? `<rect ${place} y="${y + BASELINE + 1}"/>` : '';
  return style.strikethrough ? `${under}<rect ${place} y="${y + BASELINE - 5}"/>` : under;
}

/** The characters of a run, each with the column it begins at, counted from the run's first; marks go with theirs. */
function cellsOf({ text, width }: Run): readonly Cell[] {
  const cells: { text: string; readonly at: number }[] = [];
  let at = 0;
  for (const character of text.replace(DIRECTIONS, '')) {
    const last = cells.at(-1);
    if (last !== undefined && MARK.test(character)) last.text += character;
    else {
      cells.push({ text: character, at });
      at += isWide(character) ? 2 : 1;
    }
  }
  // Where the emulator counted other widths, characters are spread evenly, so that none leaves its columns.
  return at === width ? cells : cells.map((cell) => ({ ...cell, at: (cell.at * width) / at }));
}

interface Cell {
  readonly text: string;
  readonly at: number;
}

function isWide(text: string): boolean {
  return cellWidth(codePointOf(text)) === 2;
}

function fillOf(style: Style, foreground: string): string {
  return `${foreground === FOREGROUND ? '' : ` fill="${foreground}"`}${style.dim ? ' opacity=".6"' : ''}`;
}

function letterOf(style: Style): string {
  return `${style.bold ? ' font-weight="bold"' : ''}${style.italic ? ' font-style="italic"' : ''}`;
}

function fine(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Whatever the reader has. */
const SYSTEM_FONT: PictureFont = { family: FONT, size: 14 };
const BASELINE = 13;
const CURSOR = `fill="${FOREGROUND}" fill-opacity=".6"`;

/** They would have a picture's text run otherwise than the terminal's cells, where they do nothing. */
const DIRECTIONS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const MARK = /^[\p{M}\u200d\ufe0f]$/u;

/** For characters that agents draw and few fonts have: the one that is most like them. */
const STAND_INS: ReadonlyMap<string, string> = new Map([
  ['\u23fa', '\u25cf'],
  ['\u23bf', '\u2514'],
  ['\u23f5', '\u25b6'],
  ['\u23f8', '\u2016'],
  ['\u23f9', '\u25a0'],
]);
