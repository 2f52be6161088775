import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Frame,
  frameToAnsi,
  frameToHtml,
  frameToJson,
  frameToSvg,
  frameToText,
  Screen,
  type ScreenState,
  Transcript,
} from '../../src/render/index.js';
import { linesToAnsi, linesToJson, linesToText } from '../../src/render/pictures/print-lines.js';
import { runsToAnsi } from '../../src/render/pictures/print-frame.js';
import { cuts, pieces } from './generators.js';

const SIZE = { cols: 20, rows: 4 };

function open(uri: string, params = ''): string {
  return `\x1b]8;${params};${uri}\x1b\\`;
}

const CLOSE = open('');

function linked(uri: string, label: string, params = ''): string {
  return `${open(uri, params)}${label}${CLOSE}`;
}

function frameOf(output: string, size = SIZE): Frame {
  const screen = new Screen(size, { styles: true });
  screen.write(Buffer.from(output));
  return screen.frame();
}

function ansiOf(output: string): string {
  return frameToAnsi(frameOf(output));
}

describe('a labelled link', () => {
  const output = `see \x1b[1m${linked('https://docs.test/a?b=1&c=2', 'the page')}\x1b[0m now`;

  test('leads where it led, in HTML and SVG', () => {
    expect(frameToHtml(frameOf(output))).toContain(
      'see <a href="https://docs.test/a?b=1&amp;c=2" rel="noreferrer" style="font-weight:bold;color:inherit;text-decoration:underline">the page</a> now',
    );
    expect(frameToSvg(frameOf(output))).toMatch(
      /<a href="https:\/\/docs\.test\/a\?b=1&amp;c=2" rel="noreferrer"><text [^>]*>the page<\/text><\/a>/,
    );
  });

  test('is OSC 8 again in ANSI, with the colours of its text and no underline that it did not have', () => {
    expect(ansiOf(output)).toBe(
      'see \x1b]8;;https://docs.test/a?b=1&c=2\x1b\\\x1b[1mthe page\x1b[0m\x1b]8;;\x1b\\ now\n',
    );
  });

  test('is told by its place in the text in JSON, of screens and of lines', () => {
    const link = { start: 4, end: 12, uri: 'https://docs.test/a?b=1&c=2' };
    expect(JSON.parse(frameToJson(frameOf(output)))).toMatchObject({ links: [{ row: 0, ...link }] });
    const transcript = new Transcript(SIZE, { links: true });
    const lines = [...transcript.push(Buffer.from(`plain\r\n${output}\r\n`)), ...transcript.end()];
    const printed = linesToJson(lines).trimEnd().split('\n');
    expect(printed.map((line) => (JSON.parse(line) as { links?: unknown }).links)).toEqual([undefined, [link]]);
  });

  test('is its label as text, and where people read lines on a terminal', () => {
    expect(frameToText(frameOf(output))).toBe('see the page now\n');
    expect(runsToAnsi(frameOf(output).lines[0] ?? [])).toBe('see \x1b[1mthe page\x1b[0m now');
  });

  test('is ended on each row, though it goes on in the next or nobody ends it', () => {
    expect(ansiOf(`${open('https://a.test/')}${'x'.repeat(25)}`)).toBe(
      `${linked('https://a.test/', 'x'.repeat(20))}\n${linked('https://a.test/', 'xxxxx')}\n`,
    );
  });

  test('keeps its id where that is a plain one', () => {
    expect(ansiOf(linked('https://a.test/', 'x', 'id=a-1:other=2'))).toBe(
      linked('https://a.test/', 'x', 'id=a-1') + '\n',
    );
    expect(ansiOf(linked('https://a.test/', 'x', 'id="<1>'))).toBe(`${linked('https://a.test/', 'x')}\n`);
  });

  test('is another than one to the same place with another id', () => {
    const two = linked('https://a.test/', 'x', 'id=1') + linked('https://a.test/', 'y', 'id=2');
    expect(ansiOf(two)).toBe(`${two}\n`);
  });

  test('goes on after a saved cursor comes back and colours are reset, and ends with a reset', () => {
    expect(ansiOf(`\x1b7${open('https://a.test/')}\x1b[4mab\x1b8\x1b[2Ccd\x1b[0mef\x1bcgh`)).toBe('gh\n');
    expect(ansiOf(`\x1b7${open('https://a.test/')}\x1b[4mab\x1b8\x1b[2Ccd\x1b[0mef`)).toBe(
      `${open('https://a.test/')}\x1b[4mab\x1b[0m${CLOSE}${linked('https://a.test/', 'cdef')}\n`,
    );
  });

  test('is there after a resize, with its text', () => {
    const screen = new Screen(SIZE, { styles: true });
    screen.write(Buffer.from(`at ${linked('https://a.test/', 'one two three')} end`));
    screen.resize({ cols: 8, rows: 4 });
    const link = (text: string): string => linked('https://a.test/', text);
    expect(frameToAnsi(screen.frame())).toBe(`at ${link('one t')}\n${link('wo three')}\n end\n`);
  });
});

describe('what leads nowhere safe', () => {
  test.each([
    ['another scheme', 'javascript:void'],
    ['a file', 'file:///tmp/x'],
    ['data', 'data:text/plain,x'],
    ['no host', 'https:///x'],
    ['a user that looks like a host', 'https://known.test@other.test/'],
    ['quotes', 'https://a.test/"x'],
    ['angle brackets', 'https://a.test/<b>'],
    ['blanks', 'https://a.test/ x'],
    ['a change of direction', 'https://a.test/\u202ex'],
    ['other characters', 'https://a.test/é'],
    ['a longer address than terminals take', `https://a.test/${'x'.repeat(2100)}`],
    ['one longer than is kept', `https://a.test/${'x'.repeat(9000)}`],
  ])('is text: %s', (_name, uri) => {
    const frame = frameOf(`a${linked(uri, 'b')}c`);
    expect(frameToText(frame)).toBe('abc\n');
    expect(frameToAnsi(frame)).toBe('abc\n');
    expect(frameToHtml(frame)).not.toContain('href');
    expect(frameToSvg(frame)).not.toContain('href');
    expect(frameToJson(frame)).not.toContain('links');
  });

  test('ends the link in front of it', () => {
    expect(ansiOf(`${open('https://a.test/')}a${open('other:x')}b`)).toBe(`${linked('https://a.test/', 'a')}b\n`);
  });
});

const text = fc.constantFrom(
  'a',
  'word ',
  '日本',
  'e\u0301',
  '\r\n',
  '\x1b[31m',
  '\x1b[0m',
  '\x1b[2J\x1b[H',
  '\x1b7',
  '\x1b8',
);
const someLink = fc.constantFrom(
  open('https://a.test/'),
  open('https://b.test/', 'id=1'),
  open('https://b.test/', 'id=2'),
  open('mailto:a@b.test'),
  open('x:y'),
  CLOSE,
);
const linkedOutput = fc.array(fc.oneof(text, someLink), { maxLength: 60 }).map((parts) => Buffer.from(parts.join('')));

describe('whatever is printed', () => {
  test('links are the same however the bytes come', () => {
    const read = (chunks: readonly Uint8Array[], options: { styles?: boolean; links?: boolean }): string => {
      const transcript = new Transcript(SIZE, options);
      const lines = [...chunks.flatMap((chunk) => transcript.push(chunk)), ...transcript.end()];
      return linesToAnsi(lines, { links: true });
    };
    fc.assert(
      fc.property(linkedOutput, cuts, (output, lengths) => {
        expect(read(pieces(output, lengths), { styles: true })).toBe(read([output], { styles: true }));
      }),
    );
  });

  test('links without colours stand where those with colours do', () => {
    const read = (output: Uint8Array, options: { styles?: boolean; links?: boolean }): string => {
      const transcript = new Transcript(SIZE, options);
      return linesToJson([...transcript.push(output), ...transcript.end()]);
    };
    fc.assert(
      fc.property(linkedOutput, (output) => {
        expect(read(output, { links: true })).toBe(read(output, { styles: true }));
      }),
    );
  });

  test('the text is the same with links and without', () => {
    const read = (output: Uint8Array, options: { styles?: boolean }): string => {
      const transcript = new Transcript(SIZE, options);
      return linesToText([...transcript.push(output), ...transcript.end()]);
    };
    fc.assert(
      fc.property(linkedOutput, (output) => {
        expect(read(output, { styles: true })).toBe(read(output, {}));
      }),
    );
  });

  test('a saved screen goes on with its links', () => {
    fc.assert(
      fc.property(linkedOutput, linkedOutput, (before, after) => {
        const one = new Screen(SIZE, { styles: true });
        one.write(before);
        const other = Screen.resume(JSON.parse(JSON.stringify(one.save())) as ScreenState, { styles: true });
        one.write(after);
        other.write(after);
        expect(frameToAnsi(other.frame())).toBe(frameToAnsi(one.frame()));
      }),
    );
  });

  test('every link in ANSI is ended on its line', () => {
    fc.assert(
      fc.property(linkedOutput, (output) => {
        for (const line of frameToAnsi(frameOf(output.toString())).split('\n')) {
          const sequences = line.match(/\x1b\]8;[^\x1b]*\x1b\\/g) ?? [];
          for (const [at, sequence] of sequences.entries()) expect(sequence === CLOSE).toBe(at % 2 === 1);
          expect(sequences.length % 2).toBe(0);
        }
      }),
    );
  });
});
