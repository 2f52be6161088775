/**
 * Bytes that can be had as text. A Buffer is; its own type would ask whoever compiles against the published types for those of
 * Node.
 */
export interface Latin1Bytes extends Uint8Array {
  toString(encoding?: 'latin1', from?: number, to?: number): string;
}
