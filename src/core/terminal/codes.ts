/** Bytes that mean something to a terminal (ECMA-48, ECMA-35; UTF-8 for the C1 controls). */

export const BEL = 0x07;
export const TAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
/** Breaks off a sequence, as SUB does. */
export const CAN = 0x18;
export const SUB = 0x1a;
export const ESC = 0x1b;
export const SPACE = 0x20;
export const DEL = 0x7f;
/** The first byte of a C1 control in UTF-8: `C2 80` to `C2 9F`. */
export const C2 = 0xc2;

/** What stands behind ESC; a C1 control is 0x40 more. */
export const CSI = 0x5b;
export const OSC = 0x5d;
export const DCS = 0x50;
/** String terminator. */
export const ST = 0x5c;

/** What stands behind ESC where a string begins that BEL ends as well as ST: SOS, OSC, PM, APC, and screen's title. */
export const STRING_KINDS = { sos: 0x58, osc: OSC, pm: 0x5e, apc: 0x5f, title: 0x6b } as const;

/** Whether `byte` behind C2 makes a C1 control of both. */
export function isC1(byte: number): boolean {
  return byte >= 0x80 && byte <= 0x9f;
}
