import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Resumable, resumeAll, saveAll } from '../../src/core/resumable.js';
import { EscapeScanner } from '../../src/core/terminal/escape-sequences.js';
import { EmulatorFeed } from '../../src/render/emulator/emulator-feed.js';
import { openTerminal } from '../../src/render/emulator/xterm.js';
import { PLAIN, type Style } from '../../src/render/model/frame.js';
import type { Line } from '../../src/render/model/line.js';
import { Provenance } from '../../src/render/model/provenance.js';
import { RedrawnRows } from '../../src/render/model/redrawn-rows.js';
import type { Row } from '../../src/render/model/row.js';
import { Utf8Text } from '../../src/render/model/utf8-text.js';
import { EmittedLines } from '../../src/render/redraw/emitted-lines.js';
import { LineEmitter } from '../../src/render/redraw/line-emitter.js';
import { PictureLine } from '../../src/render/redraw/picture-line.js';
import { RecentLines } from '../../src/render/redraw/recent-lines.js';
import { RedrawFilter } from '../../src/render/redraw/redraw-filter.js';
import { BlankedRows } from '../../src/render/screen/blanked-rows.js';
import { Blanking } from '../../src/render/screen/blanking.js';
import { EffectRunner } from '../../src/render/screen/effect-runner.js';
import { PendingStyle } from '../../src/render/screen/pending-style.js';
import { ScreenModes } from '../../src/render/screen/screen-modes.js';
import type { ScreenContext } from '../../src/render/screen/screen-context.js';
import type { Effect } from '../../src/render/screen/sequence-effects.js';
import { TextWriter } from '../../src/render/screen/text-writer.js';
import { AltChoices } from '../../src/render/transcript/alt-choices.js';
import { AltLines } from '../../src/render/transcript/alt-lines.js';
import { AlternateBlocks } from '../../src/render/transcript/alternate-blocks.js';
import { AlternateFrames } from '../../src/render/transcript/alternate-frames.js';
import { LeavingRows } from '../../src/render/transcript/leaving-rows.js';
import { LineAssembler } from '../../src/render/transcript/line-assembler.js';
import { RedrawnWindow } from '../../src/render/transcript/redrawn-window.js';
import { runs } from '../fixtures/runs.js';
import { savedClasses, savedClassesIn } from './resumable-fields.js';

const SIZE = { cols: 20, rows: 5 };
const LIMITS = { ...SIZE, styles: true, links: true };
const style: Style = { ...PLAIN, bold: true };
/** Lines that several objects hold, as those of a transcript do. */
const LINES = ['one', '', 'two', 'three', '42 of 99', 'another', 'one'].map(
  (text, at): Line => ({ text, offset: at * 10, endOffset: at * 10 + 9, final: true, runs: [run(text)] }),
);
const ROWS = LINES.map((line, at): Row => row(line.text, { offset: at, ending: { offset: at + 3 } }));

function run(text: string): { text: string; width: number; style: Style } {
  return { text, width: text.length, style };
}

function row(text: string, over: Partial<Row> = {}): Row {
  return { text, runs: [run(text)], wrapped: false, continues: false, offset: undefined, ending: undefined, ...over };
}

/** Something to do with an object; what it gives is compared. */
type Step<T> = (subject: T) => unknown;

/** `make`: a new object. `settle`: what is to be done before it is saved. */
interface Contract<T> {
  readonly make: () => T & Resumable<unknown>;
  readonly steps: readonly Step<T>[];
  readonly settle?: Step<T>;
}

/** Holds an object that was saved and resumed against the one that it was saved of: the same, now and with all that comes. */
function holds<T>({ make, steps, settle }: Contract<T>): void {
  const some = fc.array(fc.constantFrom(...steps), { maxLength: 12 });
  fc.assert(
    fc.property(some, some, (before, after) => {
      const original = make();
      for (const step of before) step(original);
      settle?.(original);
      const state = original.save();
      const text = JSON.stringify(state);
      const other = make();
      other.resume(JSON.parse(text));
      expect(JSON.stringify(other.save())).toBe(text);
      for (const step of after) expect(step(other)).toEqual(step(original));
      settle?.(original);
      settle?.(other);
      expect(JSON.stringify(other.save())).toBe(JSON.stringify(original.save()));
      expect(JSON.stringify(state)).toBe(text);
    }),
    { numRuns: runs(200) },
  );
}

function contract<T>(of: Contract<T>): () => void {
  return () => {
    holds(of);
  };
}

/** The objects of a screen, which make one state together. */
function screenObjects(): { context: ScreenContext; blanking: Blanking; effects: EffectRunner } & Resumable<unknown> {
  const events = {
    leaving: () => 'none' as const,
    scrolledOff: () => undefined,
    linesLeft: () => undefined,
    relaid: () => undefined,
    cut: () => undefined,
    overshot: () => undefined,
    failing: () => undefined,
    fault: () => undefined,
  };
  const feed = new EmulatorFeed(LIMITS, openTerminal, events);
  const observer = { alternate: () => undefined };
  const context = { limits: LIMITS, feed, modes: new ScreenModes(), style: new PendingStyle(feed, true), observer };
  const writer = new TextWriter(context);
  const blanking = new Blanking(context, writer);
  const effects = new EffectRunner(context, writer, blanking);
  const all = { style: context.style, modes: context.modes, blanking, effects, feed };
  // What `resume` is given was saved here.
  const save = () => saveAll(all);
  return {
    context,
    blanking,
    effects,
    save,
    resume: (state) => {
      resumeAll(all, state as ReturnType<typeof save>);
    },
  };
}

const effects: readonly Effect[] = [
  { type: 'style', bytes: '\x1b[31m' },
  { type: 'show-cursor', on: false },
  { type: 'alternate', bytes: '\x1b[?1049h', on: true, cursor: true },
  { type: 'alternate', bytes: '\x1b[?1049l', on: false, cursor: true },
  { type: 'margins', bytes: '\x1b[2;3r', top: 1, bottom: 2 },
  { type: 'soft-reset', bytes: '\x1b[!p' },
  { type: 'wrap', bytes: '\x1b[?7l', on: false },
  { type: 'row', bytes: '\x1b[K' },
  { type: 'row', bytes: '\x1b[?45h' },
  { type: 'move', bytes: '\x1b[3A' },
  { type: 'move', bytes: '\x1b[?6h' },
  { type: 'synchronized', on: true },
  { type: 'erase', bytes: '\x1b[2J', what: 'all', selective: false },
];

const screenSteps: readonly Step<ReturnType<typeof screenObjects>>[] = [
  ...effects.map((effect) => ({ context, effects: runner }: ReturnType<typeof screenObjects>) => {
    runner.run(effect, context.feed.end + 5);
  }),
  ...['some text', '\r\n', '     ', 'x'.repeat(20)].map(
    (text) =>
      ({ context, blanking }: ReturnType<typeof screenObjects>) => {
        const bytes = Buffer.from(text);
        blanking.write({ source: bytes, text: bytes }, context.feed.end);
      },
  ),
  ({ context, blanking }) => {
    context.feed.flush();
    return [context.feed.rows(0, 5).map(({ text }) => text), blanking.lastFrame([row('')])];
  },
];

const screen = contract({
  make: screenObjects,
  steps: screenSteps,
  settle: ({ context }) => {
    context.feed.flush();
  },
});

const blocksOptions = { heldAbove: () => LINES, styles: true };

const blockSteps: readonly Step<AlternateBlocks>[] = [
  (blocks) => {
    blocks.enter(2);
  },
  (blocks) => blocks.add(LINES.slice(0, 2)),
  (blocks) => {
    blocks.leave();
  },
  (blocks) => {
    blocks.leaveRow(true);
  },
  (blocks) => {
    blocks.later(LINES.slice(2, 5));
  },
  (blocks) => blocks.weave(LINES.slice(2, 4)),
  (blocks) => {
    blocks.relaid((at) => at + 1);
  },
  (blocks) => [blocks.rowsAbove(0), blocks.isEmpty],
];

const frameSteps: readonly Step<AlternateFrames>[] = [
  (frames) => {
    frames.enter(7);
  },
  (frames) => {
    frames.synchronizing(true, () => ROWS);
  },
  (frames) => {
    frames.synchronizing(false, () => []);
  },
  (frames) => {
    frames.erasing(ROWS.slice(2));
  },
  (frames) => frames.frame(() => ROWS, 50),
  (frames) => frames.frame(() => ROWS.slice(2), 60),
  (frames) => frames.leave([row('')], 70),
];

const windowSteps: readonly Step<RedrawnWindow>[] = [
  (window) => window.frame(() => ROWS, 0),
  (window) => window.frame(() => ROWS.slice(1), 1),
  (window) => window.frame(() => ROWS.slice(3), 1),
  (window) => {
    window.close();
  },
  (window) => window.isOpen,
];

const altSteps: readonly Step<AltLines>[] = [
  ...blockSteps.map((step) => (lines: AltLines) => step(lines.blocks)),
  ...frameSteps.map((step) => (lines: AltLines) => step(lines.frames)),
  ...windowSteps.map((step) => (lines: AltLines) => step(lines.window)),
  (lines) => {
    lines.emit(LINES.slice(4));
    return lines.take();
  },
];

/** A filter is given a line once; what it is given again only looks the same. */
function linesOnce(from: number, to?: number): readonly Line[] {
  return LINES.slice(from, to).map((line) => ({ ...line }));
}

const redrawSteps: readonly Step<RedrawFilter>[] = [
  ...([[0, 3], [1], [0]] as const).map(([from, to]) => (filter: RedrawFilter) => {
    filter.add(linesOnce(from, to));
    return filter.take();
  }),
  (filter) => {
    filter.cleared(linesOnce(2));
    return filter.take();
  },
  (filter) => {
    filter.cleared(linesOnce(1, 2), 2);
    return filter.take();
  },
  (filter) => {
    filter.scrollbackErased();
  },
  (filter) => {
    filter.overshot(2);
  },
  (filter) => {
    filter.synchronized(15);
    return filter.take();
  },
  (filter) => {
    filter.synchronized(undefined);
    return filter.take();
  },
  (filter) => {
    filter.resized({ cols: 30, rows: 5 });
  },
  (filter) => [filter.held, filter.holds],
];

const rowSteps: readonly Step<
  Pick<LineAssembler, 'take'> & { add?: LineAssembler['add']; linesOf?: LeavingRows['linesOf'] }
>[] = [[row('begins ', { continues: true })], [row('goes on', { wrapped: true, ending: { offset: 30 } })], ROWS].map(
  (rows) => (subject) => [subject.add?.(rows) ?? subject.linesOf?.(rows, 0), subject.take()],
);

const output = ['text', '日本', 'é', '\r\n', '\x1b[31m', '\x1b]0;a title', '\x07', '\x1bP', '\x1b[1;', '2H', '\x1b[2J'];
const bytes = [
  ...output.map((text) => Buffer.from(text)),
  Buffer.from([0xe6]),
  Buffer.from([0xc2]),
  Buffer.from([0x9b]),
];

/** For each class, how one is made and what is done with it. */
const CONTRACTS: Readonly<Record<string, () => void>> = {
  EscapeScanner: contract({
    make: () => new EscapeScanner({ text: true }),
    steps: [...bytes.map((some) => (scanner: EscapeScanner) => scanner.push(some)), (scanner) => scanner.end()],
  }),
  Utf8Text: contract({
    make: () => new Utf8Text(),
    steps: [...bytes.map((some) => (text: Utf8Text) => text.push(some)), (text) => text.flush()],
  }),
  Provenance: contract<Provenance>({
    make: () => new Provenance(),
    steps: [
      (from) => {
        from.wrote(0, { fed: [1], feeds: [{ end: 9, hasText: true }], to: 2, rest: { end: 12, hasText: true } });
      },
      (from) => {
        from.wrote(1, { fed: [], feeds: [], to: 1, rest: { end: 20, hasText: false } });
      },
      (from) => {
        from.fed(21);
      },
      (from) => {
        from.moved(25);
      },
      (from) => {
        from.drop(1);
      },
      (from) => {
        from.lineSplit();
      },
      (from) => [from.of(0), from.of(1), from.isBlank, from.wasFed(21)],
    ],
  }),
  RedrawnRows: contract<RedrawnRows>({
    make: () => new RedrawnRows(),
    steps: [
      (redrawn) => {
        redrawn.moved(5, 2);
      },
      (redrawn) => {
        redrawn.moved(2, 4);
      },
      (redrawn) => {
        redrawn.cursorSaved();
      },
      (redrawn) => {
        redrawn.cursorRestored(4, 3);
      },
      (redrawn) => {
        redrawn.wrote(3, false);
      },
      (redrawn) => {
        redrawn.wrote(4, true);
      },
      (redrawn) => {
        redrawn.synchronized(true, 1);
      },
      (redrawn) => redrawn.areComing,
      (redrawn) => redrawn.take(),
    ],
  }),
  EmulatorFeed: screen,
  PendingStyle: screen,
  Blanking: screen,
  EffectRunner: screen,
  ScreenModes: contract<ScreenModes>({
    make: () => new ScreenModes(),
    steps: [
      (modes) => {
        modes.marginTop = 2;
      },
      (modes) => {
        modes.marginBottom = 3;
      },
      (modes) => (modes.wraps = false),
      (modes) => (modes.backWraps = true),
      (modes) => (modes.showsCursor = false),
      (modes) => (modes.ordinary = false),
      (modes) => {
        modes.restoreDefaults();
      },
      (modes) => modes.isOrdinary,
    ],
  }),
  BlankedRows: contract<BlankedRows>({
    make: () => new BlankedRows(true),
    steps: [
      (blanked) => {
        blanked.erasing(ROWS.slice(0, 2), 1);
      },
      (blanked) => {
        blanked.erasing(ROWS, 0);
      },
      (blanked) => {
        blanked.forget();
      },
      (blanked) => [blanked.isEmpty, blanked.has(1, 3), blanked.restored([row(''), row('')]).map(({ text }) => text)],
    ],
  }),
  EmittedLines: contract<EmittedLines>({
    make: () => new EmittedLines(),
    steps: [
      (lines) => {
        lines.add(LINES);
      },
      (lines) => {
        lines.add(LINES.slice(0, 1));
      },
      (lines) => [lines.last(3), lines.length],
    ],
  }),
  LineEmitter: contract<LineEmitter>({
    make: () => new LineEmitter(),
    steps: [
      (lines) => {
        lines.emit(LINES);
      },
      (lines) => {
        lines.emitPicture(LINES.map((line) => new PictureLine(line, true)));
      },
      (lines) => {
        lines.forget();
      },
      (lines) => lines.document.last(2),
    ],
    settle: (lines) => lines.take(),
  }),
  RecentLines: contract<RecentLines>({
    make: () => new RecentLines(true),
    steps: [(recent) => recent.add(LINES, 10), (recent) => recent.takeLast(2), (recent) => recent.all],
  }),
  RedrawFilter: contract({
    make: () => new RedrawFilter({ cols: 20, rows: 1 }, { styles: true }),
    steps: redrawSteps,
  }),
  LineAssembler: contract({
    make: () => new LineAssembler({ styles: true }),
    steps: rowSteps,
    settle: (rows) => rows.take(),
  }),
  LeavingRows: contract({
    make: () =>
      new LeavingRows(new AltChoices('final', true, blocksOptions), { endings: new Provenance(), styles: true }),
    steps: rowSteps,
    settle: (rows) => rows.take(),
  }),
  AlternateBlocks: contract({ make: () => new AlternateBlocks(blocksOptions), steps: blockSteps }),
  AlternateFrames: contract({ make: () => new AlternateFrames('diff', true), steps: frameSteps }),
  RedrawnWindow: contract({ make: () => new RedrawnWindow('diff', true), steps: windowSteps }),
  AltLines: contract({ make: () => new AltLines('diff', blocksOptions), steps: altSteps }),
  AltChoices: contract<AltChoices>({
    make: () => new AltChoices('diff', true, blocksOptions),
    steps: [
      ...altSteps.map((step) => (alts: AltChoices) => alts.all.map((lines) => step(lines))),
      (alts) => {
        alts.emit([LINES]);
        return alts.take();
      },
    ],
  }),
};

/** Classes that are made from their state. What is made of them is held to the same in tests/render/saved-state.slow.test.ts. */
const MADE_FROM_STATE = ['Emulator', 'PictureLine', 'RedrawCycle', 'Screen', 'ScreenLines', 'Transcript'];

/** Of a folder that imports nothing: that it is a `Resumable` is checked where a screen saves it. */
const UNDECLARED = ['EscapeScanner'];

const SLICE = 'of one slice, and saved between two';

/** Fields without a state of their own, and why. */
const NOT_SAVED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  EscapeScanner: {
    nextC1: 'of one chunk',
    nextEsc: 'of one chunk',
    out: 'of one chunk',
    wantsText: 'an option',
  },
  EmulatorFeed: {
    '#bytes': SLICE,
    '#events': 'an option',
    '#hasPrintable': SLICE,
    '#keepsRuns': 'an option',
    '#kind': SLICE,
    '#known': SLICE,
    '#lineFeeds': SLICE,
    '#moveEnd': SLICE,
    '#open': 'an option',
    '#rows': SLICE,
    '#scrolls': SLICE,
    '#size': 'saved by the screen, which is made with it',
    '#slice': SLICE,
    '#styles': 'an option',
    '#textEnd': SLICE,
  },
  Emulator: {
    '#lineFeeds': SLICE,
    '#size': 'an option',
    '#terminal': 'what its internals are of',
    onAlternate: 'known by the terminal',
    reported: 'what was reported is not saved',
    scrolls: 'counted from one slice to the next',
    write: 'an option',
    writeAside: 'an option',
  },
  EmittedLines: {
    '#batches': 'read before it is saved',
    '#condensed': 'made of the texts when it is asked for',
    '#readBatches': 'read before it is saved',
    '#ends': 'made of what it resumes when it is asked for',
    '#texts': 'made of what it resumes when it is asked for',
  },
  LineEmitter: { '#out': 'taken before it is saved' },
  RecentLines: { '#styles': 'an option' },
  RedrawCycle: { '#document': 'saved by the filter' },
  RedrawFilter: { '#pictures': 'has no state', '#styles': 'an option' },
  BlankedRows: { '#styles': 'an option' },
  Blanking: { '#context': 'saved by the screen', '#writer': 'has no state' },
  EffectRunner: { '#blanking': 'saved by the screen', '#context': 'saved by the screen', '#writer': 'has no state' },
  PendingStyle: { '#feed': 'saved by the screen', '#styles': 'an option' },
  AltChoices: { all: 'each of them is saved', chosen: 'one of those that are saved' },
  AltLines: { '#lines': 'taken before it is saved', alt: 'an option' },
  AlternateBlocks: { '#styles': 'an option' },
  AlternateFrames: { '#mode': 'an option', '#styles': 'an option' },
  LeavingRows: { '#alts': 'saved beside it' },
  LineAssembler: { '#lines': 'taken before it is saved', '#styles': 'an option' },
  RedrawnWindow: { '#mode': 'an option', '#styles': 'an option' },
  ScreenLines: { '#options': 'an option', erasures: 'counted from one look to the next' },
};

describe('what is saved', () => {
  const classes = savedClasses();

  test('is all that another object goes on from, of each class that says so', () => {
    const names = classes.filter(({ isResumable }) => isResumable).map(({ name }) => name);
    expect([...names, ...UNDECLARED].toSorted()).toEqual(Object.keys(CONTRACTS).toSorted());
    const others = classes.filter(({ isResumable }) => !isResumable).map(({ name }) => name);
    expect(others.toSorted()).toEqual([...MADE_FROM_STATE, ...UNDECLARED].toSorted());
  });

  test.each(Object.entries(CONTRACTS))('of %s goes on as the original does', (_name, hold) => {
    hold();
  });

  test.each(classes)('of $name has each of its fields', ({ name, fields, saved, resumed }) => {
    const missing = fields.filter((field) => !saved.has(field) || !resumed.has(field));
    expect(missing.toSorted()).toEqual(Object.keys(NOT_SAVED[name] ?? {}).toSorted());
  });

  test('is read from the source: a field that only one of the two looks at is found', () => {
    const text = `class Of implements Resumable<S> { #a = 0; b = 1; #c = 2; readonly #d = new Part();
      save(): S { return { a: this.#a, ...saveAll(this.#parts) }; }
      resume({ a }: S): void { this.#a = a; this.b = 1; resumeAll(this.#parts, s); }
      get #parts() { return { d: this.#d }; } }`;
    const [found] = savedClassesIn(text);
    expect(found).toMatchObject({ name: 'Of', isResumable: true, fields: ['#a', 'b', '#c', '#d'] });
    const both = found?.fields.filter((field) => found.saved.has(field) && found.resumed.has(field));
    expect(both).toEqual(['#a', '#d']);
    expect(savedClassesIn('class Other { save(): void {} }')).toEqual([]);
  });
});
