import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FollowedTerminal } from '../../src/host/followed-terminal.js';
import type { Frame } from '../../src/render/model/frame.js';
import { Screen } from '../../src/render/screen/screen.js';
import { drawScreen } from '../../src/view/places/draw-screen.js';

const SIZE = { cols: 12, rows: 5 } as const;

const OUTPUT = fc.oneof(
  fc.constantFrom('a', 'two words ', '世界', 'x'.repeat(12), 'y'.repeat(30), '\r\n', '\r', '\n', '\b'),
  fc.constantFrom('\x1b[31m', '\x1b[1;44m', '\x1b[38;2;1;2;3m', '\x1b[7m', '\x1b[m', '\x1b[K', '\x1b[2J', '\x1b[H'),
  fc.constantFrom(
    '\x1b[2;4r',
    '\x1b[r',
    '\x1b[3;5H',
    '\x1b[A',
    '\x1bM',
    '\x1b[2L',
    '\x1b[P',
    '\x1b[?7l',
    '\x1b[?7h',
    '\x1b[?25l',
    '\x1b[4h',
    '\x1b[4l',
  ),
);

function after(output: string): { readonly screen: Screen; readonly modes: string } {
  const screen = new Screen(SIZE, { styles: true });
  const terminal = new FollowedTerminal();
  screen.write(Buffer.from(output));
  terminal.show(Buffer.from(output));
  return { screen, modes: terminal.modes };
}

function frameOf(output: string): Frame {
  const { screen } = after(output);
  const frame = screen.frame();
  screen.dispose();
  return frame;
}

test('what draws a screen leads to the same one, on which the output goes on as on the first', () => {
  const outputs = fc.array(OUTPUT, { maxLength: 25 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(fc.constantFrom('', '\x1b[?1049h'), outputs, outputs, (begin, before, then) => {
      const { screen, modes } = after(`${begin}${before}`);
      const drawn = drawScreen(screen, modes);
      expect(frameOf(`shell$ ${drawn}`)).toEqual(frameOf(`${begin}${before}`));
      expect(frameOf(`shell$ ${drawn}${then}`)).toEqual(frameOf(`${begin}${before}${then}`));
    }),
  );
});
