/**
 * `text`, which is UTF-8, as a JSON string, between `before` and `after`: the bytes of what JSON.stringify makes of it. They are not
 * decoded, which would take most of the time: each byte is a character of its own meanwhile, and those of 80 on JSON leaves as they are.
 */
export function jsonString(text: Uint8Array, before = '', after = ''): Buffer {
  const bytes = Buffer.from(text.buffer, text.byteOffset, text.length);
  const string = JSON.stringify(bytes.toString('latin1'));
  const json = Buffer.allocUnsafe(before.length + string.length + after.length);
  let length = json.write(before, 'latin1');
  length += json.write(string, length, 'latin1');
  json.write(after, length, 'latin1');
  return json;
}
