const BLANK = 0x20;
const DEL = 0x7f;

/** Removes blanks and control characters, so that a value compares equal however its lines are broken. */
export function stripWhitespace(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte) => byte > BLANK && byte !== DEL);
}
