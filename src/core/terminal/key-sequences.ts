/** What a terminal sends around a paste (DEC mode 2004): what is between is text, whatever it looks like. */
export const PASTE_BEGINS = '\x1b[200~';
export const PASTE_ENDS = '\x1b[201~';

/**
 * What a terminal sends for a key that is no character, in Latin-1, as the source of a RegExp: a control sequence, SS3, or any other
 * escape with its key. An escape by itself is left to be a character.
 */
export const KEY_SEQUENCE = String.raw`\x1b\[[0-9;:?<=>]*[ -/]*[@-~]|\x1bO[ -~]|\x1b[^\x1b]`;

/** What a terminal sends for a key with Ctrl held: `c` is the character 3. Undefined for keys that have none. */
export function controlCharacter(key: string): string | undefined {
  return /^[a-z@[\\\]^_]$/.test(key) ? String.fromCharCode(key.toUpperCase().charCodeAt(0) & 0x1f) : undefined;
}
