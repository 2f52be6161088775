import fc from 'fast-check';
import type { Timed } from './live-lines.js';

/** What a program does at one moment: the lines it prints above its live region, and that region as it is then. */
export interface Step {
  readonly statics: readonly string[];
  readonly frame: readonly string[];
  /** Milliseconds until the next step. */
  readonly delay: number;
}

/** A program with a live region: how it draws, and what the first step and each later one are made of. */
export interface LiveProgram {
  readonly name: string;
  /** Whether its first frame is known to be one before it is drawn over. */
  readonly announces: boolean;
  /** It draws only some rows of its region at a time, so that lines above are not told from rows that it leaves alone. */
  readonly inParts?: boolean;
  readonly start: string;
  /** The bytes of a step, the frame before which had so many rows; `at` counts the steps from 0. */
  draw(step: Step, rowsBefore: number, at: number): string;
}

const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\r\n`).join('');
const all = ({ statics, frame }: Step): string => lines(statics) + lines(frame);

/** The ways in which programs draw over what they drew, one of each kind. */
export const LIVE_PROGRAMS: readonly LiveProgram[] = [
  {
    name: 'up to the top of the frame, erase below',
    announces: false,
    start: '\x1b[?25l',
    draw: (step, rows) => `${rows === 0 ? '' : `\x1b[${rows}A\x1b[J`}${all(step)}`,
  },
  {
    name: 'up row by row, erasing each, in synchronized updates',
    announces: true,
    start: '',
    draw: (step, rows) => `\x1b[?2026h${`\x1b[K\x1b[1A`.repeat(rows)}\x1b[K${all(step)}\x1b[?2026l`,
  },
  {
    name: 'bars whose last row has no end',
    announces: false,
    start: '',
    draw: ({ statics, frame }, rows) =>
      `\r\x1b[2K${'\x1b[1A\x1b[2K'.repeat(Math.max(0, rows - 1))}${lines(statics)}${frame.join('\r\n')}`,
  },
  {
    name: 'a blank row and a frame, in synchronized updates',
    announces: true,
    start: 'RUN 1\r\n',
    draw: (step, rows) =>
      `\x1b[?2026h${rows === 0 ? '' : `\x1b[${rows + 1}A\x1b[J`}${lines(step.statics)}\r\n${lines(step.frame)}\x1b[?2026l`,
  },
  {
    name: 'rows one by one, each in its place, going down again',
    announces: false,
    inParts: true,
    start: '',
    draw: (step, rows, at) => {
      const { statics, frame } = step;
      if (at === 0) return all(step);
      // Which rows it draws over is not known before it has done so once.
      if (at === 1 || statics.length > 0 || frame.length !== rows) return `\x1b[${rows}A\x1b[J${all(step)}`;
      return (
        frame.map((text, row) => `\x1b[${rows - row}A\r${text}\x1b[K\r\x1b[${rows - row}B`)[step.delay % rows] ?? ''
      );
    },
  },
  {
    name: 'a status row at the bottom, between a saved cursor and its return',
    announces: true,
    start: '\r\n\x1b7\x1b[0;23r\x1b8\x1b[1A',
    draw: ({ statics, frame }) => `\x1b7\x1b[24;1f\x1b[K${frame[0] ?? ''}\x1b8${lines(statics)}`,
  },
  {
    name: 'lines and nothing else',
    announces: true,
    start: '',
    draw: ({ statics }) => lines(statics),
  },
];

/** Lines that are like one another, and like the frame's, so that one could be taken for another. */
const texts = fc.constantFrom('one', 'two', 'Tests: 1', 'Start at 03:51', 'done');
const delays = fc.oneof(fc.integer({ min: 30, max: 300 }), fc.integer({ min: 300, max: 9000 }));

/** What a program does. A frame of one row may be drawn over without a move, which tells nothing of where the next one begins. */
export const steps: fc.Arbitrary<readonly Step[]> = fc
  .record({
    rows: fc.integer({ min: 3, max: 5 }),
    all: fc.array(
      fc.record({ statics: fc.array(texts, { maxLength: 2 }), shorter: fc.nat(1), count: fc.nat(5), delay: delays }),
      { minLength: 2, maxLength: 25, size: 'max' },
    ),
  })
  .map(({ rows, all: some }) =>
    some.map(({ statics, shorter, count, delay }) => ({
      statics,
      frame: Array.from({ length: rows - shorter }, (_, row) => (row === 0 ? `Tests: ${count}` : 'Start at 03:51')),
      delay,
    })),
  );

/** The output of `program`, each step's cut into reads that come at once, or a moment apart. */
export function* played(
  program: LiveProgram,
  all: readonly Step[],
  cuts: readonly number[],
): Generator<Timed & { readonly step: number }, void, void> {
  let rows = 0;
  let pause = 0;
  let cut = 0;
  for (const [step, drawn] of all.entries()) {
    const bytes = Buffer.from((step === 0 ? program.start : '') + program.draw(drawn, rows, step));
    rows = drawn.frame.length;
    let delay = pause;
    for (let at = 0; at < bytes.length; ) {
      const length = cuts[cut++ % cuts.length] ?? bytes.length;
      yield { delay, chunk: bytes.subarray(at, at + length), step };
      at += length;
      delay = length % 3 === 0 && at < 2 * length ? 1 : 0;
    }
    pause = drawn.delay;
  }
}
