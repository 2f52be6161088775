import { closeSync, openSync, writeSync } from 'node:fs';
import { createCipheriv, createHash } from 'node:crypto';
import { agentSessions } from './agent-sessions.js';

/** Output of programs of the kinds that matter, the same each time: a block of 2 MB of it, as often as is asked for. */
export type DataKind =
  | 'plain'
  | 'sgr'
  | '256'
  | 'wide'
  | 'check'
  | 'sgr-check'
  | 'cjk'
  | 'progress'
  | 'sessions'
  | '80-byte'
  | 'random';

export interface DataFile {
  readonly path: string;
  readonly bytes: number;
}

/** What ends a line: a line feed as programs write it, or what a terminal makes of one unless it is raw. */
export type LineEnd = '\n' | '\r\n';

/** Writes `mb` megabytes, and up to a block more, of one kind, for a screen of 80 by 24. It is in the page cache then. */
export function writeData(path: string, kind: DataKind, mb: number, lineEnd: LineEnd = '\r\n'): DataFile {
  const file = openSync(path, 'w');
  let bytes = 0;
  for (const block of blocks(kind, mb, lineEnd)) bytes += writeSync(file, block);
  closeSync(file);
  return { path, bytes };
}

/** The SHA-256 of the same data. */
export function hashOfData(kind: DataKind, mb: number, lineEnd: LineEnd): string {
  const hash = createHash('sha256');
  for (const block of blocks(kind, mb, lineEnd)) hash.update(block);
  return hash.digest('hex');
}

const BLOCK_BYTES = 2_000_000;

/** The same number of blocks whatever ends their lines. */
function* blocks(kind: DataKind, mb: number, lineEnd: LineEnd): Generator<Buffer> {
  const bytes = mb * 1e6;
  const size = Math.min(bytes, BLOCK_BYTES);
  const written = kind === 'random' ? randomBytes(size) : Buffer.from(text(kind, size));
  const block =
    kind === 'random' || lineEnd === '\n' ? written : Buffer.from(written.toString().replaceAll('\n', lineEnd));
  for (let at = 0; at < bytes; at += written.length) yield block;
}

function text(kind: Exclude<DataKind, 'random'>, bytes: number): string {
  if (kind === 'sessions') return agentSessions(bytes);
  const pieces: string[] = [];
  for (let n = 0, length = 0; length < bytes; n++) {
    const piece = MAKERS[kind](n);
    pieces.push(piece);
    length += Buffer.byteLength(piece);
  }
  return pieces.join('');
}

const MAKERS: Readonly<Record<Exclude<DataKind, 'random' | 'sessions'>, (n: number) => string>> = {
  plain: (n) => `${String(n).padStart(8)} ${words(n, 20 + ((n * 31) % 50))}\n`,
  sgr: (n) =>
    `\x1b[2m12:00:${n % 60}\x1b[0m \x1b[1;3${n % 8}mINFO\x1b[0m request \x1b[36m${n}\x1b[39m took \x1b[32m${n % 97} ms\x1b[0m for /api/${n}\n`,
  '256': (n) =>
    `\x1b[38;5;${n % 256}m${String(n).padStart(8)}\x1b[0m ${words(n, 16)}\x1b[48;5;${(n * 7) % 256}m ${n % 97} \x1b[38;5;${(n * 3) % 256}m${words(n + 5, 14)}\x1b[0m\n`,
  wide: (n) => `${String(n).padStart(8)} ${words(n, 491)}\n`,
  check: (n) => `${String(n).padStart(8)} ✓ ${words(n, 20 + ((n * 31) % 48))}\n`,
  'sgr-check': (n) =>
    `\x1b[32m✓\x1b[39m \x1b[2m12:00:${n % 60}\x1b[0m test \x1b[36m${n}\x1b[39m ${words(n, 24)} \x1b[33m${n % 97}\x1b[2m ms\x1b[22m\x1b[39m\n`,
  cjk: (n) => `${n} 日本語のテキストと中文字符와 한국어 ${words(n, 12)} 完了しました\n`,
  progress: (n) => {
    const done = n % 101;
    return `\r\x1b[K\x1b[32m${'#'.repeat(done / 2).padEnd(50)}\x1b[0m ${done}% ${n} of 100000${done === 100 ? '\n' : ''}`;
  },
  '80-byte': (n) => `${String(n).padStart(8)} ${words(n, 70)}\n`,
};

/** Exactly this many characters of plain English. */
function words(from: number, length: number): string {
  const begin = (from * 7) % TEXT.length;
  return TEXT.repeat(Math.ceil((begin + length) / TEXT.length)).slice(begin, begin + length);
}

const TEXT =
  'the quick brown fox jumps over the lazy dog and then it runs away from all of them, for ever and a day, to the end of the world, ';

/** As random as a cipher, and the same each time. */
function randomBytes(length: number): Buffer {
  return createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(length));
}
