import { DEL, SPACE } from '../terminal/codes.js';

/** Removes blanks and control characters, so that a value compares equal however its lines are broken. */
export function stripWhitespace(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte) => byte > SPACE && byte !== DEL);
}
