import { describe, expect, test } from 'vitest';
import {
  frameToAnsi,
  frameToHtml,
  frameToJson,
  frameToSvg,
  frameToText,
  Screen,
  Transcript,
} from '../../src/render/index.js';
import { EarlyLines } from '../../src/render/transcript/early-lines.js';
import { bytes } from './programs.js';

function frameOf(output: string): ReturnType<Screen['frame']> {
  const screen = new Screen({ cols: 20, rows: 4 }, { styles: true });
  screen.write(bytes(output));
  return screen.frame();
}

describe('frames', () => {
  const frame = frameOf('plain\r\n\x1b[1;31mred <b>\x1b[0m & \x1b[7minverse\x1b[0m 日\r\n\x1b[8msecret\x1b[0m');

  test('text has no escape, and what is concealed, as the transcript has', () => {
    expect(frameToText(frame)).toBe('plain\nred <b> & inverse 日\nsecret\n');
  });

  test('ANSI draws the same frame again', () => {
    expect(frameOf(frameToAnsi(frame).trimEnd().replaceAll('\n', '\r\n')).lines).toEqual(frame.lines);
  });

  test('HTML and SVG escape what the program printed', () => {
    for (const markup of [frameToHtml(frame), frameToSvg(frame)]) {
      expect(markup).toContain('red &lt;b&gt;');
      expect(markup).toContain('#cd0000');
      expect(markup).not.toContain('secret');
    }
  });

  test('what the emulator left in the second column of a wide character is not drawn', () => {
    const output = `\x1b[?7l${'x'.repeat(18)}日y`;
    expect(frameToText(frameOf(output))).toBe(`${'x'.repeat(18)}日\n`);
  });

  test('what takes no column and stands at the left edge is drawn, as it is told', () => {
    expect(frameToText(frameOf('\u070fa'))).toBe('\u070fa\n');
  });

  test('JSON has the size, the cursor and the rows', () => {
    expect(JSON.parse(frameToJson(frameOf('a\r\nb')))).toEqual({
      cols: 20,
      rows: 4,
      cursor: { row: 1, col: 1 },
      lines: ['a', 'b', '', ''],
    });
  });
});

describe('early lines', () => {
  function session(): {
    readonly write: (text: string, now: number) => string[];
    readonly look: (now: number) => string[];
  } {
    const transcript = new Transcript({ cols: 20, rows: 5 });
    const early = new EarlyLines(transcript);
    const look = (now: number): string[] => early.look(now).map((line) => line.text);
    const write = (text: string, now: number): string[] => [
      ...early.final(transcript.push(bytes(text))).map((line) => `final ${line.text}`),
      ...look(now),
    ];
    return { write, look };
  }

  test('a line is shown within half a second, and once', () => {
    const { write, look } = session();
    expect(write('one\r\n', 0)).toEqual([]);
    expect(look(450)).toEqual(['one']);
    expect(write('two\r\nthree\r\n', 500)).toEqual([]);
    expect(look(1000)).toEqual(['two', 'three']);
    expect(write('four\r\nfive\r\nsix\r\n', 1100)).toEqual([]);
    expect(look(1600)).toEqual(['four', 'five', 'six']);
  });

  test('lines that scrolled off at once are shown within half a second too, each once and in order', () => {
    const { write, look } = session();
    const texts = Array.from({ length: 60 }, (_, number) => `line ${number}`);
    const shown = [...write(texts.map((text) => `${text}\r\n`).join(''), 0), ...look(450)];
    expect(shown.map((text) => text.replace('final ', ''))).toEqual(texts);
    // None of them is shown again when it becomes final.
    expect(write('more\r\n'.repeat(60), 500).filter((text) => text.includes('line '))).toEqual([]);
  });

  test('the head of a frame that is taller than the screen is not shown before it stands still', () => {
    const { write, look } = session();
    const frame = (step: number): string => `step ${step}\r\n${'abcdefgh'.replaceAll(/./g, '$& row\r\n')}end`;
    expect(write(frame(0), 0)).toEqual([]);
    for (let step = 1; step < 6; step++)
      expect([...write(`\x1b[8A\x1b[1A\r\x1b[J${frame(step)}`, step * 300), ...look(step * 300 + 250)]).toEqual([]);
  });

  test('the line of the cursor, and one that changes, are not shown', () => {
    const { write, look } = session();
    write('prompt', 0);
    expect(look(5000)).toEqual([]);
  });

  test('blank lines are shown when something stands behind them', () => {
    const { write, look } = session();
    write('one\r\n\r\n', 0);
    expect(look(500)).toEqual(['one']);
    expect(look(5000)).toEqual([]);
    write('two', 5100);
    expect(look(6000)).toEqual(['']);
  });

  test('after the cursor was moved up nothing is shown early for ten seconds', () => {
    const { write, look } = session();
    write('a\r\nb\r\n\x1b[2Aa\x1b[2B\r', 0);
    expect(look(9000)).toEqual([]);
    expect(look(10_500)).toEqual(['a', 'b']);
  });

  test('a synchronized update hides for a second at most', () => {
    const { write, look } = session();
    write('a\r\n\x1b[?2026h', 0);
    expect(look(600)).toEqual([]);
    expect(look(1100)).toEqual(['a']);
  });
});
