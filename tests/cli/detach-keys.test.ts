import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DetachKeyReader } from '../../src/cli/attach/detach-keys.js';
import { holdsKeys } from '../../src/core/terminal/terminal-reports.js';
import { DEFAULT_DETACH_KEYS, detachKeys } from '../../src/settings/detach-keys.js';
import { ManualClock } from '../fixtures/manual-clock.js';

const reader = (keys = DEFAULT_DETACH_KEYS, clock = new ManualClock()): DetachKeyReader =>
  new DetachKeyReader(detachKeys.read(keys, '--detach-keys'), clock);

/** What reaches the agent of these reads of a terminal, and whether the client leaves at the last. */
function read(keys: DetachKeyReader, ...reads: readonly string[]): readonly [string, boolean] {
  const results = reads.map((text) => keys.read(Buffer.from(text, 'latin1')));
  return [
    results.map(({ typed }) => Buffer.from(typed).toString('latin1')).join('|'),
    results.at(-1)?.detaches ?? false,
  ];
}

describe('the keys that detach', () => {
  test.each([
    ['as bytes', ['\x1cd'], ''],
    ['in two reads', ['\x1c', 'd'], '|'],
    ['behind other text', ['abc\x1c', 'd'], 'abc|'],
    ['in the protocol of kitty', ['\x1b[92;5u', '\x1b[100u'], '|'],
    [
      'with reports of releases and of modifiers between',
      ['\x1b[57442;5u\x1b[92;5u\x1b[92;5:3u\x1b[57442;1:3u', '\x1b[100;1:1u'],
      '\x1b[57442;5u|',
    ],
    ['with caps lock', ['\x1b[92;69u', 'd'], '|'],
    ['in the protocol of xterm', ['\x1b[27;5;92~', 'd'], '|'],
  ])('are found %s', (_, reads, typed) => {
    expect(read(reader(), ...reads)).toEqual([typed, true]);
  });

  test.each([
    ['the first typed twice goes on once', ['\x1c', '\x1c', 'd'], '|\x1c|d'],
    ['another key follows', ['\x1c', 'x'], '|\x1cx'],
    ['they are pasted', ['\x1b[200~\x1cd\x1b[201~'], '\x1b[200~\x1cd\x1b[201~'],
    ['they are within data', [`${'x'.repeat(200)}\x1cd`], `${'x'.repeat(200)}\x1cd`],
    ['they are the end of data, in a read of its own', ['x'.repeat(200), '\x1cd'], `${'x'.repeat(200)}|\x1cd`],
    ['data follows the first', ['\x1c', `d${'x'.repeat(200)}`], `|\x1cd${'x'.repeat(200)}`],
    ['the second comes alone', ['d'], 'd'],
  ])("are the agent's when %s", (_, reads, typed) => {
    expect(read(reader(), ...reads)).toEqual([typed, false]);
  });

  test('are found a moment behind data', () => {
    const clock = new ManualClock();
    const keys = reader(DEFAULT_DETACH_KEYS, clock);
    expect(read(keys, 'x'.repeat(200))).toEqual(['x'.repeat(200), false]);
    clock.advance(100);
    expect(read(keys, '\x1cd')).toEqual(['', true]);
  });

  test('may be any, or none', () => {
    expect(read(reader('ctrl-p,ctrl-q'), '\x10\x11')).toEqual(['', true]);
    expect(read(reader('none'), '\x1cd')).toEqual(['\x1cd', false]);
    expect(read(reader('~'), '~')).toEqual(['', true]);
    for (const wrong of ['', 'ctrl-', 'ctrl-1', 'foo', 'a,,b', 'ctrl-A'])
      expect(() => detachKeys.read(wrong, '--detach-keys')).toThrow('is no sequence of keys');
  });

  test('take nothing else from what is typed', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 20 })), (reads) => {
        const keys = reader();
        const plain = reads.map((bytes) => bytes.map((byte) => (byte === 0x1c || byte === 0x1b ? 0x20 : byte)));
        for (const bytes of plain) expect(Buffer.from(keys.read(bytes).typed).equals(Buffer.from(bytes))).toBe(true);
      }),
    );
  });
});

describe('what a terminal sends by itself', () => {
  test.each([
    '\x1b[I',
    '\x1b[O',
    '\x1b[<0;10;5M',
    '\x1b[M abc'.slice(0, 6),
    '\x1b[24;80R',
    '\x1b[?1;2c',
    '\x1b[>0;276;0c',
    '\x1b[0n',
    '\x1b[?2026;2$y',
    '\x1b]11;rgb:0/0/0\x1b\\',
    '\x1bP>|x\x1b\\',
    '\x1b[?0u',
    '\x1b[8;24;80t',
  ])('is no key: %j', (report) => {
    expect([holdsKeys(Buffer.from(report)), holdsKeys(Buffer.from(`${report}a`))]).toEqual([false, true]);
  });

  test.each(['a', '\r', '\x1b', '\x1b[A', '\x1bOA', '\x1b[97u', '\x1b[200~text\x1b[201~', '\x03', 'é'])(
    'is not %j',
    (key) => {
      expect(holdsKeys(Buffer.from(key))).toBe(true);
    },
  );
});
