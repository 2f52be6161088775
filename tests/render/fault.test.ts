import xterm from '@xterm/headless';
import { afterEach, expect, test, vi } from 'vitest';
import { Screen, Transcript } from '../../src/render/index.js';
import { bytes } from './programs.js';
import { textOf } from './text-of.js';

/** The emulator's own way of reading, which every terminal shares. */
interface Core {
  writeSync(bytes: Uint8Array): void;
}

function corePrototype(): Core {
  const terminal = new xterm.Terminal({ cols: 2, rows: 1, allowProposedApi: true });
  let holder: unknown = Reflect.get(terminal, '_core');
  while (holder !== null && typeof holder === 'object' && !Object.hasOwn(holder, 'writeSync')) {
    holder = Object.getPrototypeOf(holder);
  }
  terminal.dispose();
  return holder as Core;
}

/** From now on an emulator reads as far as the word FAULT, and throws. */
function breakAtFault(): void {
  const core = corePrototype();
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the terminal it is of
  const { writeSync } = core;
  vi.spyOn(core, 'writeSync').mockImplementation(function (this: Core, output) {
    const at = Buffer.from(output).indexOf('FAULT');
    if (at === -1) {
      writeSync.call(this, output);
      return;
    }
    writeSync.call(this, output.subarray(0, at));
    throw new RangeError('no such row');
  });
}

const SAID = '[the screen model failed here and continues with an empty screen: no such row]';

afterEach(() => {
  vi.restoreAllMocks();
});

test('what stood on the screen is told, then the fault in one line, then what comes', async () => {
  breakAtFault();
  expect(await textOf(['one\r\ntwo\r\n', 'three FAULT', '\x1b[31mfour\r\nfive'])).toEqual([
    'one',
    'two',
    'three',
    SAID,
    'four',
    'five',
  ]);
});

test('what had scrolled off in front of it is told as well', async () => {
  breakAtFault();
  const lines = Array.from({ length: 12 }, (_, n) => `line ${n}`);
  expect(await textOf([`${lines.join('\r\n')}\r\nFAULT`, 'after'])).toEqual([...lines, SAID, 'after']);
});

test('margins, modes and an alternate screen do not outlive it', async () => {
  breakAtFault();
  const lines = await textOf([
    'a\r\n\x1b[2;3r\x1b[?7l\x1b[2;1H\x1b[?1049h\x1b[Hpage',
    'FAULT',
    `b\r\n${'c'.repeat(25)}\r\nd`,
  ]);
  expect(lines.filter((line) => !line.startsWith('---'))).toEqual(['a', 'page', SAID, 'b', 'c'.repeat(25), 'd']);
});

test('as often as it fails, each time is said and what comes between is told', async () => {
  breakAtFault();
  const output = Array.from({ length: 50 }, (_, n) => [`line ${n}\r\n`, 'FAULT']).flat();
  const lines = await textOf(output, { cols: 100 });
  expect(lines.filter((line) => line === SAID)).toHaveLength(50);
  expect(lines.filter((line) => line !== SAID)).toEqual(Array.from({ length: 50 }, (_, n) => `line ${n}`));
});

test('a screen that is looked at shows what came after it, and a transcript goes on live', () => {
  breakAtFault();
  const screen = new Screen({ cols: 20, rows: 3 });
  for (const output of ['before\r\n', 'FAULT', 'after']) screen.write(bytes(output));
  expect(screen.rows().map((row) => row.text)).toEqual(['after', '', '']);
  const transcript = new Transcript({ cols: 20, rows: 3 });
  transcript.push(bytes('before\r\nFAULT'));
  transcript.push(bytes('after\r\n'));
  expect(transcript.live().rows.map((row) => row.text)).toEqual(['after', '', '']);
});
