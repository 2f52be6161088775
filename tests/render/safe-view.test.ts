import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EscapeScanner } from '../../src/core/terminal/escape-sequences.js';
import { SafeView } from '../../src/render/index.js';
import { runs } from '../fixtures/runs.js';
import { anyOutput, cuts, pieces } from './generators.js';

function shown(input: string, options?: { readonly alternateScreen?: boolean }): string {
  const view = new SafeView(options);
  return Buffer.concat([view.push(Buffer.from(input)), view.end()]).toString();
}

describe('what passes', () => {
  test.each([
    'plain text, ünïcode ✳ 🚀\r\n',
    '\t\b\r\n',
    '\x1b[2K\x1b[1A\x1b[10;20H\x1b[3C',
    '\x1b7\x1b8\x1bM',
    '\x1b[?2026h\x1b[?2026l',
  ])('%j passes as it is', (input) => {
    expect(shown(input)).toBe(input);
  });

  test('colours pass, and are off at the end', () => {
    expect(shown('\x1b[38:2::1:2:3;4:3mred')).toBe('\x1b[38:2::1:2:3;4:3mred\x1b[0m');
  });

  test('a web link passes, and is closed at the end', () => {
    expect(shown('\x1b]8;id=1;https://a.b/c\x07link')).toBe('\x1b]8;;https://a.b/c\x1b\\link\x1b]8;;\x1b\\');
  });

  test('what the recording left on is turned off at the end, once', () => {
    expect(shown('\x1b[?25l\x1b[?7l\x1b[3;9r\x1b(0')).toBe(
      '\x1b[?25l\x1b[?7l\x1b[3;9r\x1b(0\x1b(B\x1b)B\x0f\x1b7\x1b[r\x1b8\x1b[?7h\x1b[?25h',
    );
    expect(shown('\x1b[?25l\x1b[?25h')).toBe('\x1b[?25l\x1b[?25h');
  });

  test('the alternate screen passes only where it is wanted', () => {
    expect(shown('\x1b[?1049hx')).toBe('x');
    expect(shown('\x1b[?1049hx', { alternateScreen: true })).toBe('\x1b[?1049hx\x1b[?1049l');
  });
});

describe('what is dropped', () => {
  test.each([
    ['device attributes', '\x1b[c\x1b[>c\x1b[=c\x1bZ'],
    ['status and position reports', '\x1b[5n\x1b[6n\x1b[?6n'],
    ['mode queries', '\x1b[?2026$p\x1b[4$p'],
    ['the answerback', '\x05'],
    ['XTVERSION and the keyboard', '\x1b[>q\x1b[?u\x1b[>1u\x1b[>4;2m'],
    ['settings queries', '\x1bP$qm\x1b\\\x1bP+q544e\x1b\\'],
    ['the clipboard', '\x1b]52;c;aGk=\x07'],
    ['titles', '\x1b]0;t\x07\x1b]2;t\x1b\\\x1bkt\x1b\\\x1b[21t\x1b[22;0t'],
    ['colours of the palette', '\x1b]4;1;?\x07\x1b]10;?\x07\x1b]104\x07'],
    ['mouse, paste, focus and keyboard modes', '\x1b[?1000h\x1b[?1006h\x1b[?2004h\x1b[?1004h\x1b[?1h\x1b='],
    ['images and other strings', '\x1b_Gq\x1b\\\x1bPq#0\x1b\\\x1b^x\x1b\\\x1bXx\x1b\\'],
    ["the viewer's scrollback", '\x1b[3J'],
    ['window operations', '\x1b[8;10;10t\x1b[5;5t'],
    ['links that are no web links', '\x1b]8;;file:///etc/passwd\x07\x1b]8;;javascript:x\x07'],
    ['bells and other controls', '\x07\0\x7f\x04'],
  ])('%s', (_name, input) => {
    expect(shown(`a${input}b`)).toBe('ab');
  });

  test('a full reset becomes a soft one and a cleared screen', () => {
    expect(shown('\x1bc')).toBe('\x1b[!p\x1b[H\x1b[2J');
  });

  test('bytes that are no UTF-8 become U+FFFD, so that no terminal takes them for controls', () => {
    const view = new SafeView();
    const out = Buffer.concat([view.push(Uint8Array.of(0x61, 0x9b, 0x32, 0x4a, 0xe2, 0x9c)), view.end()]);
    expect(out.toString()).toBe('a\ufffd2J\ufffd');
  });
});

describe('whatever comes', () => {
  test('only sequences of the list come out, complete', () => {
    const known = /^\x1b(?:\[\??[\d;:]*[@A-HIJKLMPSTXZ`abdefghlmrsu]|\[!p|[78DEHM]|[()][AB0])$/;
    fc.assert(
      fc.property(anyOutput, (input) => {
        const view = new SafeView();
        const out = Buffer.concat([view.push(input), view.end()]);
        for (const token of new EscapeScanner().push(out)) {
          const bytes = out.toString('latin1', token.start, token.end);
          expect(token.type === 'osc' ? bytes.startsWith('\x1b]8;;') : known.test(bytes), JSON.stringify(bytes)).toBe(
            true,
          );
        }
      }),
      { numRuns: runs(1000) },
    );
  });

  test('any split gives the same bytes', () => {
    fc.assert(
      fc.property(anyOutput, cuts, (input, lengths) => {
        const whole = new SafeView();
        const split = new SafeView();
        const expected = Buffer.concat([whole.push(input), whole.end()]);
        const got = Buffer.concat([...pieces(input, lengths).map((piece) => split.push(piece)), split.end()]);
        expect(got.toString('latin1')).toBe(expected.toString('latin1'));
      }),
      { numRuns: runs(1000) },
    );
  });
});
