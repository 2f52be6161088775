import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RenderChunk, Transcript } from '../../src/render/index.js';
import { realRecordings } from '../fixtures/recordings.js';
import { runs } from '../fixtures/runs.js';
import { anyOutput, cuts, linesAmongOthers, pieces, plainOutput, sizes } from './generators.js';
import { foundCases, nastyCases } from './nasty-cases.js';
import { inkProgram } from './programs.js';
import { resumeContradiction } from './resumed.js';

const recordings = realRecordings();

const session = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.oneof(anyOutput, plainOutput) },
    { weight: 1, arbitrary: sizes.map((size): RenderChunk => ({ type: 'resize', ...size })) },
    { weight: 1, arbitrary: fc.nat(300).map((bytes): RenderChunk => ({ type: 'missing', bytes })) },
  ),
  { minLength: 1, maxLength: 5 },
);
/** Of the places between the pieces, those where it is saved. */
const places = fc.array(fc.nat(200), { minLength: 1, maxLength: 4 });

function cut(chunks: readonly RenderChunk[], lengths: readonly number[]): readonly RenderChunk[] {
  return chunks.flatMap((chunk): readonly RenderChunk[] =>
    chunk instanceof Uint8Array ? pieces(chunk, lengths) : [chunk],
  );
}

describe('a saved transcript', () => {
  it('goes on exactly, whatever was printed and wherever it is saved', () => {
    fc.assert(
      fc.property(session, sizes, cuts, places, (chunks, size, lengths, at) => {
        const all = cut(chunks, lengths);
        const found = at.map((place) => place % Math.max(1, all.length));
        expect(resumeContradiction(all, size, found)).toBeUndefined();
      }),
      { numRuns: runs(60) },
    );
  });

  it('goes on exactly in long runs of lines, where most is read in the fast path', () => {
    fc.assert(
      fc.property(linesAmongOthers, fc.integer({ min: 100, max: 20_000 }), places, ({ size, output }, length, at) => {
        const all = pieces(output, [length]);
        const found = at.map((place) => place % Math.max(1, all.length));
        expect(resumeContradiction(all, size, found)).toBeUndefined();
      }),
      { numRuns: runs(15) },
    );
  });

  it('has the colours of lines that wait, also where none were asked for while they were read', () => {
    const colour = fc.constantFrom(
      '\x1b[m',
      '\x1b[1;31m',
      '\x1b[44m',
      '\x1b[7m',
      '\x1b[38;2;9;8;7m',
      '\x1b[0;4:3m',
      '\x1b[K',
      '\t',
    );
    const word = fc.constantFrom('one', 'two words', 'a longer piece of text that wraps', ' ', '');
    const line = fc.array(fc.tuple(colour, word), { maxLength: 5 }).map((parts) => `${parts.flat().join('')}\r\n`);
    const block = fc.array(line, { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(block, fc.integer({ min: 20, max: 50 }), fc.integer({ min: 2, max: 9 }), (lines, cols, rows) => {
        const some = lines.join('');
        const output = Buffer.from(some.repeat(Math.ceil(26_000 / some.length)));
        const all = pieces(output, [12_000]);
        expect(resumeContradiction(all, { cols, rows }, [1, 2])).toBeUndefined();
      }),
      { numRuns: runs(6) },
    );
  });

  it('goes on exactly in a program that prints everything again', () => {
    const step = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ type: fc.constant('render' as const), statics: fc.nat(5), frameRows: fc.nat(30) }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          type: fc.constant('resize' as const),
          cols: fc.integer({ min: 20, max: 60 }),
          rows: fc.integer({ min: 5, max: 20 }),
        }),
      },
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 30 }), places, (steps, at) => {
        const { chunks, cols, rows } = inkProgram(40, 10, steps);
        const all = cut(chunks, [97]);
        const found = at.map((place) => place % all.length);
        expect(resumeContradiction(all, { cols, rows }, found)).toBeUndefined();
      }),
      { numRuns: runs(60) },
    );
  });

  it('cannot be had of a transcript that was not told to know enough', () => {
    expect(() => new Transcript({ cols: 80, rows: 24 }).save()).toThrow(/savable/);
  });
});

describe.each([...nastyCases, ...foundCases])('$name', (nasty) => {
  it('goes on exactly from between any of its bytes', () => {
    const bytes = nasty.chunks.reduce((sum, chunk) => sum + (chunk instanceof Uint8Array ? chunk.length : 1), 0);
    const all = cut(nasty.chunks, [Math.ceil(bytes / 15)]);
    expect(resumeContradiction(all, nasty, [...all.keys()])).toBeUndefined();
  });
});

describe.skipIf(recordings.length === 0)(
  'recordings of real agents (skipped where there are none beside the project)',
  () => {
    it.each(recordings)('$name goes on exactly from anywhere', (recording) => {
      const bytes = readFileSync(recording.log);
      const all = pieces(bytes, [Math.ceil(bytes.length / 3) + 1, 7, 1, 2, 3]);
      const at = [...all.keys()].filter((place) => place % 4 === 1);
      expect(resumeContradiction(all, recording, at)).toBeUndefined();
    });
  },
);
