import { describe, expect, test } from 'vitest';
import {
  EarlyLines,
  frameToAnsi,
  frameToHtml,
  frameToJson,
  frameToSvg,
  frameToText,
  readRecording,
  Screen,
  Transcript,
} from '../../src/render/index.js';
import { bytes } from './programs.js';

function frameOf(output: string): ReturnType<Screen['frame']> {
  const screen = new Screen({ cols: 20, rows: 4 }, { styles: true });
  screen.write(bytes(output));
  return screen.frame();
}

describe('frames', () => {
  const frame = frameOf('plain\r\n\x1b[1;31mred <b>\x1b[0m & \x1b[7minverse\x1b[0m 日\r\n\x1b[8msecret\x1b[0m');

  test('text has no escape, and hides what the terminal hides', () => {
    expect(frameToText(frame)).toBe('plain\nred <b> & inverse 日\n\n');
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

  test('JSON has the size, the cursor and the rows', () => {
    expect(JSON.parse(frameToJson(frameOf('a\r\nb')))).toEqual({
      cols: 20,
      rows: 4,
      cursor: { row: 1, col: 1 },
      lines: ['a', 'b', '', ''],
    });
  });
});

describe('readers', () => {
  test('a raw log is itself', () => {
    const log = bytes('{ not a cast');
    expect(readRecording(log)).toEqual({ format: 'raw', size: undefined, chunks: [log] });
  });

  test('a typescript loses the lines that script added, and tells its size', () => {
    const file =
      'Script started on 2026-01-02 03:04:05+00:00 [COMMAND="x" TERM="xterm" COLUMNS="91" LINES="32"]\nout\r\nput\nScript done on 2026-01-02 [COMMAND_EXIT_CODE="0"]\n';
    const recording = readRecording(bytes(file));
    expect(recording.size).toEqual({ cols: 91, rows: 32 });
    expect(Buffer.concat(recording.chunks.filter((chunk) => chunk instanceof Uint8Array)).toString()).toBe(
      'out\r\nput',
    );
  });

  test.each([
    ['1', '{"version": 1, "width": 80, "height": 24, "stdout": [[0.1, "a"], [0.2, "b"]]}'],
    [
      '2',
      '{"version": 2, "width": 80, "height": 24}\n[0.1, "o", "a"]\n[0.2, "i", "x"]\n[0.2, "o", "b"]\n[0.3, "o", "tor',
    ],
    [
      '3',
      '{"version": 3, "term": {"cols": 80, "rows": 24}}\n# note\n[0.1, "o", "a"]\n[0.1, "m", "x"]\n[0.1, "o", "b"]\n[0.1, "x", "0"]\n',
    ],
  ])('an asciicast version %s gives its output and its size', (_version, file) => {
    const recording = readRecording(bytes(file));
    expect(recording.format).toBe('asciicast');
    expect(recording.size).toEqual({ cols: 80, rows: 24 });
    expect(recording.chunks).toEqual([bytes('a'), bytes('b')]);
  });

  test('an asciicast gives its resizes too', () => {
    const file = '{"version": 2, "width": 80, "height": 24}\n[0.1, "r", "100x30"]\n[0.2, "r", "0x0"]\n';
    expect(readRecording(bytes(file)).chunks).toEqual([{ type: 'resize', cols: 100, rows: 30 }]);
  });
});

describe('early lines', () => {
  function session(): {
    readonly write: (text: string, now: number) => string[];
    readonly look: (now: number) => string[];
  } {
    const transcript = new Transcript({ cols: 20, rows: 5 });
    const early = new EarlyLines();
    const look = (now: number): string[] => early.look(transcript.live(), now).map((line) => line.text);
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

  test('the line of the cursor, and one that changes, are not shown', () => {
    const { write, look } = session();
    write('prompt', 0);
    expect(look(5000)).toEqual([]);
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
