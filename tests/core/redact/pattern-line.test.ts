import { describe, expect, test } from 'vitest';
import type { Pattern } from '../../../src/core/pattern/pattern.js';
import { compilePattern } from '../../../src/core/pattern/pattern.js';
import { Redactor } from '../../../src/core/redact/redactor.js';

/** Masks `text` line by line with a pattern, each search of which takes `ms`. */
function masked(
  text: string,
  source: string,
  ms: number,
): { readonly text: string; readonly behind: readonly string[] } {
  let time = 0;
  const real = compilePattern({ source, flags: '' });
  const slow: Pattern = {
    ...real,
    source,
    test: (line) => real.test(line),
    steps: (line) => real.steps(line),
    stepsOfAll: (line) => real.stepsOfAll(line),
    *matches(line) {
      for (const range of real.matches(line)) {
        time += ms;
        yield range;
      }
    },
  };
  const behind: string[] = [];
  const redactor = new Redactor({
    secrets: [],
    shapes: [],
    patterns: [slow],
    now: () => time,
    onBehind: (pattern) => behind.push(pattern.source),
  });
  const out = [...text.matchAll(/.*\n|.+/g)].map(([line]) => Buffer.from(redactor.feed(Buffer.from(line))).toString());
  return { text: out.join('') + Buffer.from(redactor.end()).toString(), behind };
}

describe('a pattern that masks', () => {
  test('masks what it matches, and nothing else, while it is quick', () => {
    const line = 'key-12 and key-3\n';
    expect(masked(line.repeat(500), 'key-\\d+', 0)).toEqual({ text: '****** and *****\n'.repeat(500), behind: [] });
  });

  test('has all text masked in its place where it cannot keep up, and says so once', () => {
    const lines = 200;
    const { text, behind } = masked('key-12 and key-3\n'.repeat(lines), 'key-\\d+', 10);
    expect(behind).toEqual(['key-\\d+']);
    const all = text.trimEnd().split('\n');
    expect(all).toHaveLength(lines);
    expect(all[0]).toBe('****** and *****');
    expect(all.at(-1)).toBe('****** *** *****');
    // What it was not looked for in never goes through.
    expect(text).not.toMatch(/key|\d/);
  });

  test('is looked for again when it has caught up', () => {
    const { text } = masked(
      `${'key-12 and key-3\n'.repeat(200)}${'plain text\n'.repeat(20_000)}key-4 it is\n`,
      'key-\\d+',
      10,
    );
    expect(text.endsWith('plain text\n***** it is\n')).toBe(true);
  });

  test('that takes few steps masks what it matches, and nothing else, whatever time goes by meanwhile', () => {
    let time = 0;
    const redactor = new Redactor({
      secrets: [],
      shapes: [],
      patterns: [compilePattern({ source: 'key-\\d{2}', flags: '' })],
      now: () => (time += 60_000),
      onBehind: ({ source }) => expect.unreachable(source),
    });
    const masked = redactor.feed(Buffer.from('key-12 and key-3\n'.repeat(500)));
    expect(Buffer.from(masked).toString()).toBe('****** and key-3\n'.repeat(500));
  });
});
