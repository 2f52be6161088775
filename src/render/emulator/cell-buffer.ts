import type { Link } from '../model/link.js';

/** A screen of cells with its scrollback above it, as @xterm/headless has it. */
export interface CellBuffer {
  readonly type: 'normal' | 'alternate';
  /** The cursor on the screen, from 0; `cursorX` is the number of columns where the next character wraps. */
  readonly cursorX: number;
  readonly cursorY: number;
  /** The first row of the screen, counted from the first of the scrollback; `length` counts both. */
  readonly baseY: number;
  readonly length: number;
  getLine(row: number): CellLine | undefined;
}

export interface CellLine {
  /** The terminal wrapped the row above into this one. */
  readonly isWrapped: boolean;
  readonly length: number;
  /** `reused` may be filled and given back: a cell is read a thousand times a screen. */
  getCell(col: number, reused?: Cell): Cell | undefined;
  /** The columns `from` up to `to`; `trimRight`: without the cells at the end that were never written. */
  translateToString(trimRight: boolean, from?: number, to?: number): string;
}

/** One cell; where an attribute is a number, 0 is without. */
export interface Cell {
  getChars(): string;
  /** The code point of the last of its characters; 0 where nothing was written. */
  getCode(): number;
  /** 0 for the second column of a wide character. */
  getWidth(): number;
  isFgDefault(): boolean;
  isFgRGB(): boolean;
  getFgColor(): number;
  /** The kind of colour, in bits that no colour itself uses; so for the background. */
  getFgColorMode(): number;
  isBgDefault(): boolean;
  isBgRGB(): boolean;
  getBgColor(): number;
  getBgColorMode(): number;
  isBold(): number;
  isDim(): number;
  isItalic(): number;
  isUnderline(): number;
  isInverse(): number;
  isInvisible(): number;
  isStrikethrough(): number;
  /** Whether `extended` is the cell's own; elsewhere it may be an earlier one's. Not of the emulator's public face. */
  hasExtendedAttrs?(): number;
  readonly extended?: { readonly link?: Link };
}
