import headless from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TerminalSize } from '../../../src/core/terminal/size.js';
import { Screen } from '../../../src/render/screen/screen.js';
import { Painter, type Picture } from '../../../src/view/replay/painter.js';
import { runs } from '../../fixtures/runs.js';
import { anyOutput, plainOutput } from '../../render/generators.js';
import { hasTmux, tmuxLines } from '../../render/tmux.js';

const anySize = fc.record({ cols: fc.integer({ min: 1, max: 60 }), rows: fc.integer({ min: 1, max: 20 }) });
const anyScreen = fc.record({ cols: fc.integer({ min: 2, max: 60 }), rows: fc.integer({ min: 1, max: 20 }) });

/** What of `screen` is seen from a corner on a terminal of `size`, and a line below it. */
function pictureOf(screen: Screen, { cols, rows }: TerminalSize, top: number, left: number, status: string): Picture {
  const frame = screen.frame({ top, left, cols, rows: rows - 1 });
  return { frame, status: status.slice(0, cols) };
}

/** The cells of a terminal: what stands in each, and in which colours. */
function cellsOf(terminal: headless.Terminal): readonly string[] {
  const { active } = terminal.buffer;
  return Array.from({ length: terminal.rows }, (_, row) => {
    const line = active.getLine(active.baseY + row);
    return Array.from({ length: terminal.cols }, (_, col) => {
      const cell = line?.getCell(col);
      const colour = `${cell?.getFgColorMode()}.${cell?.getFgColor()}.${cell?.getBgColorMode()}.${cell?.getBgColor()}`;
      return `${cell?.getChars() ?? ''}|${cell?.isBold()}${cell?.isInverse()}${cell?.isUnderline()}|${colour}`;
    }).join(' ');
  });
}

async function shownOn(terminal: headless.Terminal, text: string): Promise<void> {
  await new Promise<void>((resolve) => {
    terminal.write(text, resolve);
  });
}

/** The columns from `left` on of a row of the screen, as a person sees them; halves of wide characters are blanks. */
function clipped(screen: Screen, row: number, left: number, cols: number): string {
  const runs = screen.frame().lines[row] ?? [];
  const cells: string[] = [];
  for (const { text, width } of runs) {
    const characters = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
    // Where each character is a cell it can be said here which is where; others are left to the other tests.
    if (characters.length !== width) return UNKNOWN;
    cells.push(...characters);
  }
  return cells
    .slice(left, left + cols)
    .join('')
    .trimEnd();
}
const UNKNOWN = '\0';

describe('a picture of a screen', () => {
  test('painted over the one before is as if it had been painted alone', async () => {
    await fc.assert(
      fc.asyncProperty(
        anySize,
        anyScreen,
        fc.array(fc.tuple(fc.oneof(plainOutput, anyOutput), fc.nat(10), fc.nat(10)), { minLength: 1, maxLength: 6 }),
        async (size, screenSize, steps) => {
          const screen = new Screen(screenSize, { styles: true });
          const terminal = new headless.Terminal({ ...size, allowProposedApi: true });
          const painter = new Painter(size);
          let last: Picture | undefined;
          for (const [output, top, left] of steps) {
            screen.write(output);
            last = pictureOf(screen, size, top, left, 'playing 0:01');
            await shownOn(terminal, painter.paint(last));
          }
          const alone = new headless.Terminal({ ...size, allowProposedApi: true });
          if (last !== undefined) await shownOn(alone, new Painter(size).paint(last));
          expect(cellsOf(terminal)).toEqual(cellsOf(alone));
          terminal.dispose();
          alone.dispose();
        },
      ),
      { numRuns: runs(150) },
    );
  });

  test('is what the screen shows there, cut off at the edges, and the status line below it', async () => {
    await fc.assert(
      fc.asyncProperty(
        anySize,
        anyScreen,
        plainOutput,
        fc.nat(10),
        fc.nat(10),
        async (size, screenSize, output, top, left) => {
          const screen = new Screen(screenSize, { styles: true });
          screen.write(output);
          const terminal = new headless.Terminal({ ...size, allowProposedApi: true });
          await shownOn(terminal, new Painter(size).paint(pictureOf(screen, size, top, left, 'playing')));
          const { active } = terminal.buffer;
          const row = (at: number): string =>
            active
              .getLine(active.baseY + at)
              ?.translateToString()
              .trimEnd() ?? '';
          for (let at = 0; at < size.rows - 1; at++) {
            const wanted = top + at < screenSize.rows ? clipped(screen, top + at, left, size.cols) : '';
            if (wanted !== UNKNOWN) expect(row(at)).toBe(wanted);
          }
          expect(row(size.rows - 1)).toBe('playing'.slice(0, size.cols));
          terminal.dispose();
        },
      ),
      { numRuns: runs(150) },
    );
  });

  test('cuts wide characters at its edges, and keeps what is beside them in its place', async () => {
    const screen = new Screen({ cols: 20, rows: 1 }, { styles: true });
    screen.write(Buffer.from('a你好b世c'));
    const seen = async (left: number, cols: number): Promise<string> => {
      const terminal = new headless.Terminal({ cols, rows: 2, allowProposedApi: true });
      await shownOn(terminal, new Painter({ cols, rows: 2 }).paint(pictureOf(screen, { cols, rows: 2 }, 0, left, '')));
      return terminal.buffer.active.getLine(0)?.translateToString() ?? '';
    };
    expect([await seen(0, 2), await seen(0, 3), await seen(2, 4), await seen(5, 4), await seen(7, 3)]).toEqual([
      'a ',
      'a你',
      ' 好b',
      'b世c',
      ' c ',
    ]);
  });

  test('is drawn with nothing but text, colours, positions and the modes that are undone', () => {
    fc.assert(
      fc.property(anySize, anyOutput, (size, output) => {
        const screen = new Screen({ cols: 40, rows: 10 }, { styles: true });
        screen.write(output);
        const text = new Painter(size).paint(pictureOf(screen, size, 0, 0, 'playing'));
        const rest = text.replace(/\x1b\[(?:[\d;]*[mHKJ]|\?(?:1049|7|2004|25|2026)[hl])/g, '');
        expect(rest).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
      }),
      { numRuns: runs(300) },
    );
  });

  test('that is as the one before costs nothing', () => {
    const screen = new Screen({ cols: 40, rows: 10 }, { styles: true });
    screen.write(Buffer.from('hello'));
    const size = { cols: 30, rows: 8 };
    const painter = new Painter(size);
    expect(painter.paint(pictureOf(screen, size, 0, 0, 'one'))).not.toBe('');
    expect(painter.paint(pictureOf(screen, size, 0, 0, 'one'))).toBe('');
    expect(painter.paint(pictureOf(screen, size, 0, 0, 'two'))).not.toContain('hello');
    painter.forget(size);
    expect(painter.paint(pictureOf(screen, size, 0, 0, 'two'))).toContain('hello');
  });

  test('has the cursor where the screen has it, if that is to be seen', () => {
    const screen = new Screen({ cols: 40, rows: 10 }, { styles: true });
    const size = { cols: 30, rows: 8 };
    const end = (output: string): string => {
      screen.write(Buffer.from(output));
      const picture = pictureOf(screen, size, 0, 0, '');
      return /(?:\x1b\[[\d;]+H\x1b\[\?25h)?\x1b\[\?2026l$/.exec(new Painter(size).paint(picture))?.[0] ?? '';
    };
    expect(end('\x1b[3;5H')).toContain('\x1b[3;5H\x1b[?25h');
    expect(end('\x1b[?25l')).not.toContain('\x1b[?25h');
    expect(end('\x1b[?25h\x1b[9;5H')).not.toContain('\x1b[?25h');
    expect(end('\x1b[1;35H')).not.toContain('\x1b[?25h');
  });
});

describe.skipIf(!hasTmux)('tmux', () => {
  test('shows the picture as it is meant', () => {
    const screen = new Screen({ cols: 50, rows: 12 }, { styles: true });
    screen.write(
      Buffer.from('\x1b[31mred\x1b[m 你好 naïve 🚀\r\n\x1b[44mblue to the end\x1b[K\x1b[m\r\nplain\x1b[12;1Hlast row'),
    );
    const size = { cols: 16, rows: 6 };
    const painter = new Painter(size);
    const bytes = [0, 1, 7].map((top) => painter.paint(pictureOf(screen, size, top, 0, `from row ${top}`))).join('');
    expect(tmuxLines(Buffer.from(bytes), size)).toEqual(['', '', '', '', 'last row', 'from row 7']);
    const first = new Painter(size).paint(pictureOf(screen, size, 0, 0, 'from row 0'));
    expect(tmuxLines(Buffer.from(first), size)).toEqual([
      'red 你好 naïve',
      'blue to the end',
      'plain',
      '',
      '',
      'from row 0',
    ]);
  });
});
