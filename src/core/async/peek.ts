/**
 * Gives `tell` more and more of how `bytes` begin, until it says something; at their end (`ended`) it has to.
 * `bytes` of the answer are all of them, to be read once. Throws what `bytes` throws.
 */
export async function peek<T>(
  bytes: AsyncIterable<Uint8Array>,
  tell: (head: Buffer, ended: boolean) => T | undefined,
): Promise<{ readonly found: T; readonly bytes: AsyncIterable<Uint8Array> }> {
  const source = bytes[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  for (;;) {
    const found = tell(head, false);
    if (found !== undefined) return { found, bytes: withHead(head, source) };
    const next = await source.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  const found = tell(head, true);
  if (found === undefined) throw new Error('the format is not known before the end of the file');
  return { found, bytes: withHead(head, source) };
}

async function* withHead(head: Uint8Array, source: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  try {
    if (head.length > 0) yield head;
    for (let next = await source.next(); next.done !== true; next = await source.next()) yield next.value;
  } finally {
    await source.return?.();
  }
}
