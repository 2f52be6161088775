import { LF } from '../../core/terminal/codes.js';

/**
 * The lines of a UTF-8 text, as many at a time as came together; what is not UTF-8 in them is U+FFFD, and undefined
 * stands for one too long to be held.
 */
export async function* textLines(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly (string | undefined)[], void, void> {
  let held: Uint8Array[] = [];
  let length = 0;
  const take = (): string | undefined => {
    const line = length > MAX_LINE_BYTES ? undefined : Buffer.concat(held).toString();
    held = [];
    length = 0;
    return line;
  };
  const hold = (piece: Uint8Array): void => {
    length += piece.length;
    if (length <= MAX_LINE_BYTES) held.push(piece);
    else held = [];
  };
  for await (const chunk of bytes) {
    const lines: (string | undefined)[] = [];
    let from = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, from)) {
      hold(chunk.subarray(from, end));
      lines.push(take());
      from = end + 1;
    }
    hold(chunk.subarray(from));
    yield lines;
  }
  if (length > 0) yield [take()];
}

/** An event is a read of a terminal, 64 KiB at most, and every byte of it six in JSON; this is far from both. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
