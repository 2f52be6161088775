import { createHash } from 'node:crypto';
import type { Frame } from '../model/frame.js';
import { type FrameSequence, frameSequenceOf, lengthOf, type Moment, type Shot } from './frame-sequence.js';
import { rounded } from './paint.js';
import { CELL_HEIGHT, CELL_WIDTH, type DocumentOptions, SVG_END, svgBeginning, svgCursor, svgRow } from './svg-rows.js';

export interface AnimationOptions extends Pick<DocumentOptions, 'title' | 'margin'> {
  /** Called with each shot before anything is drawn; `count`: how many there were, this one included. */
  readonly onShot?: (shot: Shot, count: number) => void;
}

/**
 * What was on a screen as an SVG that plays by itself, over and over, without a script: every row of the screen is a window,
 * behind which a strip with all that ever stood there moves. Where nothing moves, or the reader asked for less motion, its last
 * picture is seen. Yields lines of the document. `moments` are read twice: no row is kept, only where and when each was seen.
 */
export async function* animationToSvg(
  moments: () => AsyncIterable<Moment>,
  { onShot, ...options }: AnimationOptions = {},
): AsyncGenerator<string, void, void> {
  const board = new Storyboard();
  const sequence = await frameSequenceOf(moments, (shot, count) => {
    onShot?.(shot, count);
    board.add(shot);
  });
  const lengthMs = lengthOf(sequence);
  yield `${svgBeginning(sequence, options)}\n`;
  yield `<style>.m{animation:${fine(lengthMs / 1000)}s step-end infinite}\n`;
  yield '@media(prefers-reduced-motion:reduce){.m{animation:none}}\n';
  for (const [row, { moves }] of board.tracks.entries())
    if (moves.length > 1) yield keyframes(`r${row}`, lengthMs, moves.map(stepOf));
  if (board.cursor.isSeen) yield keyframes('cursor', lengthMs, board.cursor.steps);
  yield '</style>\n<defs>\n';
  const blank = new Set<number>();
  for await (const { content, drawn } of contentsOf(sequence, board)) {
    if (drawn === '') blank.add(content);
    else yield `<g id="c${content}">${drawn}</g>\n`;
  }
  yield '</defs>\n';
  for (const [row, track] of board.tracks.entries()) yield* rowWindow(row, track, blank);
  if (board.cursor.isSeen) yield cursorTrack(board.cursor);
  yield SVG_END;
}

/** Each content once, as it is drawn at the top, in the order of their numbers. */
async function* contentsOf(
  sequence: FrameSequence,
  board: Storyboard,
): AsyncGenerator<{ readonly content: number; readonly drawn: string }, void, void> {
  let next = 0;
  for await (const { frame, looks } of sequence.shots()) {
    for (const [row, look] of looks.entries()) {
      if (board.numberOf(look) !== next) continue;
      yield { content: next, drawn: svgRow(frame.lines[row] ?? [], 0) };
      next++;
    }
  }
}

function* rowWindow(row: number, { strip, moves }: Track, blank: ReadonlySet<number>): Generator<string, void, void> {
  if (strip.every((content) => content === EMPTY || blank.has(content))) return;
  // As wide as the document: 100 % of its width, the margins with it.
  yield `<svg y="${row * CELL_HEIGHT}" width="100%" height="${CELL_HEIGHT}">`;
  const resting = `translate(0 ${-(moves.at(-1)?.slot ?? 0) * CELL_HEIGHT})`;
  if (moves.length > 1) yield `<g class="m" style="animation-name:r${row}" transform="${resting}">`;
  for (const [slot, content] of strip.entries()) {
    const place = slot === 0 ? '' : ` y="${slot * CELL_HEIGHT}"`;
    if (content !== EMPTY && !blank.has(content)) yield `<use href="#c${content}"${place}/>`;
  }
  yield moves.length > 1 ? '</g></svg>\n' : '</svg>\n';
}

function stepOf({ ms, slot }: Move): Step {
  return { ms, rule: slot === 0 ? 'transform:none' : `transform:translateY(${-slot * CELL_HEIGHT}px)` };
}

function cursorTrack({ last }: CursorTrack): string {
  const home = svgCursor({ cursor: { row: 0, col: 0, visible: true } });
  const resting = last?.visible === true ? `transform="translate(${placeOf(last).join(' ')})"` : 'visibility="hidden"';
  return `<g class="m" style="animation-name:cursor" ${resting}>${home}</g>\n`;
}

/** When each row is seen, and where. Each distinct row of the sequence has a number, in the order in which they are first seen. */
class Storyboard {
  /** By the hash of their looks, which are long where there are many colours. */
  readonly #numbers = new Map<string, number>();
  readonly tracks: Track[] = [];
  readonly cursor: CursorTrack = { isSeen: false, steps: [], last: undefined };
  #firstMs: number | undefined;

  add({ ms, looks, frame: { cursor } }: Shot): void {
    while (this.tracks.length < looks.length) this.tracks.push(this.#newTrack());
    this.#firstMs ??= ms;
    for (const [row, track] of this.tracks.entries()) {
      const look = looks[row];
      track.add(ms, look === undefined ? EMPTY : this.#numbered(look));
    }
    this.#addCursor(ms, cursor);
  }

  /** A row that was not there from the beginning was empty until now. */
  #newTrack(): Track {
    const track = new Track();
    if (this.#firstMs !== undefined) track.add(this.#firstMs, EMPTY);
    return track;
  }

  /** Undefined: it was never seen. */
  numberOf(look: string): number | undefined {
    return this.#numbers.get(hashOf(look));
  }

  #numbered(look: string): number {
    const hash = hashOf(look);
    const number = this.#numbers.get(hash) ?? this.#numbers.size;
    this.#numbers.set(hash, number);
    return number;
  }

  #addCursor(ms: number, cursor: Frame['cursor']): void {
    const track = this.cursor;
    const [x, y] = placeOf(cursor);
    const rule = cursor.visible ? `visibility:visible;transform:translate(${x}px,${y}px)` : 'visibility:hidden';
    if (track.steps.at(-1)?.rule !== rule) track.steps.push({ ms, rule });
    track.isSeen ||= cursor.visible;
    track.last = cursor;
  }
}

/** A row of the screen. */
class Track {
  /** The place of each content that was ever seen in it, from the top of its strip. */
  readonly #slots = new Map<number, number>();
  /** When which of them is seen. */
  readonly moves: Move[] = [];

  /** Its contents, from the top. */
  get strip(): readonly number[] {
    return [...this.#slots.keys()];
  }

  add(ms: number, content: number): void {
    const slot = this.#slots.get(content) ?? this.#slots.size;
    this.#slots.set(content, slot);
    if (this.moves.at(-1)?.slot !== slot) this.moves.push({ ms, slot });
  }
}

interface Move {
  readonly ms: number;
  readonly slot: number;
}

interface CursorTrack {
  isSeen: boolean;
  readonly steps: Step[];
  last: Frame['cursor'] | undefined;
}

function hashOf(look: string): string {
  return createHash('sha256').update(look).digest('base64');
}

function placeOf({ row, col }: { readonly row: number; readonly col: number }): readonly [x: number, y: number] {
  return [rounded(col * CELL_WIDTH), row * CELL_HEIGHT];
}

interface Step {
  readonly ms: number;
  readonly rule: string;
}

function keyframes(name: string, lengthMs: number, steps: readonly Step[]): string {
  const frames = steps.map(({ ms, rule }, at) => `${at === 0 ? 0 : fine((100 * ms) / lengthMs)}%{${rule}}`);
  return `@keyframes ${name}{${frames.join('')}}\n`;
}

function fine(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

/** No content has this number: a row below the screen of that time. */
const EMPTY = -1;
