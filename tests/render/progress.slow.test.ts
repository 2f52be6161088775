import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Transcript } from '../../src/render/index.js';
import { collectGarbage } from '../fixtures/collect-garbage.js';
import { runs } from '../fixtures/runs.js';
import { linesAmongOthers, linesForScreen, pieces, plainOutput, rewrittenForScreen } from './generators.js';
import { rowsOf } from './rows-of.js';
import { textOf } from './text-of.js';
import { hasTmux, tmuxLines } from './tmux.js';

const SIZE = { cols: 80, rows: 24 };

describe('progress as package managers draw it', () => {
  test('layers that are drawn again from above, as docker pull does', async () => {
    const states = ['Pulling fs layer', 'Downloading [==>    ]', 'Downloading [=====> ]', 'Pull complete'];
    const layers = ['a1', 'b2', 'c3'];
    const frames = states.map(
      (state, n) => `${n === 0 ? '' : '\x1b[3A'}${layers.map((id) => `\x1b[2K\r${id}: ${state}\r\n`).join('')}`,
    );
    expect(await textOf(['latest: Pulling\r\n', ...frames, 'Digest: sha\r\n'], SIZE)).toEqual([
      'latest: Pulling',
      ...layers.map((id) => `${id}: Pull complete`),
      'Digest: sha',
    ]);
  });

  test('a spinner that is wiped before the result, as npm does', async () => {
    const spin = Array.from({ length: 50 }, (_, n) => `\x1b[1G\x1b[0K${'⠋⠙⠹⠸'[n % 4] ?? ''}`).join('');
    expect(await textOf([spin, '\x1b[1G\x1b[0K\r\nadded 5 packages in 2s\r\n'], SIZE)).toEqual([
      '',
      'added 5 packages in 2s',
    ]);
  });

  test('lines above a bar that stays at the bottom, as cargo does', async () => {
    const step = (name: string, n: number): string =>
      `\r\x1b[K   Compiling ${name}\r\n    Building [${'='.repeat(n)}>] ${n}/3: ${name}\r`;
    expect(await textOf([step('a', 1), step('b', 2), step('c', 3), '\r\x1b[K    Finished\r\n'], SIZE)).toEqual([
      '   Compiling a',
      '   Compiling b',
      '   Compiling c',
      '    Finished',
    ]);
  });

  test('a bar with its own line, as pip does', async () => {
    const bar = Array.from({ length: 20 }, (_, n) => `\r   ${'━'.repeat(n)} ${n}.0/19.0 MB`).join('');
    expect(await textOf([`Downloading x\r\n${bar}\r\nInstalled\r\n`], SIZE)).toEqual([
      'Downloading x',
      `   ${'━'.repeat(19)} 19.0/19.0 MB`,
      'Installed',
    ]);
  });

  test('a bar below the margin while lines scroll above it, as apt does', async () => {
    const lines = Array.from({ length: 40 }, (_, n) => `Unpacking p${n}\r\n\x1b7\x1b[24;1HProgress: [${n * 2}%]\x1b8`);
    const output = ['\x1b[0;23r\x1b[1;1H', ...lines, '\x1b7\x1b[0;24r\x1b8\x1b[24;1H\x1b[K\x1b[23;1H'];
    const text = await textOf(output, SIZE);
    expect(text.filter((line) => line !== '')).toEqual(Array.from({ length: 40 }, (_, n) => `Unpacking p${n}`));
  });
});

describe('the fast path', () => {
  test('gives the rows that the emulator gives', () => {
    fc.assert(
      fc.property(
        fc.array(plainOutput, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 2, max: 60 }),
        fc.integer({ min: 2, max: 12 }),
        (outputs, cols, rows) => {
          const output = Buffer.concat(Array.from({ length: 12 }, () => outputs).flat());
          expectSameOnFastPath([output], { cols, rows });
        },
      ),
      { numRuns: runs(60), interruptAfterTimeLimit: 10_000 },
    );
  });

  test.each([
    ['long runs of lines', linesForScreen],
    ['long runs of lines with anything in between', linesAmongOthers],
    ['rows that are written again and again', rewrittenForScreen],
  ])('gives the rows that the emulator gives: %s', (_name, lines) => {
    fc.assert(
      fc.property(
        lines,
        fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1 }),
        ({ size, output }, lengths) => {
          expectSameOnFastPath([output], size);
          expectSameOnFastPath(pieces(output, lengths), size);
        },
      ),
      { numRuns: runs(60), interruptAfterTimeLimit: 10_000 },
    );
  });

  test.each([
    ['more lines at once than the fast path reads at once', '\r\n'.repeat(20_000)],
    ['more text at once', `${'x'.repeat(79)}y\r\n\x1b[1mtab\tand \x1b[0m  \t\r\n`.repeat(5000)],
    ['a text without an end', 'x'.repeat(1_500_000)],
    ['colours without an end', '\x1b[31m'.repeat(200_000)],
    ['progress without an end', Array.from({ length: 20_000 }, (_, n) => `\r${n} of 20000 █▌`).join('')],
    ['a line with more rewriting than the kernel reads at once', `${'日本語\r.'.repeat(90_000)}\r\n`],
    ['lines that fill more than the kernel writes at once', '\t'.repeat(70_000).replaceAll(/.{700}/gs, '$&x\r\n')],
    ['marks on cells that were skipped', `${'\r50 %\x1b[K'.repeat(20_000)}\ra\x1b[5Cb\x1b[2D\u200d\r\n`],
    ['wide characters that wrap', `${'日本語'.repeat(30)}\r\n`.repeat(100)],
  ])('gives the rows that the emulator gives: %s', (_name, text) => {
    expectSameOnFastPath([Buffer.from(`${'a line\r\n'.repeat(50)}${text}the rest`)], SIZE);
  });

  // Where the fast path is entered again after it was left is not for a test to know.
  test('gives the rows that the emulator gives: a mark alone on its row, wherever the fast path is entered', () => {
    for (let before = 500; before < 510; before++) {
      const text = `✓ \u0301${'.'.repeat(before)}\n\r\u200da${'.'.repeat(12_000)}`;
      expectSameOnFastPath([Buffer.from(text)], { cols: 5, rows: 11 });
    }
  });

  test('gives the lines that the emulator gives: one column that a wide character left, which was written over below', () => {
    const text = `日本語\ra\u3000\x07${'x'.repeat(64)}\x1b[2K\r\x1b[K\r\n${'ok\r\n'.repeat(2500)}`;
    // With colours lines are read by the emulator.
    const [fast, emulated] = [false, true].map((styles) => {
      const engine = new Transcript({ cols: 3, rows: 2 }, { styles });
      return [...engine.feed(Buffer.from(text)), ...engine.end()].map((line) => line.text);
    });
    expect(fast).toEqual(emulated);
  });

  test('a million lines pass in flat memory, each once', () => {
    const engine = new Transcript(SIZE);
    const chunk = Buffer.from(Array.from({ length: 1000 }, (_, n) => `line ${n} of a thousand\r\n`).join(''));
    let lines = 0;
    for (let n = 0; n < 1000; n++) lines += engine.push(chunk).length;
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    lines += engine.end().length;
    expect(lines).toBe(1_000_000);
    expect(before).toBeLessThan(150_000_000);
  });
});

describe.skipIf(!hasTmux)('tmux as an oracle (skipped where it is not installed)', () => {
  test.each([
    ['wraps, wide characters and returns', `${'word 日本 '.repeat(60)}\r\n${'x'.repeat(40)}\rreturn\r\n`],
    ['a screen cleared by home and erase', `${'a\r\n'.repeat(30)}\x1b[H\x1b[Jnew\r\n`],
    [
      'frames erased from below',
      Array.from(
        { length: 30 },
        (_, n) => `${n === 0 ? '' : '\x1b[2K\x1b[1A'.repeat(3)}\x1b[2K\x1b[Gstatic ${n}\r\na\r\nb\r\nc\r\n`,
      ).join(''),
    ],
    ['a scrolling region', `\x1b[1;5r\x1b[5;1H${'r\r\n'.repeat(9)}\x1b[r\x1b[10;1Hend`],
  ])('%s', async (_name, output) => {
    const size = { cols: 40, rows: 12 };
    const lines = await textOf([output], size);
    expect(lines.slice(0, lines.findLastIndex((line) => line !== '') + 1)).toEqual(
      tmuxLines(Buffer.from(output), size),
    );
  });
});

/** That `chunks` give with the fast path what they give without. */
function expectSameOnFastPath(chunks: readonly Uint8Array[], size: typeof SIZE): void {
  for (const styles of [false, true]) {
    const expected = rowsOf([Buffer.concat(chunks)], size, { fastPath: false, styles });
    expect(rowsOf(chunks, size, { fastPath: true, styles })).toEqual(expected);
  }
}
