import { ESC, LF } from '../core/terminal/codes.js';
import { condensed } from '../render/redraw/line-state.js';

/** Lines, with their white space or without, and where each ended in the recording. */
export interface LoggedLines {
  readonly texts: readonly string[];
  readonly ends: readonly number[];
}

/**
 * The lines of plain text in `bytes`, which begin at the absolute `offset`, without their white space: colours are passed over, all else is
 * taken as it is.
 */
export function linesIn(bytes: Buffer, offset: number): LoggedLines {
  const texts: string[] = [];
  const ends: number[] = [];
  for (let from = 0; from < bytes.length; ) {
    const end = endOfLine(bytes, from);
    texts.push(textIn(bytes, from, end));
    ends.push(offset + end);
    from = end;
  }
  return { texts, ends };
}

/** Whether `linesIn` gives these lines, except for white space. Makes no text of what is ASCII. */
export function areLinesIn(bytes: Buffer, offset: number, { texts, ends }: LoggedLines): boolean {
  let from = 0;
  for (const [at, text] of texts.entries()) {
    const end = from < bytes.length ? endOfLine(bytes, from) : -1;
    if (ends[at] !== offset + end || !isTextIn(bytes, from, end, text)) return false;
    from = end;
  }
  return from === bytes.length;
}

function endOfLine(bytes: Buffer, from: number): number {
  const feed = bytes.indexOf(LF, from);
  return feed === -1 ? bytes.length : feed + 1;
}

function textIn(bytes: Buffer, from: number, to: number): string {
  return bytes.toString('utf8', from, to).split(BLANK).join('');
}

function isTextIn(bytes: Buffer, from: number, to: number, text: string): boolean {
  let next = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes.readUInt8(at);
    if (byte > 0x7f) return textIn(bytes, from, to) === condensed(text);
    if (isBlank(byte)) continue;
    const end = byte === ESC ? endOfStyle(bytes, at, to) : -1;
    if (end !== -1) {
      at = end;
      continue;
    }
    while (isBlank(text.charCodeAt(next))) next++;
    if (text.charCodeAt(next) !== byte) return false;
    next++;
  }
  return text.slice(next).trim() === '';
}

/** Where an SGR or EL that begins at `from` ends: at its last byte. -1 where there is none. */
function endOfStyle(bytes: Buffer, from: number, to: number): number {
  if (from + 1 >= to || bytes.readUInt8(from + 1) !== BRACKET) return -1;
  for (let at = from + 2; at < to; at++) {
    const byte = bytes.readUInt8(at);
    if (byte === SGR || byte === EL) return at;
    if (byte < DIGIT_0 || byte > SEMICOLON) return -1;
  }
  return -1;
}

/** White space of ASCII, as `\s` has it. */
function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

/** White space, SGR and EL. */
const BLANK = /(?:\s|\x1b\[[\d;:]*[mK])+/;

const BRACKET = 0x5b;
const DIGIT_0 = 0x30;
const SEMICOLON = 0x3b;
const EL = 0x4b;
const SGR = 0x6d;
