/** What JSON writes for each byte that it does not leave as it is (RFC 8259, 7). */
const ESCAPES: readonly (Uint8Array | undefined)[] = Array.from({ length: 0x100 }, (_, byte) => {
  const text = String.fromCharCode(byte);
  const written = byte < 0x80 ? JSON.stringify(text).slice(1, -1) : text;
  return written === text ? undefined : Buffer.from(written);
});
/** 1 for each byte that it leaves. */
const PLAIN = Uint8Array.from(ESCAPES, (escape) => (escape === undefined ? 1 : 0));
/** The longest of them: `\u001b`. */
const ESCAPE_BYTES = 6;
/** From this length on a run of bytes is copied by a call, which costs as much as as many steps of a loop. */
const CALL_BYTES = 24;
const QUOTE = 0x22;
/** Used again: what is written is copied out of it. */
let memory = Buffer.alloc(0);

/**
 * `text`, which is UTF-8, as a JSON string, between `before` and `after`: the bytes of what JSON.stringify makes of it,
 * without a string in between, which takes most of the time where there is much of it.
 */
export function jsonString(text: Uint8Array, before = '', after = ''): Buffer {
  const most = before.length + ESCAPE_BYTES * text.length + after.length + 2;
  if (memory.length < most) memory = Buffer.allocUnsafeSlow(most);
  let out = memory.write(before, 'latin1');
  memory[out++] = QUOTE;
  for (let at = 0; at < text.length; ) {
    const end = endOfPlain(text, at);
    if (end - at >= CALL_BYTES) {
      memory.set(text.subarray(at, end), out);
      out += end - at;
    } else for (let plain = at; plain < end; plain++) memory[out++] = text[plain] ?? 0;
    at = end + 1;
    const next = text[end];
    const escape = next === undefined ? undefined : ESCAPES[next];
    if (escape !== undefined) for (const byte of escape) memory[out++] = byte;
  }
  memory[out++] = QUOTE;
  out += memory.write(after, out, 'latin1');
  return Buffer.from(memory.subarray(0, out));
}

/** The index of the next byte, from `from` on, that is not left as it is; else the end. */
function endOfPlain(text: Uint8Array, from: number): number {
  let at = from;
  const plain = (place: number): number => PLAIN[text[place] ?? 0] ?? 0;
  // Four bytes with one branch.
  while (at + 4 <= text.length && (plain(at) & plain(at + 1) & plain(at + 2) & plain(at + 3)) === 1) at += 4;
  while (at < text.length && plain(at) === 1) at++;
  return at;
}
