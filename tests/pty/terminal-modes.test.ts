import headless from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EscapeScanner } from '../../src/core/escape-sequences.js';
import { TerminalModes } from '../../src/pty/terminal-modes.js';

function modesAfter(...sequences: readonly string[]): TerminalModes {
  const scanner = new EscapeScanner();
  const modes = new TerminalModes();
  for (const sequence of sequences) for (const token of scanner.push(Buffer.from(sequence))) modes.apply(token);
  return modes;
}

/** The modes of a real terminal model after these bytes. */
async function terminalAfter(...bytes: readonly string[]) {
  const terminal = new headless.Terminal({ cols: 40, rows: 10, allowProposedApi: true });
  for (const piece of bytes) {
    await new Promise<void>((resolve) => {
      terminal.write(piece, resolve);
    });
  }
  const screen = terminal.buffer.active.type;
  // What a letter looks like that is printed now.
  await new Promise<void>((resolve) => {
    terminal.write('\r\x1b[2Kx', resolve);
  });
  const buffer = terminal.buffer.active;
  const cell = buffer.getLine(buffer.baseY + buffer.cursorY)?.getCell(0);
  const look = [cell?.getChars(), cell?.isAttributeDefault()];
  const { modes } = terminal;
  terminal.dispose();
  return { ...modes, screen, look };
}

const DEC = [1, 5, 6, 7, 9, 12, 25, 45, 47, 66, 1000, 1002, 1003, 1004, 1005, 1006, 1015, 1047, 1049, 2004, 2026, 2031];
const sequence = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.array(fc.constantFrom(...DEC), { minLength: 1, maxLength: 3 }), fc.constantFrom('h', 'l'))
      .map(([modes, final]) => `\x1b[?${modes.join(';')}${final}`),
  },
  fc.constantFrom(
    '\x1b[4h',
    '\x1b[4l',
    '\x1b[20h',
    '\x1b=',
    '\x1b>',
    '\x1b)0',
    '\x1b(0',
    '\x1b(B',
    '\x1b[2;5r',
    '\x1b[r',
    '\x1b[3 q',
    '\x1b[!p',
    '\x1bc',
  ),
  fc.constantFrom(
    '\x1b[31m',
    '\x1b[m',
    '\x1b[1;0m',
    '\x1b[38;5;0m',
    '\x1b[48;2;1;2;0m',
    '\x1b[4:3m',
    '\x1b[4:0m',
    '\x1b[0;7m',
    '\x1b[;m',
  ),
  fc.constantFrom(
    '\x1b[>1u',
    '\x1b[>31u',
    '\x1b[<u',
    '\x1b[=3;1u',
    '\x1b]8;;http://x\x1b\\',
    '\x1b]8;;\x07',
    '\x1b]11;#123456\x07',
    '\x1b]111\x07',
    '\x1b[>4;2m',
    'text\r\n',
    '\x0e',
    '\x0f',
  ),
);

describe('what an agent did to its terminal', () => {
  test('is undone: whatever it was, the terminal is as it was found', async () => {
    const fresh = await terminalAfter('');
    await fc.assert(
      fc.asyncProperty(fc.array(sequence, { maxLength: 25 }), async (sequences) => {
        // Colours are not followed but ended by the output itself, whose tests are beside these.
        const undo = `${modesAfter(...sequences).undo()}\x1b[m`;
        expect(await terminalAfter(...sequences, undo)).toEqual(fresh);
      }),
      { numRuns: 150 },
    );
  });

  test('is undone once: after the undoing nothing is left to undo', () => {
    fc.assert(
      fc.property(fc.array(sequence, { maxLength: 25 }), (sequences) => {
        const undo = modesAfter(...sequences).undo();
        expect(modesAfter(...sequences, undo).undo()).toBe('');
      }),
    );
  });

  test('is nothing, where it only printed', () => {
    expect(modesAfter('text\r\n\x1b[31mred\x1b[m\x1b[2J\x1b[H\x1b[?25h\x1b[?2004l').undo()).toBe('');
  });

  test.each(['\x1b)0\x0e', '\x1b*0\x1bn', '\x1b+0\x1bo'])('%j leaves no line drawing behind', (graphics) => {
    expect(modesAfter(graphics).undo()).toContain('\x0f');
  });

  test('is followed in bounded memory, whatever the numbers', () => {
    const modes = new TerminalModes();
    const scanner = new EscapeScanner();
    for (let mode = 0; mode < 300_000; mode += 1) {
      for (const token of scanner.push(Buffer.from(`\x1b[?${mode + 5000}h\x1b[>1u`))) modes.apply(token);
    }
    expect(modes.undo().length).toBeLessThan(200);
    expect(modes.kittyFlags).toBe(1);
    const kept = JSON.stringify(modes, (_, value: unknown) => (value instanceof Map ? [...value] : value)).length;
    expect(kept).toBeLessThan(10_000);
  });

  test('is told when it asks', () => {
    const modes = modesAfter('\x1b[?2026h\x1b[4h');
    expect([2026, 25, 1000, 12345].map((mode) => modes.decMode(mode))).toEqual(['set', 'set', 'reset', 'unknown']);
    expect([4, 20, 2].map((mode) => modes.ansiMode(mode))).toEqual(['set', 'reset', 'unknown']);
  });

  test("kitty's keyboard flags are kept for each screen", () => {
    expect(modesAfter('\x1b[>5u\x1b[?1049h').kittyFlags).toBe(0);
    expect(modesAfter('\x1b[>5u\x1b[?1049h\x1b[>7u\x1b[?1049l').kittyFlags).toBe(5);
    expect(modesAfter('\x1b[>5u\x1b[=2;2u').kittyFlags).toBe(7);
    expect(modesAfter('\x1b[>7u\x1b[=2;3u').kittyFlags).toBe(5);
  });
});
