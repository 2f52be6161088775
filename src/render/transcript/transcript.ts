import type { TerminalSize } from '../../core/terminal/size.js';
import type { AlternateScreen, Line, RenderChunk } from '../model/line.js';
import type { Redraws } from '../model/redrawn-rows.js';
import type { Row } from '../model/row.js';
import { type LineBatch, linesOf } from '../model/text-lines.js';
import type { HeldBlock } from './alternate-blocks.js';
import { type LineOptions, ScreenLines, type ScreenLinesState } from './screen-lines.js';

/**
 * Turns raw output into the lines a person would have read: what left the screen, each line once and in order, never to
 * change again. The lines depend on the bytes and the resizes between them alone, however they are cut, so live and
 * recorded output take this one path.
 */
export class Transcript {
  readonly #lines: ScreenLines;

  constructor(size: TerminalSize, options: TranscriptOptions = {}, saved?: TranscriptState) {
    this.#lines = new ScreenLines(size, withDefaults(options), saved);
  }

  /**
   * A transcript that goes on exactly from where a savable one was, whatever the `options`: what it is fed with gives the
   * lines that the other one would have given.
   *
   * Throws where `state` is no state of this version's.
   */
  static resume(state: TranscriptState, options: TranscriptOptions = {}): Transcript {
    return new Transcript(state.screen.size, options, state);
  }

  /**
   * What it takes to go on from here: a plain value, which JSON keeps. Bytes may follow in the middle of anything. Only a
   * transcript that is `savable` knows enough.
   */
  save(): TranscriptState {
    return this.#lines.save();
  }

  /** The lines that `chunk` made final. */
  feed(chunk: RenderChunk): readonly Line[] {
    return linesOf(this.feedBatches(chunk));
  }

  /** The same lines, those as bytes that came so: for who only hands them on. */
  feedBatches(chunk: RenderChunk): readonly LineBatch[] {
    if (chunk instanceof Uint8Array) this.#lines.screen.write(chunk);
    else if (chunk.type === 'resize') this.#lines.resize(chunk);
    else this.#lines.screen.skip(chunk.bytes);
    return this.#lines.take();
  }

  /** The lines that `bytes` made final. */
  push(bytes: Uint8Array): readonly Line[] {
    return this.feed(bytes);
  }

  resize(size: TerminalSize): readonly Line[] {
    return this.feed({ type: 'resize', ...size });
  }

  /** The recording ends: the lines still held, and those on the screen. Nothing may be pushed afterwards. */
  end(): readonly Line[] {
    return linesOf(this.endBatches());
  }

  /** See feedBatches. */
  endBatches(): readonly LineBatch[] {
    this.#lines.end();
    return this.#lines.take();
  }

  /** The rows of the alternate screen; undefined while that is not on. */
  get alternateRows(): readonly Row[] | undefined {
    const { screen } = this.#lines;
    return screen.onAlternate ? screen.rows() : undefined;
  }

  /** What stands on the normal screen and is not final, for views that show it early. */
  live(): LiveScreen {
    const { screen, redraws, rows, alts } = this.#lines;
    const { row } = screen.normalCursor;
    return {
      rows: screen.normalRows(),
      firstRow: screen.scrolledRows,
      waiting: redraws.recent,
      emittedBefore: redraws.emittedBefore,
      openRows: rows.openRows,
      cursorRow: row,
      blocks: alts.chosen.blocks.held,
      synchronized: this.#lines.inSynchronized,
      onlyPrints: !screen.redrawsAreLikely,
      endOffset: rows.end,
    };
  }

  /** What was drawn over on the normal screen since the last call. */
  takeRedraws(): Redraws {
    return this.#lines.screen.takeRedraws();
  }

  /** How often the whole normal screen was erased. */
  get erasures(): number {
    return this.#lines.erasures;
  }

  /** The number, counted over the whole recording, of the row that the cursor of the normal screen is on. */
  get cursorRow(): number {
    const { screen } = this.#lines;
    const { row } = screen.normalCursor;
    return screen.scrolledRows + row;
  }
}

/** Of what a state is made of and what it means; to be raised whenever either changes, or lines come out otherwise. */
export const TRANSCRIPT_STATE_VERSION = 9;

/** A transcript as a plain value; what is in it is for this version alone. */
export type TranscriptState = ScreenLinesState;

export interface TranscriptOptions {
  /** What becomes of full-screen programs; default `final`. */
  readonly alt?: AlternateScreen;
  /** Lines keep their colours (`runs`), and take several times as long; default false. */
  readonly styles?: boolean;
  /** Keep where text leads in `runs`, and nothing else there; as fast as without until the first link comes. */
  readonly links?: boolean;
  /** Those that end in front of this offset need not; default 0. */
  readonly stylesFrom?: number;
  /** It can be saved, for a transcript with any options to go on from; that takes as much time again. Default false. */
  readonly savable?: boolean;
}

/** The normal screen as it stands, though another may be shown, between what is final and what is to come. */
export interface LiveScreen {
  readonly rows: readonly Row[];
  /** The number, counted over the whole recording, of the first of `rows`. */
  readonly firstRow: number;
  /** The lines above them that only wait to be final, in their order. */
  readonly waiting: readonly Line[];
  /** See RedrawFilter. */
  readonly emittedBefore: readonly string[];
  /** How many rows between those and `rows` are the beginning of a line that goes on in `rows`. */
  readonly openRows: number;
  /** Of the cursor, from 0, on the screen; where it was left while the alternate screen is on. */
  readonly cursorRow: number;
  /** The lines of full-screen programs, in the order of their rows. */
  readonly blocks: readonly HeldBlock[];
  /** In the middle of a frame (DEC mode 2026). */
  readonly synchronized: boolean;
  /** The program has done nothing yet that those do which draw over rows. */
  readonly onlyPrints: boolean;
  /** Where the last line above `rows` ended. */
  readonly endOffset: number;
}

function withDefaults({
  alt = 'final',
  savable = false,
  styles = false,
  links = false,
  stylesFrom = 0,
}: TranscriptOptions): LineOptions {
  return { alt, savable, styles: savable || styles, links, coloursFrom: styles ? stylesFrom : Infinity };
}
