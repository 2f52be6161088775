import { PASTE_BEGINS, PASTE_ENDS } from './key-sequences.js';

/** A character that is no text for a terminal. */
export interface RefusedCharacter {
  readonly code: number;
  /** Of its UTF-16 unit in the text, from 0. */
  readonly index: number;
}

/**
 * The bytes of a paste as a terminal sends it, in UTF-8: each line end is the Enter key's, CR. `isBracketed`: the program has asked for
 * marks around it (DEC mode 2004). The text holds no {@link refusedCharacter}, and so cannot end the paste.
 */
export function pasteBytes(text: string, isBracketed: boolean): Uint8Array {
  const typed = text.replace(/\r?\n/g, '\r');
  return Buffer.from(isBracketed ? `${PASTE_BEGINS}${typed}${PASTE_ENDS}` : typed);
}

/**
 * The first character that a terminal, or its line settings, would take for a key or a sequence: control characters of C0 and C1 except
 * tab and line ends, and DEL. A half of a surrogate pair has no bytes. Undefined: all of it is text.
 */
export function refusedCharacter(text: string): RefusedCharacter | undefined {
  const found = REFUSED.exec(text);
  return found === null ? undefined : { code: found[0].codePointAt(0) ?? 0, index: found.index };
}

/** For people, such as `U+001B at character 13`, counted from 1. */
export function placeOf({ code, index }: RefusedCharacter): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')} at character ${index + 1}`;
}

const REFUSED = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\p{Surrogate}/u;
