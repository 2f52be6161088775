/** C0 without exception, DEL and C1: on a terminal they move, colour or make it answer. */
const CONTROL = /[\x00-\x1f\x7f-\x9f]/g;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A text from outside (a name, an argument, a reason) as one line that can do nothing to a terminal. */
export function printable(text: string): string {
  return text.replace(CONTROL, (character) => SHORT[character] ?? `\\x${hex(character, 2)}`);
}

/** A value as indented JSON that is safe to print: JSON escapes C0 itself, but lets DEL and C1 through. */
export function printableJson(value: unknown): string {
  const json = JSON.stringify(value, undefined, 2);
  return json.replace(/[\x7f-\x9f]/g, (character) => `\\u${hex(character, 4)}`);
}

function hex(character: string, digits: number): string {
  return character.charCodeAt(0).toString(16).padStart(digits, '0');
}
