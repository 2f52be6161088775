import { describe, expect, test } from 'vitest';
import { EscapeScanner } from '../../../src/core/terminal/escape-sequences.js';
import { MAX_PARAM } from '../../../src/core/terminal/size.js';
import { type Effect, type ScreenLimits, sequenceEffects } from '../../../src/render/screen/sequence-effects.js';

const SCREEN: ScreenLimits = { cols: 80, rows: 24, styles: true, links: true };

/** A sequence, and what it does. */
type Case = readonly [bytes: string, effects: readonly Effect[]];

function effectsOf(bytes: string, limits: Partial<ScreenLimits> = {}): readonly Effect[] {
  const tokens = [...new EscapeScanner({ text: true }).push(Buffer.from(bytes))];
  return tokens.flatMap((token) => ('bytes' in token ? [] : sequenceEffects(token, { ...SCREEN, ...limits })));
}

describe('an escape sequence', () => {
  test.each<Case>([
    ['\x1bc', [{ type: 'reset', bytes: '\x1b[20l\x1bc' }]],
    ['\x1b7', [{ type: 'save-cursor', bytes: '\x1b7' }]],
    ['\x1b8', [{ type: 'restore-cursor', bytes: '\x1b8' }]],
    ['\x1b#8', [{ type: 'move', bytes: '\x1b#8' }]],
    ...['D', 'E', 'M'].map((final) => [`\x1b${final}`, [{ type: 'move', bytes: `\x1b${final}` }]] as const),
    ...['H', 'n', 'o', '~', '}', '|'].map(
      (final) => [`\x1b${final}`, [{ type: 'row', bytes: `\x1b${final}` }]] as const,
    ),
    ...['(0', ')B', '*A', '+0', '-A', '.A', '/A', '%@', '%G'].map(
      (rest) => [`\x1b${rest}`, [{ type: 'row', bytes: `\x1b${rest}` }]] as const,
    ),
    ...['\x1b#3', '\x1b%8', '\x1b&@', '\x1b=', '\x1b>', '\x1b(#0', '\x1b F', '\x1bZ'].map(
      (other) => [other, []] as const,
    ),
  ])('%j does %j', (bytes, effects) => {
    expect(effectsOf(bytes)).toEqual(effects);
  });
});

describe('a control sequence', () => {
  test.each<Case>([
    ...['A', 'B', 'E', 'F', 'H', 'f', 'd', 'e', 'L', 'T'].map(
      (final): Case => [`\x1b[3${final}`, [{ type: 'move', bytes: `\x1b[3${final}` }]] as const,
    ),
    ...['@', 'C', 'D', 'G', 'I', 'K', 'P', 'X', 'Z', '`', 'a', 'g', ' @', ' A', "'}", "'~", '"q'].map(
      (name) => [`\x1b[2${name}`, [{ type: 'row', bytes: `\x1b[2${name}` }]] as const,
    ),
    ['\x1b[?1K', [{ type: 'row', bytes: '\x1b[?1K' }]],
    ['\x1b[12;40H', [{ type: 'move', bytes: '\x1b[12;40H' }]],
    ['\x1b[!p', [{ type: 'soft-reset', bytes: '\x1b[!p' }]],
    ['\x1b[s', [{ type: 'save-cursor', bytes: '\x1b[s' }]],
    ['\x1b[u', [{ type: 'restore-cursor', bytes: '\x1b[u' }]],
    ['\x1b[1;31m', [{ type: 'style', bytes: '\x1b[1;31m' }]],
    ...['\x1b[1;2s', '\x1b[1u', '\x1b[c', '\x1b[6n', '\x1b[?1A', '\x1b[>4;1m', '\x1b[2 q', '\x1b[22;0t', '\x1b[!J'].map(
      (other) => [other, []] as const,
    ),
  ])('%j does %j', (bytes, effects) => {
    expect(effectsOf(bytes)).toEqual(effects);
  });

  test('changes no colours where none are wanted', () => {
    expect(effectsOf('\x1b[31m', { styles: false })).toEqual([]);
  });

  test.each([
    ['\x1b[J', 'below', '\x1b[0J'],
    ['\x1b[0J', 'below', '\x1b[0J'],
    ['\x1b[1J', 'above', '\x1b[1J'],
    ['\x1b[2J', 'all', '\x1b[2J'],
  ])('%j erases %s', (bytes, what, rebuilt) => {
    expect(effectsOf(bytes)).toEqual([{ type: 'erase', bytes: rebuilt, what, selective: false }]);
    expect(effectsOf(bytes.replace('[', '[?'))).toEqual([
      { type: 'erase', bytes: rebuilt.replace('[', '[?'), what, selective: true },
    ]);
  });

  test('erases the scrollback, and nothing that no terminal knows', () => {
    expect(effectsOf('\x1b[3J')).toEqual([{ type: 'erase-scrollback' }]);
    for (const other of ['\x1b[?3J', '\x1b[4J', '\x1b[>2J', '\x1b[2!J']) expect(effectsOf(other)).toEqual([]);
  });

  test.each([
    ['\x1b[S', 'region', 1],
    ['\x1b[0S', 'region', 1],
    ['\x1b[5M', 'cursor', 5],
    ['\x1b[24M', 'cursor', 24],
    ['\x1b[9999S', 'region', 24],
  ])('%j deletes rows at the %s: %d, no more than the screen has', (bytes, at, count) => {
    expect(effectsOf(bytes)).toEqual([{ type: 'delete-rows', bytes: `\x1b[${count}${bytes.slice(-1)}`, at, count }]);
  });

  test.each([
    ['\x1b[b', SCREEN, 1],
    ['\x1b[0b', SCREEN, 1],
    ['\x1b[7b', SCREEN, 7],
    ['\x1b[9999b', SCREEN, 80 * 24],
    ['\x1b[99999b', { cols: 2, rows: 1000 }, 2 * 500],
    ['\x1b[99999999b', { cols: 1000, rows: 1000 }, 65_535],
  ])('%j repeats on a screen of %o no more than fits: %d', (bytes, limits, most) => {
    const [effect] = effectsOf(bytes, limits);
    expect(effect).toMatchObject({ type: 'repeat' });
    if (effect?.type === 'repeat') {
      expect(effect.count).toBeLessThanOrEqual(most);
      expect(effect.count).toBeGreaterThan(0);
      expect(effect.bytes).toBe(`\x1b[${effect.count}b`);
    }
  });

  test('repeats as often as it says where that fits', () => {
    expect(effectsOf('\x1b[1920b')).toEqual([{ type: 'repeat', bytes: '\x1b[1920b', count: 1920 }]);
    expect(effectsOf('\x1b[1921b')).toEqual([{ type: 'repeat', bytes: '\x1b[1920b', count: 1920 }]);
    expect(effectsOf('\x1b[1001b', { cols: 2, rows: 1000 })).toEqual([
      { type: 'repeat', bytes: '\x1b[1000b', count: 1000 },
    ]);
  });
});

describe('margins', () => {
  test.each([
    ['\x1b[r', 0, undefined, '1;24'],
    ['\x1b[0;0r', 0, undefined, '1;24'],
    ['\x1b[2r', 1, undefined, '2;24'],
    ['\x1b[2;10r', 1, 9, '2;10'],
    ['\x1b[2;24r', 1, undefined, '2;24'],
    ['\x1b[2;99r', 1, undefined, '2;24'],
    ['\x1b[23;24r', 22, undefined, '23;24'],
  ])('%j are rows %d to %s, counted from 0; undefined is the last', (bytes, top, bottom, rebuilt) => {
    expect(effectsOf(bytes)).toEqual([{ type: 'margins', bytes: `\x1b[${rebuilt}r`, top, bottom }]);
  });

  test('of one row, or of none, are not set', () => {
    for (const bytes of ['\x1b[5;5r', '\x1b[6;5r', '\x1b[24r', '\x1b[?5r']) expect(effectsOf(bytes)).toEqual([]);
  });
});

describe('a mode', () => {
  test.each<Case>([
    ['\x1b[4h', [{ type: 'row', bytes: '\x1b[4h' }]],
    ['\x1b[20l', [{ type: 'row', bytes: '\x1b[20l' }]],
    ['\x1b[?7l', [{ type: 'wrap', bytes: '\x1b[?7l', on: false }]],
    ['\x1b[?7h', [{ type: 'wrap', bytes: '\x1b[?7h', on: true }]],
    ['\x1b[?25l', [{ type: 'show-cursor', on: false }]],
    ['\x1b[?25h', [{ type: 'show-cursor', on: true }]],
    ['\x1b[?3h', [{ type: 'set-columns' }]],
    ['\x1b[?2026h', [{ type: 'synchronized', on: true }]],
    ['\x1b[?2026l', [{ type: 'synchronized', on: false }]],
    ['\x1b[?1048h', [{ type: 'save-cursor', bytes: '\x1b[?1048h' }]],
    ['\x1b[?1048l', [{ type: 'restore-cursor', bytes: '\x1b[?1048l' }]],
    ['\x1b[?1049h', [{ type: 'alternate', bytes: '\x1b[?1049h', on: true, cursor: true }]],
    ['\x1b[?1047l', [{ type: 'alternate', bytes: '\x1b[?1047l', on: false, cursor: false }]],
    ['\x1b[?6h', [{ type: 'move', bytes: '\x1b[?6h' }]],
    ['\x1b[?45h', [{ type: 'row', bytes: '\x1b[?45h' }]],
    ...['\x1b[7h', '\x1b[?4h', '\x1b[>4h', '\x1b[>7h', '\x1b[?1000h', '\x1b[?2004h', '\x1b[4$h'].map(
      (other) => [other, []] as const,
    ),
  ])('%j does %j', (bytes, effects) => {
    expect(effectsOf(bytes)).toEqual(effects);
  });

  test('is set with others by one sequence, each by itself', () => {
    expect(effectsOf('\x1b[?25;1000;7l')).toEqual([
      { type: 'show-cursor', on: false },
      { type: 'wrap', bytes: '\x1b[?7l', on: false },
    ]);
  });
});

describe('what an emulator gets', () => {
  test.each([
    ['\x1b[200X', '\x1b[80X'],
    ['\x1b[80X', '\x1b[80X'],
    ['\x1b[81@', '\x1b[80@'],
    ['\x1b[0000000003C', '\x1b[3C'],
    ['\x1b[000000003C', '\x1b[000000003C'],
    ['\x1b[3:4C', '\x1b[3C'],
  ])('of %j is %j: no count beyond the screen, no more digits than it takes', (bytes, rebuilt) => {
    expect(effectsOf(bytes)).toEqual([{ type: 'row', bytes: rebuilt }]);
  });

  test('of a place is within what any terminal counts', () => {
    expect(effectsOf('\x1b[5;99999H')).toEqual([{ type: 'move', bytes: `\x1b[5;${MAX_PARAM}H` }]);
    expect(effectsOf(`\x1b[5;${MAX_PARAM}H`)).toEqual([{ type: 'move', bytes: `\x1b[5;${MAX_PARAM}H` }]);
    expect(effectsOf('\x1b[99999;5H')).toEqual([{ type: 'move', bytes: `\x1b[${MAX_PARAM};5H` }]);
  });

  test('of rows to insert is no more than the longer side of the screen', () => {
    expect(effectsOf('\x1b[90L')).toEqual([{ type: 'move', bytes: '\x1b[80L' }]);
    expect(effectsOf('\x1b[90T', { rows: 85 })).toEqual([{ type: 'move', bytes: '\x1b[85T' }]);
  });
});

test('a string of another kind does nothing, whatever is in it', () => {
  for (const kind of ['P', '_', '^', 'X']) expect(effectsOf(`\x1b${kind}1339;url=x\x1b\\`)).toEqual([]);
});

describe('a link', () => {
  test('of a build log that is too long to be held is not shown', () => {
    expect(effectsOf(`\x1b]1339;content=${'x'.repeat(2_000_000)}\x07`)).toEqual([]);
  });

  test('is a style where links are wanted', () => {
    const [effect] = effectsOf('\x1b]8;;https://example.org/a\x07');
    expect(effect).toEqual({ type: 'style', bytes: '\x1b]8;;https://example.org/a\x1b\\' });
    expect(effectsOf('\x1b]8;;https://example.org/a\x07', { links: false })).toEqual([]);
    expect(effectsOf('\x1b]2;title\x07')).toEqual([]);
  });

  test.each([
    ['1339;url=https://example.org;content=the page', 'the page'],
    ['1339;content="a; b";url=x', 'a; b'],
    ['1339;url=https://example.org', 'https://example.org'],
    ['1339;content="new\x7fline"', 'newline'],
    ['1339;content=5" wide', '5" wide'],
    ['1339;content=two\nlines', 'twolines'],
    ['1339;nothing=here', ''],
  ])('of a build log, %j, is printed: %j', (payload, text) => {
    expect(effectsOf(`\x1b]${payload}\x07`)).toEqual([{ type: 'print', text }]);
  });

  test('of another number is none of a build log', () => {
    for (const payload of ['1338;url=x', '21339;url=x', '11339;url=x', '1339'])
      expect(effectsOf(`\x1b]${payload}\x07`)).toEqual([]);
  });
});
