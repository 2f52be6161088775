import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { textOf } from './text-of.js';

/** Sessions of real agents beside the project, where there are any; read in place. */
const ROOT = join(import.meta.dirname, '../../../shared/recordings');
const names = existsSync(ROOT)
  ? readdirSync(ROOT).filter((name) => existsSync(join(ROOT, name, 'tmux-joined.txt')))
  : [];

const Meta = z.object({
  cols: z.number(),
  rows: z.number(),
  marks: z.array(z.tuple([z.number(), z.number(), z.string()])),
});

function read(name: string): {
  readonly raw: Uint8Array;
  readonly size: { readonly cols: number; readonly rows: number };
  readonly done: number;
} {
  const meta = Meta.parse(JSON.parse(readFileSync(join(ROOT, name, 'meta.json'), 'utf8')));
  const done = meta.marks.find(([, , mark]) => mark === 'done')?.[1] ?? 0;
  // A terminal that told 0 by 0 is read as one of 80 by 24, as the recorder's tmux was.
  return {
    raw: readFileSync(join(ROOT, name, 'raw.log')),
    size: { cols: meta.cols || 80, rows: meta.rows || 24 },
    done,
  };
}

function expected(name: string, file: string): readonly string[] {
  return trimmed(readFileSync(join(ROOT, name, file), 'utf8').split('\n'));
}

function trimmed(lines: readonly string[]): readonly string[] {
  const ends = lines.map((line) => line.trimEnd());
  return ends.slice(0, ends.findLastIndex((line) => line !== '') + 1);
}

/** The lines of a recording by themselves, as a person reads them: no more than the screen's columns. */
function wrapped(lines: readonly string[], cols: number): readonly string[] {
  return trimmed(lines.flatMap((line) => line.match(new RegExp(`.{1,${cols}}`, 'gu')) ?? ['']));
}

describe.skipIf(names.length === 0)(
  'recordings of real agents (skipped where there are none beside the project)',
  () => {
    test.each(names)("%s: the normal screen gives tmux's joined lines", async (name) => {
      const { raw, size } = read(name);
      expect(trimmed(await textOf([raw], { ...size, alt: 'none' }))).toEqual(expected(name, 'tmux-joined.txt'));
    });

    test.each(names.filter((name) => existsSync(join(ROOT, name, 'expected.txt'))))(
      '%s: as a person checked it',
      async (name) => {
        const { raw, size } = read(name);
        expect(wrapped(await textOf([raw], { ...size, alt: 'none' }), size.cols)).toEqual(
          expected(name, 'expected.txt'),
        );
      },
    );

    test.each(names.filter((name) => existsSync(join(ROOT, name, 'expected-at-done.txt'))))(
      '%s: as it stood when it was done',
      async (name) => {
        const { raw, size, done } = read(name);
        const lines = await textOf([raw.subarray(0, done)], size);
        const text = lines.filter((line) => !line.startsWith('---'));
        expect(trimmed(text)).toEqual(expected(name, 'expected-at-done.txt'));
      },
    );

    test.each(names.filter((name) => existsSync(join(ROOT, name, 'alt-final.txt'))))(
      '%s: the last frame of its full-screen program',
      async (name) => {
        const { raw, size } = read(name);
        const lines = await textOf([raw], size);
        const frame = lines.slice(
          lines.findLastIndex((line) => line === '--- full-screen program ---') + 1,
          lines.lastIndexOf('--- end of full-screen program ---'),
        );
        expect(trimmed(frame)).toEqual(expected(name, 'alt-final.txt'));
      },
    );
  },
);
