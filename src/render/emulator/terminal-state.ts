import { wordAt } from '../../core/items/element-at.js';
import { type InternalExtended, withLink } from './linked-attributes.js';
import { type Link, sameLink } from '../model/link.js';
import { strangeField } from './xterm-fields.js';

/**
 * Puts all that a terminal knows into a plain value, and a fresh terminal into that state. Escape sequences cannot: they
 * leave out what was erased against what was never written, the saved cursors, which rows wrapped. So this reads and
 * writes the fields of @xterm/headless 6.0.0 itself; the dependency is pinned, and their shape is checked (xterm-fields.ts).
 */
export interface TerminalState {
  readonly alternate: boolean;
  readonly normal: BufferState;
  /** The alternate screen; without lines while it is not shown. */
  readonly alt: BufferState;
  readonly pen: PenState;
  readonly modes: Readonly<Record<string, unknown>>;
  readonly privateModes: Readonly<Record<string, unknown>>;
  /** LNM. */
  readonly convertEol: boolean;
  readonly charset: Charset | null;
  readonly charsets: readonly (Charset | null)[];
  readonly charsetLevel: number;
  /** What the character before was, for marks and for REP. */
  readonly joinState: number;
}

interface BufferState {
  readonly x: number;
  readonly y: number;
  readonly top: number;
  readonly bottom: number;
  readonly savedX: number;
  readonly savedY: number;
  readonly savedFg: number;
  readonly savedBg: number;
  readonly savedCharset: Charset | null;
  readonly tabs: readonly number[];
  /** How many lines there may be. */
  readonly maxLength: number;
  readonly lines: readonly LineState[];
}

interface LineState {
  readonly wrapped: boolean;
  /** In cells: on the alternate screen the terminal leaves lines as long as they were when it becomes narrower. */
  readonly length: number;
  /** Three 32-bit numbers a cell, little-endian, as base64, without the untouched cells at the end. */
  readonly cells: string;
  /** Of cells with several characters, by column; what earlier ones have left too, since the terminal may move it. */
  readonly combined?: Readonly<Record<string, string>>;
  /** Of cells with a kind or a colour of underline. */
  readonly extended?: Readonly<Record<string, number>>;
  /** Neighbouring cells of one link: the first, the one behind the last, and where it leads. */
  readonly links?: readonly LinkedCells[];
}

type LinkedCells = readonly [from: number, to: number, link: Link];

/** The attributes of the next character. */
export interface PenState {
  readonly fg: number;
  readonly bg: number;
  readonly extended: number;
  readonly link?: Link;
}

/** What ASCII characters are shown as. */
type Charset = Readonly<Record<string, string>>;

/** What of a terminal's inside is read and written here. */
export interface TerminalInternals {
  readonly _bufferService: {
    readonly cols: number;
    readonly buffers: {
      readonly normal: InternalBuffer;
      readonly alt: InternalBuffer;
      readonly active: InternalBuffer;
    };
  };
  readonly _inputHandler: {
    carriageReturn(): boolean;
    lineFeed(): boolean;
    index(): boolean;
    nextLine(): boolean;
    restoreCursor(): boolean;
    readonly _curAttrData: InternalPen;
    readonly _parser: { precedingJoinState: number };
  };
  readonly _charsetService: { charset: Charset | undefined; _charsets: (Charset | undefined)[]; glevel: number };
  readonly coreService: { readonly modes: Record<string, unknown>; readonly decPrivateModes: Record<string, unknown> };
  readonly options: { convertEol: boolean };
  /** `Terminal.write` parses in a timer; see xterm.ts. */
  writeSync(bytes: Uint8Array): void;
}

export interface InternalBuffer {
  x: number;
  y: number;
  ybase: number;
  ydisp: number;
  scrollTop: number;
  scrollBottom: number;
  savedX: number;
  savedY: number;
  readonly savedCurAttrData: InternalPen;
  savedCharset: Charset | undefined;
  tabs: Record<number, boolean | undefined>;
  readonly lines: { length: number; maxLength: number; get(at: number): InternalLine; push(line: InternalLine): void };
}

export interface InternalLine {
  isWrapped: boolean;
  length: number;
  _data: Uint32Array;
  _combined: Record<string, string>;
  _extendedAttrs: Record<string, InternalExtended | undefined>;
  clone(): InternalLine;
}

interface InternalPen {
  fg: number;
  bg: number;
  extended: InternalExtended;
  updateExtended(): void;
}

/** The fields of `core` that are needed here. Throws where it is another version's, with the field that differs. */
export function terminalInternals(core: unknown): TerminalInternals {
  const strange = strangeField(core);
  if (strange !== undefined)
    throw new Error(
      `@xterm/headless is not the version this was built for: its field ${strange} is missing or another`,
    );
  return core as TerminalInternals;
}

/** The rows above the normal screen are left out. */
export function saveTerminal(terminal: TerminalInternals): TerminalState {
  const { normal, alt } = terminal._bufferService.buffers;
  const { _parser: parser } = terminal._inputHandler;
  const { charset, _charsets: charsets, glevel } = terminal._charsetService;
  return {
    alternate: alt.lines.length > 0,
    normal: saveBuffer(normal),
    alt: saveBuffer(alt),
    pen: savePen(terminal),
    modes: { ...terminal.coreService.modes },
    privateModes: { ...terminal.coreService.decPrivateModes },
    convertEol: terminal.options.convertEol,
    charset: charset ?? null,
    charsets: Array.from(charsets, (set) => set ?? null),
    charsetLevel: glevel,
    joinState: parser.precedingJoinState,
  };
}

/**
 * Puts a fresh terminal of the right size, which shows the right one of its two screens, into `state`; without `styles`
 * as it would be if it had never been given any.
 */
export function restoreTerminal(terminal: TerminalInternals, state: TerminalState, styles: boolean): void {
  const { normal, alt } = terminal._bufferService.buffers;
  const { _curAttrData: pen, _parser: parser } = terminal._inputHandler;
  const line = normal.lines.get(0);
  restoreBuffer(normal, state.normal, { line, pen, styles });
  restoreBuffer(alt, state.alt, { line, pen, styles });
  restorePen(terminal, state.pen, styles);
  Object.assign(terminal.coreService.modes, state.modes);
  Object.assign(terminal.coreService.decPrivateModes, state.privateModes);
  terminal.options.convertEol = state.convertEol;
  const charsets = terminal._charsetService;
  charsets.charset = state.charset ?? undefined;
  charsets._charsets = state.charsets.map((set) => set ?? undefined);
  charsets.glevel = state.charsetLevel;
  parser.precedingJoinState = state.joinState;
}

export function savePen({ _inputHandler: { _curAttrData: pen } }: TerminalInternals): PenState {
  const { ext, link } = pen.extended;
  return { fg: pen.fg, bg: pen.bg, extended: ext, ...(link !== undefined && { link }) };
}

export function restorePen(
  { _inputHandler: { _curAttrData: pen } }: TerminalInternals,
  { fg, bg, extended, link }: PenState,
  styles: boolean,
): void {
  pen.fg = foreground(fg, styles);
  pen.bg = background(bg, styles);
  pen.extended = withLink(pen.extended, styles ? extended : 0, styles ? link : undefined);
}

/** Does `run`, which writes something: a mark that is written next goes to the character in front of that. */
export function keepJoining(terminal: TerminalInternals, run: () => void): void {
  const { _parser: parser } = terminal._inputHandler;
  const state = parser.precedingJoinState;
  run();
  parser.precedingJoinState = state;
}

function saveBuffer(buffer: InternalBuffer): BufferState {
  const { x, y, ybase, scrollTop, scrollBottom, savedX, savedY, savedCurAttrData, savedCharset, tabs, lines } = buffer;
  return {
    x,
    y,
    top: scrollTop,
    bottom: scrollBottom,
    savedX,
    // It was saved when there were no rows above the screen (see EffectRunner), and counts from the first of that.
    savedY,
    savedFg: savedCurAttrData.fg,
    savedBg: savedCurAttrData.bg,
    savedCharset: savedCharset ?? null,
    tabs: Object.keys(tabs)
      .map(Number)
      .filter((col) => tabs[col] === true),
    maxLength: lines.maxLength,
    lines: Array.from({ length: lines.length - ybase }, (_, at) => saveLine(lines.get(ybase + at))),
  };
}

/** `line` and `pen` are of the same terminal, to make more of their kind from. */
interface Making {
  readonly line: InternalLine;
  readonly pen: InternalPen;
  readonly styles: boolean;
}

function restoreBuffer(buffer: InternalBuffer, state: BufferState, making: Making): void {
  const { lines } = buffer;
  buffer.x = state.x;
  buffer.y = state.y;
  buffer.ybase = 0;
  buffer.ydisp = 0;
  buffer.scrollTop = state.top;
  buffer.scrollBottom = state.bottom;
  buffer.savedX = state.savedX;
  buffer.savedY = state.savedY;
  buffer.savedCurAttrData.fg = foreground(state.savedFg, making.styles);
  buffer.savedCurAttrData.bg = background(state.savedBg, making.styles);
  buffer.savedCharset = state.savedCharset ?? undefined;
  buffer.tabs = Object.fromEntries(state.tabs.map((col) => [col, true]));
  lines.length = 0;
  lines.maxLength = state.maxLength;
  for (const line of state.lines) lines.push(restoreLine(line, making));
}

function saveLine({ isWrapped, length, _data: data, _combined: combined, _extendedAttrs: extended }: InternalLine) {
  let used = length * CELL_WORDS;
  while (used > 0 && isUntouched(data, used - CELL_WORDS)) used -= CELL_WORDS;
  const bytes = Buffer.alloc(used * WORD_BYTES);
  for (let at = 0; at < used; at++) bytes.writeUInt32LE(wordAt(data, at), at * WORD_BYTES);
  const kept = Object.entries(extended).flatMap(([col, what]) =>
    what === undefined ? [] : [[col, what.ext] as const],
  );
  const links = linkedCells(extended);
  return {
    wrapped: isWrapped,
    length,
    cells: bytes.toString('base64'),
    ...(Object.keys(combined).length > 0 && { combined: { ...combined } }),
    ...(kept.length > 0 && { extended: Object.fromEntries(kept) }),
    ...(links.length > 0 && { links }),
  };
}

function restoreLine(
  { wrapped, length, cells, combined = {}, extended = {}, links = [] }: LineState,
  { line, pen, styles }: Making,
) {
  const made = line.clone();
  const data = new Uint32Array(length * CELL_WORDS);
  made._data = data;
  made.length = length;
  const bytes = Buffer.from(cells, 'base64');
  for (let at = 0; at < data.length; at += CELL_WORDS) {
    const given = at * WORD_BYTES < bytes.length;
    data[at] = given ? bytes.readUInt32LE(at * WORD_BYTES) : UNTOUCHED;
    data[at + 1] = given ? foreground(bytes.readUInt32LE((at + 1) * WORD_BYTES), styles) : 0;
    data[at + 2] = given ? background(bytes.readUInt32LE((at + 2) * WORD_BYTES), styles) : 0;
  }
  made.isWrapped = wrapped;
  made._combined = { ...combined };
  made._extendedAttrs = {};
  if (!styles) return made;
  for (const [col, ext] of Object.entries(extended)) made._extendedAttrs[col] = withLink(pen.extended, ext, undefined);
  for (const [from, to, link] of links) {
    for (let col = from; col < to; col++) made._extendedAttrs[col] = withLink(pen.extended, extended[col] ?? 0, link);
  }
  return made;
}

function linkedCells(extended: InternalLine['_extendedAttrs']): readonly LinkedCells[] {
  const links: [from: number, to: number, link: Link][] = [];
  for (const [name, what] of Object.entries(extended)) {
    if (what?.link === undefined) continue;
    const col = Number(name);
    const last = links.at(-1);
    if (last !== undefined && last[1] === col && sameLink(last[2], what.link)) last[1]++;
    else links.push([col, col + 1, what.link]);
  }
  return links;
}

function isUntouched(data: Uint32Array, at: number): boolean {
  return data[at] === UNTOUCHED && data[at + 1] === 0 && data[at + 2] === 0;
}

function foreground(fg: number, styles: boolean): number {
  return styles ? fg : 0;
}

/** Whether a cell is protected (DECSCA) is kept there too, and is no matter of looks. */
function background(bg: number, styles: boolean): number {
  return styles ? bg : bg & PROTECTED;
}

/** Numbers a cell is made of: the character and its width, its foreground, its background. */
export const CELL_WORDS = 3;
const WORD_BYTES = 4;
/** A cell that nothing was written to: of one column, without a character. */
export const UNTOUCHED = 1 << 22;
const PROTECTED = 0x20000000;
