import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FollowedTerminal } from '../../src/host/followed-terminal.js';

const PIECES = [
  'text',
  'é',
  '世',
  '🙂',
  '\x1b[31m',
  '\x1b[?2004h',
  '\x1b]0;title\x07',
  '\x1b]8;;http://a/\x1b\\',
  '\x1bP1$r0m\x1b\\',
  '\r\n',
  '\x1b(0',
];

test('output is cut only between its characters and sequences, wherever its reads were cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      (pieces, sizes) => {
        const places = new Set([0]);
        let end = 0;
        for (const piece of pieces) {
          // Within text every character is a place.
          const units = piece.startsWith('\x1b') ? [piece] : Array.from(piece);
          for (const unit of units) places.add((end += Buffer.byteLength(unit)));
        }
        const bytes = Buffer.from(pieces.join(''));
        const terminal = new FollowedTerminal();
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          terminal.show(bytes.subarray(at, at + size));
          at = Math.min(at + size, bytes.length);
          const { boundary } = terminal;
          expect(places.has(boundary)).toBe(true);
          expect([...places].some((place) => place > boundary && place <= at)).toBe(false);
        }
      },
    ),
  );
});

test('a picture of megabytes in one sequence is not waited for', () => {
  const terminal = new FollowedTerminal();
  terminal.show(Buffer.from('\x1bPq'));
  terminal.show(Buffer.alloc(1024 * 1024, '?'));
  expect(terminal.boundary).toBe(1024 * 1024 + 3);
});
