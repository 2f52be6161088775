/** What JSON writes for each byte that it does not leave as it is (RFC 8259, 7). */
const ESCAPES: readonly (Uint8Array | undefined)[] = Array.from({ length: 0x100 }, (_, byte) => {
  const text = String.fromCharCode(byte);
  const written = byte < 0x80 ? JSON.stringify(text).slice(1, -1) : text;
  return written === text ? undefined : Buffer.from(written);
});
const LENGTHS = Uint8Array.from(ESCAPES, (escape) => escape?.length ?? 1);
const QUOTE = 0x22;

/**
 * `text`, which is UTF-8, as a JSON string, between `before` and `after`: the bytes of what JSON.stringify makes of it,
 * without a string in between, which takes most of the time where there is much of it.
 */
export function jsonString(text: Uint8Array, before = '', after = ''): Buffer {
  let length = before.length + after.length + 2;
  for (let at = 0; at < text.length; at++) length += LENGTHS[text[at] ?? 0] ?? 1;
  const json = Buffer.allocUnsafe(length);
  let out = json.write(before, 'latin1');
  json[out++] = QUOTE;
  for (let at = 0; at < text.length; at++) {
    const byte = text[at] ?? 0;
    const escape = ESCAPES[byte];
    if (escape === undefined) json[out++] = byte;
    else for (let n = 0; n < escape.length; n++) json[out++] = escape[n] ?? 0;
  }
  json[out++] = QUOTE;
  json.write(after, out, 'latin1');
  return json;
}
