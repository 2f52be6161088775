import type { Film } from './film.js';
import { round } from './paint.js';
import { CELL_HEIGHT, CELL_WIDTH, type DocumentOptions, svgCursor, svgDocument, svgRow } from './svg-rows.js';

/**
 * A film as an SVG that plays by itself, over and over, without a script: every row of the screen is a window, behind which a
 * strip with all that ever stood there moves. Where nothing moves, or the reader asked for less motion, its last picture is
 * seen.
 */
export function filmToSvg(film: Film, options: Pick<DocumentOptions, 'title' | 'margin'> = {}): string {
  const lengthMs = film.endMs + REST_MS;
  const tracks = Array.from({ length: film.rows }, (_, row) => rowTrack(film, row));
  const shared = sharedContents(film, tracks);
  const drawn = (content: number, y: number): string => svgRow(film.contents[content] ?? [], y);
  const windows = tracks.map(({ strip, moves }, row) => {
    const cells = strip.map((content, slot) => {
      const y = slot * CELL_HEIGHT;
      return shared.has(content) ? `<use href="#c${content}"${y === 0 ? '' : ` y="${y}"`}/>` : drawn(content, y);
    });
    const ink = cells.join('');
    if (ink === '') return '';
    // As wide as the document: 100 % of its width, the margins with it.
    const window = `<svg y="${row * CELL_HEIGHT}" width="100%" height="${CELL_HEIGHT}">`;
    if (moves.length < 2) return `${window}${ink}</svg>`;
    const resting = `translate(0 ${-(moves.at(-1)?.slot ?? 0) * CELL_HEIGHT})`;
    return `${window}<g class="m" style="animation-name:r${row}" transform="${resting}">${ink}</g></svg>`;
  });
  const definitions = [...shared].map((content) => `<g id="c${content}">${drawn(content, 0)}</g>`);
  const rules = [
    `.m{animation:${fine(lengthMs / 1000)}s step-end infinite}`,
    '@media(prefers-reduced-motion:reduce){.m{animation:none}}',
    ...tracks.flatMap(({ moves }, row) =>
      moves.length < 2 ? [] : [keyframes(`r${row}`, lengthMs, moves.map(stepOf))],
    ),
    ...cursorRules(film, lengthMs),
  ];
  const body = ['<defs>', ...definitions, '</defs>', ...windows, ...cursorTrack(film)];
  return svgDocument(film, body, { ...options, style: rules.join('\n') });
}

interface Track {
  /** The distinct contents of a row, from the top of its strip. */
  readonly strip: readonly number[];
  /** When which of them is seen. */
  readonly moves: readonly Move[];
}

interface Move {
  readonly ms: number;
  readonly slot: number;
}

/** What is on more than one strip, and to be seen: it is drawn once. */
function sharedContents(film: Film, tracks: readonly Track[]): ReadonlySet<number> {
  const seen = new Set<number>();
  const shared = new Set<number>();
  for (const content of tracks.flatMap(({ strip }) => strip)) {
    if (seen.has(content) && svgRow(film.contents[content] ?? [], 0) !== '') shared.add(content);
    seen.add(content);
  }
  return shared;
}

function rowTrack(film: Film, row: number): Track {
  const slots = new Map<number, number>();
  const moves: Move[] = [];
  for (const { ms, rows } of film.shots) {
    const content = rows[row] ?? EMPTY;
    const slot = slots.get(content) ?? slots.size;
    slots.set(content, slot);
    if (moves.at(-1)?.slot !== slot) moves.push({ ms, slot });
  }
  return { strip: [...slots.keys()], moves };
}

function stepOf({ ms, slot }: Move): Step {
  return { ms, rule: slot === 0 ? 'transform:none' : `transform:translateY(${-slot * CELL_HEIGHT}px)` };
}

function cursorTrack({ shots }: Film): readonly string[] {
  if (!shots.some(({ cursor }) => cursor.visible)) return [];
  const home = svgCursor({ cursor: { row: 0, col: 0, visible: true } });
  const last = shots.at(-1)?.cursor;
  const resting = last?.visible === true ? `transform="translate(${placeOf(last).join(' ')})"` : 'visibility="hidden"';
  return [`<g class="m" style="animation-name:cursor" ${resting}>${home}</g>`];
}

function cursorRules({ shots }: Film, lengthMs: number): readonly string[] {
  if (!shots.some(({ cursor }) => cursor.visible)) return [];
  const steps: Step[] = [];
  for (const { ms, cursor } of shots) {
    const [x, y] = placeOf(cursor);
    const rule = cursor.visible ? `visibility:visible;transform:translate(${x}px,${y}px)` : 'visibility:hidden';
    if (steps.at(-1)?.rule !== rule) steps.push({ ms, rule });
  }
  return [keyframes('cursor', lengthMs, steps)];
}

function placeOf({ row, col }: { readonly row: number; readonly col: number }): readonly [x: number, y: number] {
  return [round(col * CELL_WIDTH), row * CELL_HEIGHT];
}

interface Step {
  readonly ms: number;
  readonly rule: string;
}

function keyframes(name: string, lengthMs: number, steps: readonly Step[]): string {
  const frames = steps.map(({ ms, rule }, at) => `${at === 0 ? 0 : fine((100 * ms) / lengthMs)}%{${rule}}`);
  return `@keyframes ${name}{${frames.join('')}}`;
}

function fine(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

/** No content has this number: a row below the screen of that time. */
const EMPTY = -1;

/** The last picture stands for so long before all begins again: long enough to be read. */
const REST_MS = 3000;
