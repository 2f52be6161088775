import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DIALECTS } from '../../src/backends/agent-stream/dialects.js';
import { StreamSession } from '../../src/backends/agent-stream/session.js';
import {
  assistant,
  calling,
  delta,
  init,
  messageStart,
  result,
  retry,
  saying,
  thinkingDelta,
  toolResult,
} from '../fixtures/claude-lines.js';
import { runs } from '../fixtures/runs.js';
import { textOf } from '../render/text-of.js';
import { cuts, pieces } from '../render/generators.js';

const OK = { exitCode: 0, signal: 0 };

/** What is drawn of `lines` before the end. */
function drawn(lines: readonly string[], columns = 80): string {
  const session = new StreamSession(DIALECTS.claude, () => columns);
  return lines.map((line) => session.stdout(Buffer.from(line))).join('');
}

/** All that is drawn of a stream in these chunks. */
function drawnChunks(chunks: readonly Uint8Array[], columns = 80): string {
  const session = new StreamSession(DIALECTS.claude, () => columns);
  return chunks.map((chunk) => session.stdout(Buffer.from(chunk))).join('') + session.end(OK, 0).text;
}

const text = (lines: readonly string[], columns?: number): string => stripVTControlCharacters(drawn(lines, columns));

describe('a text', () => {
  test('shows as it streams, piece by piece', () => {
    const session = new StreamSession(DIALECTS.claude, () => 80);
    const show = (line: string): string => session.stdout(Buffer.from(line));
    expect([messageStart('m'), delta('First '), delta('words'), delta(', more')].map(show)).toEqual([
      '',
      'First ',
      'words',
      ', more',
    ]);
  });

  test('shows once, whether it comes in pieces, whole, or both', () => {
    const whole = assistant('m', [saying('One two three.')]);
    expect(text([whole])).toBe('One two three.\n');
    expect(text([messageStart('m'), delta('One two '), delta('three.'), whole])).toBe('One two three.\n');
    expect(text([delta('One two '), delta('three.'), whole])).toBe('One two three.\n');
    expect(text([messageStart('m'), delta('One t'), whole])).toBe('One two three.\n');
    expect(text([messageStart('m'), whole, result({ result: 'One two three.' })])).toBe('One two three.\n');
    expect(text([result({ result: 'One two three.' })])).toBe('One two three.\n');
  });

  test('twice in one message shows twice', () => {
    const both = [saying('same'), saying('same')];
    expect(text([messageStart('m'), delta('same', 0), delta('same', 1), assistant('m', both)])).toBe('same\n\nsame\n');
  });

  test('keeps its lines, and a carriage return is half a line end however it is cut', () => {
    expect(text([delta('\n\na\n\n  b\r'), delta('\nc\r'), delta('d')])).toBe('a\n\n  b\nc\nd');
  });

  test('may be cut in the middle of a character', () => {
    expect(drawn([delta('a\ud83d'), delta('\ude80b')])).toBe('a🚀b');
  });

  test('of the kind that is thought is dim, apart from what is said', () => {
    expect(drawn([messageStart('m'), thinkingDelta('hm'), thinkingDelta(', so'), delta('Yes.', 1)])).toBe(
      '\x1b[2mhm\x1b[22m\x1b[2m, so\x1b[22m\n\nYes.',
    );
  });

  test('of a subagent is set in, and only its whole messages are shown', () => {
    const partial = delta('inner').replace('"parent_tool_use_id":null', '"parent_tool_use_id":"call-1"');
    expect(text([delta('outer'), partial, assistant('s', [saying('inner')], 'call-1'), delta(' goes on')])).toBe(
      'outer\n\n  inner\n\n goes on',
    );
  });
});

describe('a tool call', () => {
  test('is one line with its most telling argument, within the width', () => {
    expect(text([assistant('m', [calling('Bash', { description: 'd', command: 'for i in 1\ndo x; done' })])])).toBe(
      '● Bash(for i in 1 do x; done)\n',
    );
    expect(text([assistant('m', [calling('Bash', { command: '日本語日本語日本語' })])], 16)).toBe('● Bash(日本語…)\n');
    expect(text([assistant('m', [calling('TodoWrite', { todos: [] })])])).toBe('● TodoWrite\n');
  });

  test('names files as seen from the folder it works in', () => {
    expect(text([init('/work'), assistant('m', [calling('Read', { file_path: '/work/src/a.ts' })])])).toContain(
      '● Read(src/a.ts)\n',
    );
  });

  test('has a few lines of its result below it', () => {
    const lines = Array.from({ length: 39 }, (_, n) => `line ${n + 1}`).join('\n');
    expect(text([assistant('m', [calling('Bash', { command: 'x' })]), toolResult(`${lines}\n\n`)])).toBe(
      '● Bash(x)\n  ⎿  line 1\n     line 2\n     line 3\n     line 4\n     line 5\n     … 34 more lines\n',
    );
    expect(text([toolResult('')])).toBe('  ⎿  (no output)\n');
    expect(text([toolResult([{ type: 'text', text: 'seen' }, { type: 'image' }])])).toBe('  ⎿  seen\n     [image]\n');
  });

  test('that failed has its result in red', () => {
    expect(drawn([toolResult('no such file', { isError: true })])).toContain('\x1b[31mno such file\x1b[39m');
  });

  test('that ran beside another says whose result it is', () => {
    const calls = [calling('Bash', { command: 'a' }, '1'), calling('Read', { file_path: 'b' }, '2')];
    expect(text([assistant('m', calls), toolResult('of a', { id: '1' }), toolResult('of b', { id: '2' })])).toBe(
      '● Bash(a)\n● Read(b)\n  ⎿  Bash: of a\n  ⎿  Read: of b\n',
    );
  });
});

describe('around the agent', () => {
  test('retries, strange lines and stderr are lines of their own', () => {
    const session = new StreamSession(DIALECTS.claude, () => 60);
    const out = [
      session.stdout(Buffer.from(delta('Hel'))),
      session.stderr(Buffer.from('\x1b[31mwarning\x1b[0m: \x1b[6n\nhalf')),
      session.stdout(Buffer.from(retry(2))),
      session.stdout(Buffer.from('Error: plain words\n"\xff\n')),
      session.stdout(Buffer.from([0x22, 0xff, 0x0a])),
      session.end(OK, 0).text,
    ];
    expect(stripVTControlCharacters(out.join(''))).toBe(
      [
        'Hel',
        'warning: ',
        '↻ retry 2 of 10 in 0.5 s: 529',
        'not JSON: Error: plain words',
        'not JSON: "ÿ',
        'skipped a line of 2 bytes that is not UTF-8',
        'half',
        '',
        '✗ ended without a result: exit code 0',
        '',
      ].join('\n'),
    );
  });

  test('the last line says how it went and what it cost', () => {
    const line = result({ total_cost_usd: 0.0156, usage: { input_tokens: 1200, output_tokens: 5 } });
    expect(stripVTControlCharacters(drawnChunks([Buffer.from(line)], 40))).toBe(
      '✓ done · 1 turn · 1 min 1 s · $0.0156 · 1200 tokens in, 5 out\n',
    );
  });

  test('a status line shows between lines only, and leaves nothing behind', async () => {
    const session = new StreamSession(DIALECTS.claude, () => 30);
    expect(session.stdout(Buffer.from(delta('Some words'))) + session.status(1000)).toBe('Some words');
    const bytes = [
      'Some words',
      session.stdout(Buffer.from(assistant('m', [saying('Some words'), calling('Bash', { command: 'x' })]))),
      session.status(1000),
      session.status(2000),
      session.stdout(Buffer.from(toolResult('one'))),
      session.status(1000),
      session.end(OK, 0).text,
    ];
    expect(bytes[2]).toBe('\r\x1b[2K\x1b[2m⠙ Bash… 1 s\x1b[22m');
    const screen = await textOf([bytes.join('').replaceAll('\n', '\r\n')], { cols: 30, rows: 10 });
    expect(screen).toEqual(['Some words', '', '● Bash(x)', '  ⎿  one', '', '✗ ended without a result: exit code 0']);
  });
});

/** Text that a terminal would obey. */
const hostile = fc
  .array(
    fc.constantFrom(
      ...[
        'word ',
        '\n',
        '\r',
        '\r\n',
        '\t',
        '日本',
        '🚀',
        '\ud83d',
        '\ude80',
        '\x1b',
        '\x1b[2J',
        '\x1b]0;t\x07',
        '\x1b[6n',
      ],
      ...['\x9b31m', '\x90q', '\x9c', '\x00', '\x7f', '\u0301', '\x1b[?1049h', 'x'.repeat(100)],
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''));

const anyValue = fc.oneof(fc.jsonValue(), hostile);

const anyLine = fc.oneof(
  fc.constantFrom('m1', 'm2').map(messageStart),
  fc.tuple(hostile, fc.nat(2)).map(([words, index]) => delta(words, index)),
  hostile.map((words) => thinkingDelta(words)),
  fc
    .tuple(fc.constantFrom('m1', 'm2'), hostile, hostile, fc.constantFrom(null, 'p'))
    .map(([id, words, name, parent]) =>
      assistant(id, [saying(words), calling(name, { [words]: words }, words)], parent),
    ),
  fc.tuple(hostile, fc.boolean()).map(([words, isError]) => toolResult(words, { isError })),
  fc.tuple(hostile, hostile).map(([words, why]) => result({ result: words, subtype: why, errors: [words, why] })),
  hostile.map((words) => `${words}\n`),
  // Every known key, with any value.
  fc
    .tuple(
      fc.constantFrom('system', 'stream_event', 'assistant', 'user', 'result'),
      fc.dictionary(
        fc.constantFrom('subtype', 'message', 'event', 'is_error', 'usage', 'errors', 'permission_denials', 'result'),
        anyValue,
      ),
      anyValue,
    )
    .map(([type, more, content]) => `${JSON.stringify({ message: { content }, ...more, type })}\n`),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
);

const stream = fc.array(anyLine, { maxLength: 20 }).map((lines) => Buffer.from(lines.join('')));

/** What may be in a drawing: text, newlines, tabs, colours and styles, and the erasing of the status line. */
function controls(text: string): string[] {
  return text.replace(/\x1b\[[0-9;]*m|\r\x1b\[2K/g, '').match(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g) ?? [];
}

describe('any stream', () => {
  test('gives the same drawing, however it is cut', () => {
    fc.assert(
      fc.property(stream, cuts, (bytes, lengths) => {
        expect(drawnChunks(pieces(bytes, lengths))).toBe(drawnChunks([bytes]));
      }),
    );
  });

  test('draws nothing that steers the terminal, and ends with its last line', () => {
    fc.assert(
      fc.property(stream, fc.uint8Array({ maxLength: 40 }), fc.nat(100), (bytes, noise, columns) => {
        const session = new StreamSession(DIALECTS.claude, () => columns);
        const out =
          session.stdout(bytes) +
          session.status(1000) +
          session.stderr(Buffer.from(noise)) +
          session.stdout(Buffer.from(noise)) +
          session.end(OK, 0).text;
        expect(controls(out)).toEqual([]);
        expect(out.endsWith('\n')).toBe(true);
      }),
      { numRuns: runs(300) },
    );
  });

  // In quadratic time it would take hours.
  test('is read in linear time, whatever a line holds', { timeout: 60_000 }, () => {
    const long = ['\n', '\x1b[', '\u0301', ' '].map((piece) => piece.repeat(1_000_000));
    for (const words of long) {
      const text = drawn([
        delta(words),
        delta('x'),
        toolResult(`a${words}b`),
        assistant('m', [calling(words, { command: words })]),
      ]);
      expect(text).not.toBe('');
    }
  });
});
