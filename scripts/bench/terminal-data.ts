/** Terminal output of the kinds that matter, as much as is asked for, the same each time. */

export type DataKind = 'plain' | 'sgr' | 'progress' | 'ink' | 'unicode' | 'tui';

export const DATA_KINDS: readonly DataKind[] = ['plain', 'sgr', 'progress', 'ink', 'unicode', 'tui'];

/** `bytes` bytes, about, of one kind, for a screen of 80 by 24. */
export function terminalData(kind: DataKind, bytes: number): Uint8Array {
  const block: string[] = [];
  let length = 0;
  for (let n = 0; length < BLOCK_BYTES; n++) {
    const piece = MAKERS[kind](n);
    block.push(piece);
    length += Buffer.byteLength(piece);
  }
  const whole = Buffer.from(block.join(''));
  return Buffer.concat(Array.from({ length: Math.ceil(bytes / whole.length) }, () => whole));
}

const BLOCK_BYTES = 2_000_000;

const MAKERS: Readonly<Record<DataKind, (n: number) => string>> = {
  plain: (n) => `${String(n).padStart(8)} ${WORDS.slice(n % 40, (n % 40) + 30 + (n % 40))}\r\n`,
  sgr: (n) =>
    `\x1b[2m12:00:${n % 60}\x1b[0m \x1b[1;3${n % 8}mINFO\x1b[0m request \x1b[36m${n}\x1b[39m took \x1b[38;5;${n % 256}m${n % 97} ms\x1b[0m for /api/${n}\r\n`,
  progress: (n) => {
    const done = n % 101;
    return `\r\x1b[K\x1b[32m${'#'.repeat(done / 2).padEnd(50)}\x1b[0m ${done}% ${n} of 100000${done === 100 ? '\r\n' : ''}`;
  },
  ink: (n) => {
    const rows = Array.from(
      { length: 9 },
      (_, row) =>
        `\x1b[3${row % 8}m◆\x1b[39m task ${row}: ${WORDS.slice((n + row) % 30, 35 + ((n + row) % 30))} \x1b[2m${n}\x1b[22m\n`,
    );
    const first = n % 10 === 0 ? `finished step ${n}\n` : '';
    return `${'\x1b[2K\x1b[1A'.repeat(9)}\x1b[2K\x1b[G${first}${rows.join('')}`.replaceAll('\n', '\r\n');
  },
  unicode: (n) => `${n} 日本語テキストと中文字符 한국어 🚀🎉✅ naïve café ${'─'.repeat(n % 20)} 完了 ✓\r\n`,
  tui: (n) => {
    const rows = Array.from(
      { length: 22 },
      (_, row) =>
        `\x1b[${row + 2};3H\x1b[48;5;${(n + row) % 256}m${WORDS.slice((n * 7 + row) % 60, 50 + ((n * 7 + row) % 60))}\x1b[0m`,
    );
    return `${n === 0 ? '\x1b[?1049h' : ''}\x1b[?2026h\x1b[H${rows.join('')}\x1b[24;1H${n}\x1b[K\x1b[?2026l`;
  },
};

const WORDS =
  'the quick brown fox jumps over the lazy dog and then it runs away from all of them, for ever and a day, to the end of the world';
