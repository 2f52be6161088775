import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TerminalSize } from '../../src/core/terminal/size.js';
import {
  restoreTerminal,
  saveTerminal,
  terminalInternals,
  type TerminalState,
} from '../../src/render/emulator/terminal-state.js';
import { openTerminal } from '../../src/render/emulator/xterm.js';
import { XTERM_FIELDS } from '../../src/render/emulator/xterm-fields.js';
import { anyOutput, plainOutput } from '../render/generators.js';

type Terminal = ReturnType<typeof openTerminal>;
const SCROLLBACK = 2000;

const sizes = fc.record({ cols: fc.integer({ min: 2, max: 30 }), rows: fc.integer({ min: 2, max: 8 }) });
/** Of each kind of sequence that leaves something behind. */
const stateful = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\x1b7',
        '\x1b8',
        '\x1b[s',
        '\x1b[u',
        '\x1b[2;4r',
        '\x1b[r',
        '\x1b[?6h',
        '\x1b[?7l',
        '\x1b[4h',
        '\x1b[20h',
      ),
      fc.constantFrom(
        '\x1b[?1049h',
        '\x1b[?1049l',
        '\x1b[?47h',
        '\x1b[?47l',
        '\x1b(0lqk',
        '\x1b)0\x0e',
        '\x0f',
        '\x1bH',
        '\x1b[3g',
      ),
      fc.constantFrom(
        '\x1b[31m',
        '\x1b[48;5;200m',
        '\x1b[38;2;1;2;3m',
        '\x1b[4:3m',
        '\x1b[58;5;3m',
        '\x1b[1;7m',
        '\x1b[m',
        '\x1b[1"q',
      ),
      fc.constantFrom(
        '\x1b]8;;https://example.org\x07',
        '\x1b]8;;\x07',
        '\x1b[K',
        '\x1b[1J',
        '\x1b[3X',
        '\x1b[2L',
        '\x1b[2M',
        '\x1b[2;3H',
      ),
      fc.constantFrom(
        'wide 日本',
        'e\u0301',
        '👩‍💻',
        '\t',
        '\r\n',
        '\n',
        'a line that is longer than the screen is wide',
        '\x1b[4b',
      ),
    ),
    { maxLength: 25 },
  )
  .map((parts) => Buffer.from(parts.join('')));
/**
 * But for ED 3: it erases rows above the screen, which are orch's, so the emulator is never sent it; and for ED 1, with which
 * @xterm/headless 6.0.0 takes the wrap mark from a row that it counts from the first of the scrollback, and that one is not saved.
 */
const stream = fc
  .oneof(stateful, stateful, anyOutput, plainOutput)
  .filter((bytes) => !/3J|[[\x9b]\??0*1(;\d*)*J|\x1bc/.test(Buffer.from(bytes).toString('latin1')));

/** orch gives the emulator whole sequences, so that its parser is never saved within one: ST ends what is open. */
const ended = stream.map((bytes) => Buffer.concat([bytes, Buffer.from('\x1b\\')]));

/** What is drawn next shows what the picture does not: pen, modes, margins, saved cursor, tabs, character sets, joining. */
const PROBES = [
  '\u0301x',
  '\ta',
  '\x1b8b',
  '\r\n\n\n\n\n\n\n\nc',
  '\x1b[?1049ld',
  '\x1b8e',
  'f'.repeat(70),
  '\x0fg',
  '\x1b[2b',
];

function open(size: TerminalSize, output: Uint8Array): Terminal {
  const terminal = openTerminal(size, SCROLLBACK);
  write(terminal, output);
  return terminal;
}

/**
 * As orch has it: where a cursor is saved or restored no rows are above the screen, because the emulator counts the row from the
 * first of those, which are not saved.
 */
function write(terminal: Terminal, output: Uint8Array): void {
  for (const some of Buffer.from(output).toString('latin1').split(BEFORE_SEQUENCE))
    terminal.write(Buffer.from(/^(?:\x1b|\xc2\x9b)/.test(some) ? `\x1b[3J${some}` : some, 'latin1'));
}

const BEFORE_SEQUENCE = /(?=\x1b|\xc2\x9b)/;

function resumed(size: TerminalSize, text: string): Terminal {
  const state = JSON.parse(text) as TerminalState;
  const terminal = openTerminal(size, SCROLLBACK);
  if (state.alternate) terminal.write(Buffer.from('\x1b[?47h'));
  restoreTerminal(terminal.internals, state, true);
  return terminal;
}

/** Each cell of the normal screen and of the one that is shown, the cursor, and all that is saved. */
function cells({ terminal, internals }: Terminal): readonly string[] {
  const { normal, active } = terminal.buffer;
  const rows = [normal, active].flatMap((buffer) =>
    Array.from({ length: buffer.length - buffer.baseY }, (_, at) => {
      const line = buffer.getLine(buffer.baseY + at);
      const drawn = Array.from({ length: line?.length ?? 0 }, (_cell, col) => {
        const cell = line?.getCell(col);
        if (cell === undefined) return '';
        const colours = [cell.getFgColorMode(), cell.getFgColor(), cell.getBgColorMode(), cell.getBgColor()];
        const looks = [
          cell.isBold(),
          cell.isDim(),
          cell.isItalic(),
          cell.isUnderline(),
          cell.isInverse(),
          cell.isInvisible(),
        ];
        return [cell.getChars(), cell.getWidth(), ...colours, ...looks, cell.isStrikethrough()].join(',');
      });
      return `${buffer.type} ${at} ${String(line?.isWrapped)} ${drawn.join('|')}`;
    }),
  );
  const state = saveTerminal(internals);
  return [...rows, `${active.type} ${active.cursorX} ${active.cursorY}`, JSON.stringify(state)];
}

describe('an emulator that was saved and resumed', () => {
  test('is the same cell by cell, whatever was printed, and stays so with what is printed next', () => {
    fc.assert(
      fc.property(sizes, ended, stream, (size, output, more) => {
        const original = open(size, output);
        const other = resumed(size, JSON.stringify(saveTerminal(original.internals)));
        expect(cells(other)).toEqual(cells(original));
        for (const next of [...PROBES.map((probe) => Buffer.from(probe)), more]) {
          write(original, next);
          write(other, next);
          expect(cells(other)).toEqual(cells(original));
        }
        original.terminal.dispose();
        other.terminal.dispose();
      }),
      { numRuns: 100 },
    );
  });
});

describe('the inside of the emulator', () => {
  const core: unknown = Reflect.get(openTerminal({ cols: 20, rows: 5 }, SCROLLBACK).terminal, '_core');

  test('is as it has to be', () => {
    expect(terminalInternals(core)).toBe(core);
  });

  test.each([...XTERM_FIELDS.keys()])('is refused by name without %s, or with another in its place', (path) => {
    const named = `its field ${path} `;
    if (XTERM_FIELDS.get(path) !== 'anything') {
      expect(() => terminalInternals(without(core, path.split('.'), 'another'))).toThrow(named);
      expect(() => terminalInternals(without(core, path.split('.'), undefined))).toThrow(named);
    }
    expect(() => terminalInternals(without(core, path.split('.'), GONE))).toThrow(named);
  });
});

const GONE = Symbol('gone');

/** `target` with something else at `path`, or nothing at all; the rest as it is. */
function without(target: unknown, [name = '', ...rest]: readonly string[], value: unknown): unknown {
  if (typeof target !== 'object' || target === null) throw new TypeError(`nothing has ${name}`);
  const at = (key: PropertyKey): unknown => Reflect.get(target, key) as unknown;
  return new Proxy(target, {
    has: (_, key) => (key === name && rest.length === 0 && value === GONE ? false : Reflect.has(target, key)),
    get: (_, key) => {
      if (name === 'get(0)' && key === 'get')
        return () => without((at('get') as (line: number) => unknown).call(target, 0), rest, value);
      if (key !== name) return at(key);
      return rest.length === 0 ? value : without(at(key), rest, value);
    },
  });
}
