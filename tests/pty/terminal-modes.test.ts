import headless from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EscapeScanner } from '../../src/core/terminal/escape-sequences.js';
import { TerminalModes } from '../../src/pty/terminal/terminal-modes.js';
import { runs } from '../fixtures/runs.js';

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
  // Where tabs lead, and whether lines still go from one side to the other.
  const stops: number[] = [];
  for (let tab = 0; tab < 6; tab++) {
    await new Promise<void>((resolve) => {
      terminal.write('\t', resolve);
    });
    stops.push(buffer.cursorX);
  }
  const cell = buffer.getLine(buffer.baseY + buffer.cursorY)?.getCell(0);
  const look = [cell?.getChars(), cell?.isAttributeDefault()];
  const { modes } = terminal;
  terminal.dispose();
  return { ...modes, screen, look, stops };
}

const DEC = [
  1, 5, 6, 7, 8, 9, 12, 25, 45, 47, 66, 1000, 1002, 1003, 1004, 1005, 1006, 1015, 1047, 1049, 2004, 2026, 2031, 69, 80,
  1035, 1070, 8452,
];
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
    '\x1b[3;9s',
    '\x1bH',
    '\x1b[3g',
    '\x1b[5CX\x1b[g',
    '\x1b[?5W',
    '\x1b[2h',
    '\x1b[12l',
    '\x1b[1"q',
    '\x1b[>2p',
    '\x1b[>1;2m',
    '\x1b[>1m',
    '\x1b[>2n',
    '\x1b G',
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
    '\x1b]17;#123456\x07',
    '\x1b]22;text\x1b\\',
    '\x1b]22;>wait\x1b\\',
    '\x1b]22;<\x07',
    '\x1b[22;2t',
    '\x1b[22t',
    '\x1b[23;0t',
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
      { numRuns: runs(150) },
    );
  });

  test('is undone once: after the undoing nothing is left to undo but tab stops, which are set by any way of resetting them', () => {
    const tabStops = modesAfter('\x1b[3g').undo();
    fc.assert(
      fc.property(fc.array(sequence, { maxLength: 25 }), (sequences) => {
        const undo = modesAfter(...sequences).undo();
        expect(modesAfter(...sequences, undo).undo()).toBe(undo.includes(tabStops) ? tabStops : '');
      }),
    );
  });

  test('is nothing, where it only printed', () => {
    expect(modesAfter('text\r\n\x1b[31mred\x1b[m\x1b[2J\x1b[H\x1b[?25h\x1b[?2004l').undo()).toBe('');
  });

  test.each([
    ['side margins', '\x1b[?69h\x1b[5;70s', '\x1b[?69l'],
    ['the display of sixels', '\x1b[?80h', '\x1b[?80l'],
    ['where sixels leave the cursor', '\x1b[?8452h', '\x1b[?8452l'],
    ['the colours of sixels', '\x1b[?1070l', '\x1b[?1070h'],
    ['auto-repeat', '\x1b[?8l', '\x1b[?8h'],
    ['a keyboard that was locked', '\x1b[2h', '\x1b[2l'],
    ['local echo', '\x1b[12l', '\x1b[12h'],
    ['the shape of the pointer', '\x1b]22;wait\x1b\\', '\x1b]22;\x1b\\'],
    ['a pointer put aside', '\x1b]22;>wait\x07', '\x1b]22;<\x1b\\'],
    ['a pointer that hides', '\x1b[>3p', '\x1b[>1p'],
    ['keys with modifiers', '\x1b[>1;3m\x1b[>4;1m', '\x1b[>1m\x1b[>4m'],
    ['another encoding', '\x1b%@', '\x1b%G'],
    ['8-bit controls', '\x1b G', '\x1b F'],
    ['protected characters', '\x1b[1"q', '\x1b[0"q'],
    ['a title put aside', '\x1b[22;2t\x1b]2;mine\x07', '\x1b[23;2t'],
  ])('is undone for %s', (_, sequence, undo) => {
    expect(modesAfter(sequence).undo()).toContain(undo);
    expect(modesAfter(sequence, modesAfter(sequence).undo()).undo()).toBe('');
  });

  test('is not undone where it undid that itself', () => {
    const itself = ['\x1b[?69h\x1b[?69l', '\x1b]22;wait\x07\x1b]22;\x07', '\x1b[22;0t\x1b]0;x\x07\x1b[23;0t'];
    expect(modesAfter(...itself, '\x1b[?1070l\x1b[?1070h').undo()).toBe('');
  });

  test.each([
    ['where it set one', '\x1b[5GX\x1bH'],
    ['where it cleared them', '\x1b[3g'],
    ['where it reset them in a way that not all terminals know', '\x1b[3g\x1b[?5W'],
  ])('is undone for tab stops, %s', (_, sequence) => {
    const undo = modesAfter(sequence).undo();
    expect(undo).toContain('\x1b[8C\x1bH');
    expect(undo).toContain('\x1b[?5W');
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

describe('the modes of a terminal, for another one', () => {
  /** What sets the modes in force after `output`. */
  function redo(output: string): string {
    const scanner = new EscapeScanner();
    const modes = new TerminalModes();
    for (const token of scanner.push(Buffer.from(output))) modes.apply(token);
    return modes.redo();
  }

  test.each([
    ['\x1b[?2004h\x1b[?1000;1006h\x1b[?25l'],
    ['\x1b[>1u\x1b[>5u'],
    ['\x1b[>4;2m'],
    ['\x1b='],
    ['\x1b(0'],
    ['\x1b-A'],
    ['\x1b[3 q'],
    ['\x1b[4h'],
    ['\x1b[2;20r'],
  ])('are set by %j', (output) => {
    expect(redo(redo(output))).toBe(redo(output));
    expect(redo(output)).not.toBe('');
  });

  test('are none where all was put back, nor those that belong to the picture or hold it back', () => {
    expect(redo('\x1b[?2004h\x1b[2;9r\x1b[5 q\x1b(0\x1b[>1u\x1b[<u\x1b(B\x1b[0 q\x1b[r\x1b[?2004l')).toBe('');
    expect(redo('\x1b[?1049h\x1b[?2026h\x1b[?6h')).toBe('');
    expect(redo('\x1b[?1000h\x1bc')).toBe('');
  });
});
