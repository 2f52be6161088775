import { LF } from '../../core/terminal/codes.js';
import { type TerminalSize, terminalSize } from '../../core/terminal/size.js';

/**
 * Reads a typescript of script(1): what lies between its first line, `header`, and what it says at its end. `bytes`
 * begin with the header. Newer versions tell the terminal's size in it. `onFooter` is told what it says at its end.
 */
export function readTypescript(
  header: string,
  bytes: AsyncIterable<Uint8Array>,
  onFooter: (footer: string) => void = () => undefined,
): { readonly size: TerminalSize | undefined; readonly chunks: AsyncIterable<Uint8Array> } {
  const cols = /\bCOLUMNS="(\d{1,5})"/.exec(header)?.[1] ?? '';
  const rows = /\bLINES="(\d{1,5})"/.exec(header)?.[1] ?? '';
  return {
    size: terminalSize(Number(cols), Number(rows)),
    chunks: withoutFooter(withoutStart(bytes, Buffer.byteLength(header)), onFooter),
  };
}

async function* withoutStart(bytes: AsyncIterable<Uint8Array>, length: number): AsyncGenerator<Uint8Array, void, void> {
  let left = length;
  for await (const chunk of bytes) {
    if (left < chunk.length) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}

/** Holds back what may be the footer until it is known whether anything comes behind it. */
async function* withoutFooter(
  bytes: AsyncIterable<Uint8Array>,
  onFooter: (footer: string) => void,
): AsyncGenerator<Uint8Array, void, void> {
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    const data = Buffer.concat([held, chunk]);
    const at = footerStart(data);
    if (at > 0) yield data.subarray(0, at);
    held = data.subarray(at);
  }
  if (held.subarray(0, FOOTER.length).equals(FOOTER)) onFooter(held.toString());
  else yield held;
}

/** Where the footer begins, as far as `data` goes; its length where it has none. */
function footerStart(data: Buffer): number {
  const at = data.lastIndexOf(FOOTER);
  if (at !== -1) {
    const end = data.indexOf(LF, at + FOOTER.length);
    const isLast = end === -1 ? data.length - at <= MAX_FOOTER_BYTES : end === data.length - 1;
    if (isLast) return at;
  }
  for (let length = Math.min(FOOTER.length - 1, data.length); length > 0; length--) {
    const start = data.length - length;
    if (data.subarray(start).equals(FOOTER.subarray(0, length))) return start;
  }
  return data.length;
}

/** script(1) begins a line of its own for it. */
const FOOTER = Buffer.from('\nScript done on ');
/** A date, and the exit code. */
const MAX_FOOTER_BYTES = 1024;
