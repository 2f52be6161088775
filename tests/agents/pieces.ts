/** A text cut in turn into pieces of three, four and five characters, as models stream: in mid-word, never in mid-character. */
export function* pieces(text: string): Generator<string> {
  const characters = Array.from(text);
  for (let from = 0, size = 3; from < characters.length; from += size, size = size === 5 ? 3 : size + 1) {
    yield characters.slice(from, from + size).join('');
  }
}
