import { Redactor, type RedactorOptions } from '../../../src/core/redact/redactor.js';
import { TOKEN_SHAPES } from '../../../src/core/redact/token-shapes.js';

export const secrets = [
  { name: 'A_TOKEN', value: 'hunter2hunter3' },
  { name: 'B_KEY', value: 'correct horse battery' },
  { name: 'C_SECRET', value: 'pässwörd-£100' },
  { name: 'D_KEY', value: 'aabaabaaac' },
  { name: 'E_KEY', value: 'line one"\nline two' },
];
/** The values alone. */
export const values: RedactorOptions = { secrets, shapes: [] };
/** The values, and all shapes of tokens. */
export const all: RedactorOptions = { secrets, shapes: TOKEN_SHAPES };

/** What comes out of a redactor that is fed the bytes in pieces of these lengths, over and over. */
export function redact(
  bytes: Uint8Array,
  options: RedactorOptions = all,
  lengths: readonly number[] = [bytes.length],
): Buffer {
  const redactor = new Redactor(options);
  const out = inChunks(bytes, lengths).map((chunk) => Buffer.from(redactor.feed(chunk)));
  return Buffer.concat([...out, redactor.end()]);
}

function inChunks(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, n = 0; at < bytes.length; n++) {
    const length = lengths[n % lengths.length] ?? 1;
    // A copy, spoilt after use: what is held back must not be the caller's.
    chunks.push(bytes.slice(at, at + length));
    at += length;
  }
  return chunks;
}
