import { KEY_SEQUENCE } from '../../core/terminal/key-sequences.js';

/** The mouse in its oldest form, a string (OSC, DCS, APC), a key, or one character. */
const TOKEN = new RegExp(String.raw`\x1b\[M[^]{3}|\x1b[\]P_][^]*?(?:\x07|\x1b\\)|${KEY_SEQUENCE}|[^]`, 'g');
/** Focus, the mouse, positions and attributes, modes, colour schemes, sizes, keyboard flags; and the answers that are strings. */
const REPORT =
  /^\x1b(?:\[(?:[IO]|M[^]{3}|<[0-9;]*[Mm]|\??\d+;\d+(?:;\d+)?R|[?>=][0-9;]*c|\d+n|\?997;\d+n|\??[0-9;]*\$y|[0-9;]*t|\?\d*u)|[\]P_])/;

/** Whether a read of the terminal holds keys, and not only what it sends by itself: answers, focus, the mouse. */
export function holdsKeys(bytes: Uint8Array): boolean {
  const tokens = Buffer.from(bytes).toString('latin1').matchAll(TOKEN);
  return [...tokens].some(([token]) => !REPORT.test(token));
}
