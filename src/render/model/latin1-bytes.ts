/**
 * Bytes that can be had as text, as those of a Buffer. The type Buffer itself would make each user of the published types
 * install those of Node.
 */
export interface Latin1Bytes extends Uint8Array {
  toString(encoding?: 'latin1', from?: number, to?: number): string;
}
