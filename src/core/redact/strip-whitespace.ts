const BLANK = 0x20;
const DEL = 0x7f;

/** Bytes without blanks and control characters: what is left of a value wherever lines are broken in it. */
export function stripWhitespace(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte) => byte > BLANK && byte !== DEL);
}
