import type { Frame } from '../model/frame.js';
import { runsToAnsi } from './print-frame.js';

/** A screen as it stands from `ms` on, in milliseconds. */
export interface Moment {
  readonly ms: number;
  readonly frame: Frame;
}

/** A moment at which something else is seen than before. */
export interface Shot extends Moment {
  /** A text for each row: rows with the same text are drawn the same. */
  readonly looks: readonly string[];
}

/** What was on a screen over time. Its shots are not kept: they are made again each time they are asked for. */
export interface FrameSequence {
  /** Of the largest screen. */
  readonly cols: number;
  readonly rows: number;
  /** How many there are. */
  readonly count: number;
  /** When the last ends, in milliseconds. */
  readonly endMs: number;
  shots(): AsyncIterable<Shot>;
}

/** Reads `moments`, whose times never go back, once. `onShot` gets each shot meanwhile, and how many there were, this one included. */
export async function frameSequenceOf(
  moments: () => AsyncIterable<Moment>,
  onShot: (shot: Shot, count: number) => void = () => undefined,
): Promise<FrameSequence> {
  let [cols, rows, count, endMs] = [1, 1, 0, 0];
  const watched = async function* (): AsyncGenerator<Moment, void, void> {
    for await (const moment of moments()) {
      endMs = moment.ms;
      cols = Math.max(cols, moment.frame.cols);
      rows = Math.max(rows, moment.frame.rows);
      yield moment;
    }
  };
  for await (const shot of shotsOf(watched())) {
    count++;
    onShot(shot, count);
  }
  return { cols, rows, count, endMs, shots: () => shotsOf(moments()) };
}

/** How long an animation of it takes until it begins again, ms: its last picture stands long enough to be read. */
export function lengthOf({ endMs }: FrameSequence): number {
  return endMs + REST_MS;
}

async function* shotsOf(moments: AsyncIterable<Moment>): AsyncGenerator<Shot, void, void> {
  let last: Shot | undefined;
  for await (const { ms, frame } of moments) {
    // All that is drawn of a row is in its ANSI.
    const looks = frame.lines.map((runs) => runsToAnsi(runs, { links: true }));
    if (last !== undefined && sameCursor(last.frame, frame) && sameLooks(last, looks)) continue;
    last = { ms, frame, looks };
    yield last;
  }
}

function sameCursor({ cursor: a }: Frame, { cursor: b }: Frame): boolean {
  return a.visible === b.visible && (!a.visible || (a.row === b.row && a.col === b.col));
}

function sameLooks({ looks }: Shot, others: readonly string[]): boolean {
  return looks.length === others.length && looks.every((look, at) => look === others[at]);
}

const REST_MS = 3000;
