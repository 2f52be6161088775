import { ESC } from './codes.js';
import { KEY_SEQUENCE } from './key-sequences.js';

/** The mouse in its oldest form, a string (OSC, DCS, APC), a key, or one character. */
const TOKEN = new RegExp(String.raw`\x1b\[M[^]{3}|\x1b[\]P_][^]*?(?:\x07|\x1b\\)|${KEY_SEQUENCE}|[^]`, 'g');
/** Focus, the mouse, positions and attributes, modes, colour schemes, sizes, keyboard flags; and the answers that are strings. */
const REPORT =
  /^\x1b(?:\[(?:[IO]|M[^]{3}|<[0-9;]*[Mm]|\??\d+;\d+(?:;\d+)?R|[?>=][0-9;]*c|\d+n|\?997;\d+n|\??[0-9;]*\$y|[0-9;]*t|\?\d*u)|[\]P_])/;

/** Whether a read of the terminal holds keys, and not only what it sends by itself: answers, focus, the mouse. */
export function holdsKeys(bytes: Uint8Array): boolean {
  return tokensOf(bytes).some((token) => !REPORT.test(token));
}

/** What was typed, of a read of the terminal: all but what it sends by itself. */
export function typedIn(bytes: Uint8Array): Uint8Array {
  // Most reads are a key or two.
  if (!bytes.includes(ESC)) return bytes;
  const typed = tokensOf(bytes).filter((token) => !REPORT.test(token));
  return Buffer.from(typed.join(''), 'latin1');
}

function tokensOf(bytes: Uint8Array): readonly string[] {
  return Buffer.from(bytes).toString('latin1').match(TOKEN) ?? [];
}
