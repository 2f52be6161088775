import { byteAt } from '../../core/items/element-at.js';
import { isAscii } from 'node:buffer';
import { sourceEnd, type Utf8Piece } from '../model/utf8-text.js';
import type { ScreenContext } from './screen-context.js';

/** Gives text to the emulator, in pieces of which it makes what other terminals make of the whole. */
export class TextWriter {
  readonly #context: ScreenContext;

  constructor(context: ScreenContext) {
    this.#context = context;
  }

  /**
   * `start`: where `piece` begins in the recording. Combining marks at the left edge have nothing to combine with: they are
   * dropped, as tmux does. The emulator would give them a cell.
   */
  write(piece: Utf8Piece, start: number): void {
    const { feed, modes, style } = this.#context;
    const { source } = piece;
    if (style.bytes !== '') {
      const marks = leadingMarks(piece.text);
      if (marks > 0 && marks < piece.text.length) {
        this.write({ text: piece.text.subarray(0, marks), source: source.subarray(0, marks) }, start);
        this.write({ text: piece.text.subarray(marks), source: source.subarray(marks) }, start + marks);
        return;
      }
      if (marks === 0 && piece.text.length > 0) style.apply();
    }
    if ((modes.marginTop > 0 && !feed.emulator.onAlternate) || modes.backWraps) {
      this.#singly(piece, start);
      return;
    }
    if (isAscii(piece.text)) {
      feed.text(piece.text, source, start);
      return;
    }
    if (!modes.wraps) {
      this.#singly(piece, start);
      return;
    }
    const text = Buffer.from(piece.text.buffer, piece.text.byteOffset, piece.text.length).toString();
    let from = 0;
    let sourceFrom = 0;
    const feedUpTo = (to: number): void => {
      const some = text.slice(from, to);
      const sourceTo = sourceEnd(source, sourceFrom, some);
      feed.text(Buffer.from(some), source.subarray(sourceFrom, sourceTo), start + sourceFrom);
      sourceFrom = sourceTo;
    };
    for (const match of text.matchAll(POSSIBLE_ORPHANS)) {
      const [marks] = match;
      const at = match.index;
      feedUpTo(at);
      from = at;
      if (this.#putUnderMark()) continue;
      sourceFrom = sourceEnd(source, sourceFrom, marks);
      from += marks.length;
    }
    if (from === 0) feed.text(piece.text, source, start);
    else feedUpTo(text.length);
  }

  /**
   * Has the emulator do one thing, and tells the first row of the scrolling region if that pushed it out: below other
   * rows that stay it goes nowhere, not even into the scrollback.
   */
  watched(act: () => void): void {
    const { feed, limits, modes, observer } = this.#context;
    feed.flush();
    const { emulator } = feed;
    const { marginTop, marginBottom = limits.rows - 1 } = modes;
    const { scrolls } = emulator;
    const inRegion = marginTop > 0 && !emulator.onAlternate;
    const atBottom = inRegion && emulator.normal.cursorY === marginBottom;
    const first = atBottom ? feed.rows(marginTop, marginTop + 1) : [];
    act();
    feed.flush();
    if (atBottom && emulator.scrolls !== scrolls) observer.cut?.(first);
  }

  /** Sees to it that a mark has something to stand on: a blank where nothing was written. False at the left edge. */
  #putUnderMark(): boolean {
    const { feed } = this.#context;
    feed.flush();
    const { cursorX, cursorY, baseY } = feed.emulator.active;
    const before = feed.emulator.active.getLine(baseY + cursorY)?.getCell(cursorX - 1);
    if (before?.getCode() === 0 && before.getWidth() === 1) feed.sequence('\b ', undefined, 0, feed.end);
    return cursorX > 0;
  }

  /**
   * Character by character. Where text does not wrap, what the emulator makes of a wide character in the last column
   * depends on what it is given at once; where a region scrolls, each of its rows is to be seen before it goes; where a
   * backspace goes up, the rows in between would not be known.
   */
  #singly({ text, source }: Utf8Piece, start: number): void {
    let from = 0;
    for (const character of Buffer.from(text).toString()) {
      const to = sourceEnd(source, from, character);
      const one = source.subarray(from, to);
      const at = start + from;
      from = to;
      if (MARK.test(character) && !this.#putUnderMark()) continue;
      this.watched(() => {
        this.#context.feed.text(Buffer.from(character), one, at);
      });
    }
  }
}

const MARK = /^\p{Mn}$/u;
/** Marks that follow nothing, or a control that may have brought the cursor to the left edge. */
const POSSIBLE_ORPHANS = /(?:^|(?<=\p{Cc}))\p{Mn}+/gu;

/** How many bytes of combining marks stand at the beginning. */
function leadingMarks(bytes: Uint8Array): number {
  if (byteAt(bytes, 0) < 0x80) return 0;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
  return Buffer.byteLength(/^\p{Mn}+/u.exec(text)?.[0] ?? '');
}
