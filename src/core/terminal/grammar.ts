import { byteAt } from '../items/element-at.js';
import { BEL, C2, CAN, DEL, ESC, SPACE, ST, SUB } from './codes.js';

/**
 * Where sequences end, for code that skips them faster than EscapeScanner reads them. Anything unusual is left to that
 * one; tests/contracts holds all of them to the same boundaries.
 */

/**
 * The index of the final byte of a CSI sequence, or DCS header, whose parameters begin at `from`. -1 where a control or
 * a byte that is not ASCII stands in it, and where it has no end in front of `limit`.
 */
export function csiFinal(bytes: Uint8Array, from: number, limit: number = bytes.length): number {
  for (let at = from; at < limit; at++) {
    const byte = byteAt(bytes, at);
    if (byte < SPACE || byte >= DEL) return -1;
    if (byte >= 0x40) return at;
  }
  return -1;
}

/**
 * The index behind a string whose payload begins at `from`: behind ST, CAN or SUB, behind BEL where `bellEnds`, and in front
 * of an ESC that begins something else. -1 where it does not end in `bytes`.
 */
export function stringEnd(bytes: Uint8Array, from: number, bellEnds: boolean): number {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === CAN || byte === SUB || (byte === BEL && bellEnds)) return at + 1;
    if (byte === ESC) return bytes[at + 1] === ST ? at + 2 : at + 1 < bytes.length ? at : -1;
    if (byte === C2 && bytes[at + 1] === 0x9c) return at + 2;
  }
  return -1;
}
