/** The byte at `at`; 0 behind the end, which no sequence and no text has a meaning for. */
export function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

/** The number at `at`; 0 behind the end. */
export function wordAt(words: Int32Array | Uint32Array, at: number): number {
  return words[at] ?? 0;
}

/**
 * The item at `at`, where the caller knows that there is one.
 *
 * @throws RangeError where there is none
 */
export function itemAt<T>(items: readonly T[], at: number): T {
  const item = items[at];
  if (item === undefined) throw new RangeError(`no item ${at} of ${items.length}`);
  return item;
}

/** The code point that a text begins with; 0 for an empty one. */
export function codePointOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
