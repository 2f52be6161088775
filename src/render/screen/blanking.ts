import { byteAt } from '../../core/items/element-at.js';
import { SPACE } from '../../core/terminal/codes.js';
import type { Resumable } from '../../core/resumable.js';
import type { Row } from '../model/row.js';
import type { Utf8Piece } from '../model/utf8-text.js';
import { alternateRows } from './alternate-rows.js';
import { BlankedRows, type BlankedRowsState } from './blanked-rows.js';
import type { ScreenContext } from './screen-context.js';
import type { TextWriter } from './text-writer.js';

/**
 * Notices what may blank the alternate screen, be it an erase or blanks that are written: that may be all that comes before a
 * program leaves it, and its last frame is the one before.
 */
export class Blanking implements Resumable<BlankingState> {
  readonly #context: ScreenContext;
  readonly #writer: TextWriter;
  readonly #blanked: BlankedRows;
  /** Blanks that come next stand behind text and belong to it: they blank nothing that it would have left. */
  #pads = false;

  constructor(context: ScreenContext, writer: TextWriter) {
    this.#context = context;
    this.#writer = writer;
    this.#blanked = new BlankedRows(context.limits.styles);
  }

  save(): BlankingState {
    return { blanked: this.#blanked.save(), pads: this.#pads };
  }

  resume({ blanked, pads }: BlankingState): void {
    this.#blanked.resume(blanked);
    this.#pads = pads;
  }

  /** Writes `piece`; what is blank behind its last character may blank the screen. */
  write(piece: Utf8Piece, start: number): void {
    const writer = this.#writer;
    if (!this.#isOn) {
      writer.write(piece, start);
      return;
    }
    const { text, source } = piece;
    let last = source.length - 1;
    while (last >= 0 && byteAt(source, last) <= SPACE) last--;
    if (last !== -1) this.#blanked.forget();
    this.#pads ||= last !== -1;
    let from = last + 1;
    if (this.#pads) while (from < source.length && source[from] === SPACE) from++;
    if (from < source.length) this.#pads = false;
    if (!source.includes(SPACE, from)) {
      writer.write(piece, start);
      return;
    }
    const blanks = source.length - from;
    const at = text.length - blanks;
    if (from > 0) writer.write({ text: text.subarray(0, at), source: source.subarray(0, from) }, start);
    const lineFeeds = source.subarray(from).filter((byte) => byte >= 0x0a && byte <= 0x0c).length;
    this.aboutToBlank({ cells: blanks + lineFeeds * this.#context.limits.cols });
    writer.write({ text: text.subarray(at), source: source.subarray(from) }, start + from);
  }

  /** What comes next is no text. */
  textEnded(): void {
    this.#pads = false;
  }

  /** `cells`: from the cursor on. */
  aboutToBlank(what: 'screen' | 'row' | { readonly cells: number }): void {
    if (!this.#isOn) return;
    const { feed, limits } = this.#context;
    feed.flush();
    const { cursorX, cursorY } = feed.emulator.active;
    const { rows, cols } = limits;
    const reached = typeof what === 'string' ? 0 : Math.floor((cursorX + what.cells - 1) / cols);
    const [from, to] = what === 'screen' ? [0, rows] : [cursorY, Math.min(rows, cursorY + reached + 1)];
    if (this.#blanked.has(from, to)) return;
    this.#blanked.erasing(alternateRows(this.#context, from, to), from);
  }

  /** The whole screen is about to be erased: where it is not blank yet, that is a frame by itself. */
  aboutToErase(): void {
    if (!this.#blanked.isEmpty) this.aboutToBlank('screen');
  }

  /** The character in front of the cursor is about to be repeated. */
  aboutToRepeat(count: number): void {
    if (!this.#isOn) return;
    const { feed } = this.#context;
    feed.flush();
    const { cursorX, cursorY, baseY } = feed.emulator.active;
    const repeated = feed.emulator.active.getLine(baseY + cursorY)?.getCell(cursorX - 1);
    if (repeated?.getWidth() === 1 && repeated.getChars().trim() === '') this.aboutToBlank({ cells: count });
    else this.#blanked.forget();
  }

  /** The other screen comes. */
  forget(): void {
    this.#blanked.forget();
  }

  /** `rows` of the alternate screen; where they are blank, as they were before a program that may be about to leave erased them. */
  lastFrame(rows: readonly Row[]): readonly Row[] {
    return rows.every((row) => row.text.trimEnd() === '') ? this.#blanked.restored(rows) : rows;
  }

  get #isOn(): boolean {
    const { feed, observer } = this.#context;
    return feed.emulator.onAlternate && observer.alternate !== undefined;
  }
}

export interface BlankingState {
  readonly blanked: BlankedRowsState;
  readonly pads: boolean;
}
