/**
 * Looks for output on which the transcript engine contradicts itself or tmux: `npm run fuzz -- [SECONDS] [SEED]`, a minute
 * unless asked for others. How much is tried in that time is fixed, so that a seed tries the same on each machine and a slow one takes
 * longer. Prints the seed, what was compared how often, and the smallest counterexample found; then exits 1.
 */
import fc from 'fast-check';
import {
  type AlternateScreen,
  frameToText,
  type Line,
  type RenderChunk,
  Screen,
  Transcript,
} from '../src/render/index.js';
import {
  anyOutput,
  cuts,
  lineOutput,
  linesAmongOthers,
  linesForScreen,
  pieces,
  plainOutput,
  rewrittenForScreen,
  sizes,
} from '../tests/render/generators.js';
import { liveContradiction, liveLines } from '../tests/render/live-lines.js';
import { resumeContradiction } from '../tests/render/resumed.js';
import { rowsOf } from '../tests/render/rows-of.js';
import { hasTmux, tmuxLines } from '../tests/render/tmux.js';

type Size = { readonly cols: number; readonly rows: number };

/** Output of either kind, with resizes in between. */
const session: fc.Arbitrary<readonly RenderChunk[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.oneof(anyOutput, plainOutput) },
    { weight: 1, arbitrary: sizes.map((size): RenderChunk => ({ type: 'resize', ...size })) },
  ),
  { minLength: 1, maxLength: 5 },
);
const alts = fc.constantFrom<AlternateScreen>('final', 'diff', 'none');
/** Milliseconds from one piece of output to the next: at once, in a row, or with a pause. */
const delays = fc.array(fc.oneof(fc.constant(0), fc.nat(200), fc.nat(15_000)), {
  minLength: 1,
  maxLength: 20,
});
/** Long enough for the fast path, and short enough to leave it at any place. */
const laneCuts = fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 5 });

/** How often it is tried a minute, which is what two cores of 2026 do in their share of it; it throws where its two sides differ. */
type Check = readonly [perMinute: number, property: fc.IProperty<unknown[]>];

const checks: Readonly<Record<string, Check>> = {
  'any chunking gives the same lines': [
    850,
    fc.property(session, sizes, alts, cuts, (chunks, size, alt, lengths) => {
      same(texts(transcript(cut(chunks, lengths), size, { alt })), texts(transcript(chunks, size, { alt })));
    }),
  ],
  'any chunking gives the same screen, whose frame is its text': [
    850,
    fc.property(session, sizes, cuts, (chunks, size, lengths) => {
      const whole = screen(chunks, size);
      same(screen(cut(chunks, lengths), size), whole);
      same(screen(chunks, size, true), whole);
    }),
  ],
  'looking at the screen in between changes no line': [
    1400,
    fc.property(plainOutput, sizes, cuts, (output, size, lengths) => {
      const looked = transcript(pieces(output, lengths), size, { looks: true });
      same(texts(looked), texts(transcript([output], size)));
    }),
  ],
  'what is shown live is the lines of the whole': [
    780,
    fc.property(session, sizes, alts, cuts, delays, (chunks, size, alt, lengths, pauses) => {
      const timed = cut(chunks, lengths).map((chunk, at) => ({ chunk, delay: pauses[at % pauses.length] ?? 0 }));
      const wrong = liveContradiction(liveLines(timed, { ...size, alt }), transcript(chunks, size, { alt }));
      if (wrong !== undefined) throw new Error(wrong);
    }),
  ],
  'the fast path gives what the emulator gives': [
    38,
    fc.property(
      fc.array(fc.oneof({ weight: 3, arbitrary: plainOutput }, { weight: 1, arbitrary: anyOutput }), {
        minLength: 1,
        maxLength: 4,
      }),
      sizes,
      fc.integer({ min: 1, max: 40 }),
      (outputs, size, times) => {
        const output = Buffer.concat(Array.from({ length: times }, () => outputs).flat());
        sameOnFastPath(output, size, [5000, 300, 12_000]);
      },
    ),
  ],
  'the fast path gives what the emulator gives, in long runs of lines': [
    180,
    fc.property(linesForScreen, laneCuts, ({ size, output }, lengths) => {
      sameOnFastPath(output, size, lengths);
    }),
  ],
  'the fast path gives what the emulator gives, in long runs of lines with anything in between': [
    140,
    fc.property(linesAmongOthers, laneCuts, ({ size, output }, lengths) => {
      sameOnFastPath(output, size, lengths);
    }),
  ],
  'the fast path gives what the emulator gives, of rows that are written again and again': [
    100,
    fc.property(rewrittenForScreen, laneCuts, ({ size, output }, lengths) => {
      sameOnFastPath(output, size, lengths);
    }),
  ],
  'the kernel gives what the emulator gives, line by line': [
    180,
    fc.property(
      fc.oneof(linesForScreen, linesAmongOthers, rewrittenForScreen),
      laneCuts,
      fc.boolean(),
      ({ size, output }, lengths, looks) => {
        // With colours lines are read by the emulator, or skimmed.
        const expected = texts(transcript([output], size, { styles: true }));
        same(texts(transcript(pieces(output, lengths), size, { looks })), expected);
      },
    ),
  ],
  'what was saved anywhere goes on as if nothing had been': [
    100,
    fc.property(
      session,
      sizes,
      cuts,
      fc.array(fc.nat(200), { minLength: 1, maxLength: 4 }),
      (chunks, size, lengths, places) => {
        const all = cut(chunks, lengths);
        const wrong = resumeContradiction(
          all,
          size,
          places.map((place) => place % Math.max(1, all.length)),
        );
        if (wrong !== undefined) throw new Error(wrong);
      },
    ),
  ],
  'no text has a control character': [
    1400,
    fc.property(session, sizes, alts, (chunks, size, alt) => {
      const texts = [...transcript(chunks, size, { alt }).map((line) => line.text), ...screen(chunks, size)];
      const found = texts.find((text) => /\p{Cc}/u.test(text));
      if (found !== undefined) throw new Error(`a control character in ${JSON.stringify(found)}`);
    }),
  ],
};

const againstTmux: Check = [
  90,
  fc.property(
    lineOutput,
    fc.record({ cols: fc.integer({ min: 10, max: 60 }), rows: fc.integer({ min: 3, max: 20 }) }),
    (output, size) => {
      const lines = trimmed(transcript([output], size).map((line) => line.text)).map(squeezed);
      const expected = tmuxLines(output, size).map(squeezed);
      if (climbs(output, size)) noMore(lines, expected);
      else same(lines, expected);
    },
  ),
];

function transcript(
  chunks: readonly RenderChunk[],
  size: Size,
  {
    looks = false,
    ...options
  }: { readonly alt?: AlternateScreen; readonly looks?: boolean; readonly styles?: boolean } = {},
): readonly Line[] {
  const engine = new Transcript(size, options);
  const lines = chunks.flatMap((chunk) => {
    const some = engine.feed(chunk);
    if (looks) engine.live();
    return some;
  });
  return [...lines, ...engine.end()];
}

function texts(lines: readonly Line[]): readonly string[] {
  return lines.map(({ offset, endOffset, text }) => `${offset}-${endOffset} ${text}`);
}

/** The rows of the screen after all of `chunks`; with `styles` as they are read from its frame. */
function screen(chunks: readonly RenderChunk[], size: Size, styles = false): readonly string[] {
  const engine = new Screen(size, { styles });
  for (const chunk of chunks) engine.feed(chunk);
  engine.end();
  const texts = styles ? frameToText(engine.frame()).split('\n') : engine.rows().map((row) => row.text);
  engine.dispose();
  return trimmed(texts.map((text) => text.trimEnd()));
}

/** The output in pieces of the lengths in `lengths`; the resizes stay where they are. */
function cut(chunks: readonly RenderChunk[], lengths: readonly number[]): readonly RenderChunk[] {
  return chunks.flatMap((chunk): readonly RenderChunk[] =>
    chunk instanceof Uint8Array ? pieces(chunk, lengths) : [chunk],
  );
}

/** Rows, and the bytes they came from; with colours, where lines are skimmed, all that the screen knows too. */
function sameOnFastPath(output: Uint8Array, size: Size, lengths: readonly number[]): void {
  for (const styles of [false, true]) {
    const expected = rowsOf([output], size, { fastPath: false, styles });
    same(rowsOf([output], size, { fastPath: true, styles }), expected);
    same(rowsOf(pieces(output, lengths), size, { fastPath: true, styles }), expected);
  }
}

function trimmed(lines: readonly string[]): readonly string[] {
  return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
}

/** How many blanks a wrapped row of nothing but blanks gives to its line is tmux's own matter. */
function squeezed(line: string): string {
  return line.replace(/ +/g, ' ').trim();
}

/** The cursor is moved up beyond the top of the screen: rows that have scrolled off are drawn again, and emitted once. */
function climbs(output: Uint8Array, size: Size): boolean {
  let climbed = false;
  const overshot = (): void => {
    climbed = true;
  };
  const model = new Screen(size, { observer: { overshot } });
  model.write(output);
  model.end();
  model.dispose();
  return climbed;
}

/** Each line that can be read is an expected one, as often as expected at most. */
function noMore(got: readonly string[], expected: readonly string[]): void {
  const left = [...expected];
  for (const line of got.filter((text) => /\p{L}/u.test(text))) {
    const at = left.indexOf(line);
    if (at === -1) throw new Error(`${JSON.stringify(line)} is emitted more often than it was printed`);
    left.splice(at, 1);
  }
}

function same(got: readonly string[], expected: readonly string[]): void {
  const at = Array.from({ length: Math.max(got.length, expected.length) }).findIndex(
    (_, index) => got[index] !== expected[index],
  );
  if (at !== -1) throw new Error(`line ${at}: ${JSON.stringify(got[at])} instead of ${JSON.stringify(expected[at])}`);
}

/** Bytes as text, one character each. */
function readable(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, readable(inner)]));
}

function main(args: readonly string[]): number {
  const seconds = Number(args[0] ?? 60);
  const seed = Number(args[1] ?? Date.now() % 2 ** 31);
  const all = Object.entries(hasTmux ? { ...checks, 'tmux gives the same lines': againstTmux } : checks);
  console.log(`seed ${seed}, about ${seconds} s${hasTmux ? '' : ', without tmux'}`);
  let failures = 0;
  for (const [name, [perMinute, property]] of all) {
    const result = fc.check(property, { seed, numRuns: Math.ceil((perMinute * seconds) / 60) });
    console.log(`${result.failed ? 'FAIL' : 'ok  '} ${name}: ${result.numRuns} runs`);
    if (!result.failed) continue;
    failures++;
    console.log(JSON.stringify(readable(result.counterexample)));
    console.log(String(result.errorInstance));
    console.log(`again: npm run fuzz -- ${seconds} ${seed}`);
  }
  return failures === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
