import { expect, test } from 'vitest';
import { dim, eraseLine } from '../../src/core/terminal/drawing.js';
import { isOnlyStatusLines, statusLine } from '../../src/core/terminal/status-line.js';

const is = (text: string): boolean => isOnlyStatusLines(Buffer.from(text));

test('status lines of orch are told from all that a program prints besides', () => {
  const frames = Array.from({ length: 12 }, (_, frame) => statusLine(`waiting… ${frame} s`, frame));
  for (const frame of frames) expect(is(frame), frame).toBe(true);
  expect(is(frames.join(''))).toBe(true);
  const others = ['', '\r50 %', `${frames[0]}word`, `word${frames[0]}`, `${frames[0]}${eraseLine}`, 'word\n'];
  // A thought behind a status line, and half of one.
  for (const other of [...others, eraseLine + dim('A thought'), frames[1]?.slice(0, -1) ?? ''])
    expect(is(other), other).toBe(false);
});
