/**
 * Looks for output on which the transcript engine contradicts itself or tmux: `npm run fuzz -- [SECONDS] [SEED]`, a minute
 * unless told. Prints the seed, what was compared how often, and the smallest counterexample found; then exits 1.
 */
import fc from 'fast-check';
import { Transcript } from '../src/render/index.js';
import {
  anyOutput,
  cuts,
  lineOutput,
  linesAmongOthers,
  linesForScreen,
  pieces,
  plainOutput,
  sizes,
} from '../tests/render/generators.js';
import { rowsOf } from '../tests/render/rows-of.js';
import { hasTmux, tmuxLines } from '../tests/render/tmux.js';

type Size = { readonly cols: number; readonly rows: number };

/** Long enough for the lane, and short enough to leave it at any place. */
const laneCuts = fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 5 });

/** Each throws where its two sides differ. */
const checks: Readonly<Record<string, fc.IProperty<unknown[]>>> = {
  'any chunking gives the same lines': fc.property(
    fc.oneof(anyOutput, plainOutput),
    sizes,
    cuts,
    (output, size, lengths) => {
      same(transcript(pieces(output, lengths), size), transcript([output], size));
    },
  ),
  'looking at the screen in between changes no line': fc.property(plainOutput, sizes, cuts, (output, size, lengths) => {
    same(transcript(pieces(output, lengths), size, true), transcript([output], size));
  }),
  'the fast lane gives what the emulator gives': fc.property(
    fc.array(fc.oneof({ weight: 3, arbitrary: plainOutput }, { weight: 1, arbitrary: anyOutput }), {
      minLength: 1,
      maxLength: 4,
    }),
    sizes,
    fc.integer({ min: 1, max: 40 }),
    (outputs, size, times) => {
      const output = Buffer.concat(Array.from({ length: times }, () => outputs).flat());
      sameInLane(output, size, [5000, 300, 12_000], false);
    },
  ),
  'the fast lane gives what the emulator gives, in long runs of lines': fc.property(
    linesAmongOthers,
    laneCuts,
    ({ size, output }, lengths) => {
      sameInLane(output, size, lengths, false);
    },
  ),
  'the fast lane knows the bytes that the emulator knows, in long runs of lines': fc.property(
    linesForScreen,
    laneCuts,
    ({ size, output }, lengths) => {
      sameInLane(output, size, lengths, true);
    },
  ),
  'no line has a control character': fc.property(anyOutput, sizes, (output, size) => {
    const found = transcript([output], size).find((line) => /\p{Cc}/u.test(line));
    if (found !== undefined) throw new Error(`a control character in ${JSON.stringify(found)}`);
  }),
};

const againstTmux = fc.property(
  lineOutput,
  fc.record({ cols: fc.integer({ min: 10, max: 60 }), rows: fc.integer({ min: 3, max: 20 }) }),
  (output, size) => {
    same(trimmed(transcript([output], size)).map(squeezed), tmuxLines(output, size).map(squeezed));
  },
);

function transcript(chunks: readonly Uint8Array[], size: Size, looks = false): readonly string[] {
  const engine = new Transcript(size);
  const lines = chunks.flatMap((chunk) => {
    const some = engine.push(chunk);
    if (looks) engine.live();
    return some;
  });
  return [...lines, ...engine.end()].map((line) => line.text);
}

function sameInLane(output: Uint8Array, size: Size, lengths: readonly number[], bytes: boolean): void {
  const expected = rowsOf([output], size, { fastLane: false, bytes });
  same(rowsOf([output], size, { fastLane: true, bytes }), expected);
  same(rowsOf(pieces(output, lengths), size, { fastLane: true, bytes }), expected);
}

function trimmed(lines: readonly string[]): readonly string[] {
  return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
}

/** How many blanks a wrapped row of nothing but blanks gives to its line is tmux's own matter. */
function squeezed(line: string): string {
  return line.replace(/ +/g, ' ').trim();
}

function same(got: readonly string[], expected: readonly string[]): void {
  const at = Array.from({ length: Math.max(got.length, expected.length) }).findIndex(
    (_, index) => got[index] !== expected[index],
  );
  if (at !== -1) throw new Error(`line ${at}: ${JSON.stringify(got[at])} instead of ${JSON.stringify(expected[at])}`);
}

function main(args: readonly string[]): number {
  const seconds = Number(args[0] ?? 60);
  const seed = Number(args[1] ?? Date.now() % 2 ** 31);
  const all = Object.entries(hasTmux ? { ...checks, 'tmux gives the same lines': againstTmux } : checks);
  console.log(`seed ${seed}, ${seconds} s${hasTmux ? '' : ', without tmux'}`);
  let failures = 0;
  for (const [name, property] of all) {
    const share = (seconds * 1000) / all.length;
    const result = fc.check(property, { seed, numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: share });
    console.log(`${result.failed ? 'FAIL' : 'ok  '} ${name}: ${result.numRuns} runs`);
    if (!result.failed) continue;
    failures++;
    console.log(
      JSON.stringify(result.counterexample, (_key, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
      ),
    );
    console.log(String(result.errorInstance));
  }
  return failures === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
