import { ESC, LF } from '../../core/terminal/codes.js';
import type { AlternateScreen, Line } from '../../render/model/line.js';
import { LastLines } from './last-lines.js';
import type { RecordedTask } from './recorded-task.js';
import { transcriptLines } from './transcript-lines.js';

/** The first attempt reads so much; a line of a program is seldom longer than LINE_BYTES. */
const MIN_WINDOW = 32 * 1024;
const LINE_BYTES = 256;
/** How much is read behind a place to know the lines that stood there. */
const CONTEXT_BYTES = 64 * 1024;
/** From window to window; two are read at each attempt, the larger twice the smaller. */
const GROWTH = 8;

interface Search {
  readonly recording: RecordedTask;
  readonly alt: AlternateScreen;
  readonly signal: AbortSignal;
}

/**
 * Where reading may begin so that the last `count` lines in front of the absolute offset `end` come out as if it had
 * begun at the start. What a terminal shows depends on all that was printed before, but seldom on what is long past: a
 * beginning is good when one much earlier gives the same lines.
 */
export async function startOfLast(search: Search, count: number, end: number): Promise<number> {
  return converge(search, end, end, Math.max(MIN_WINDOW, count * LINE_BYTES), () => {
    const last = new LastLines(count + 1);
    return {
      hold: (lines) => {
        last.hold(lines);
      },
      found: () => (last.lines.length > count ? last.lines.slice(1) : undefined),
    };
  });
}

/** The same for the lines that were still being written at `offset`, and those behind it. */
export async function startBefore(search: Search, offset: number, end: number): Promise<number> {
  return converge(search, offset, Math.min(end, offset + CONTEXT_BYTES), MIN_WINDOW, () => {
    const behind: Line[] = [];
    return {
      hold: (lines) => {
        behind.push(...lines.filter((line) => line.endOffset > offset));
      },
      found: () => behind,
    };
  });
}

/** Keeps of the lines of a window those that matter, and no others: a window may be most of a recording. */
interface Wanted {
  hold(lines: readonly Line[]): void;
  /** Undefined where the window is too small. */
  found(): readonly Line[] | undefined;
}

async function converge(
  search: Search,
  target: number,
  end: number,
  first: number,
  wanted: () => Wanted,
): Promise<number> {
  for (let window = first; window * 2 < target; window *= GROWTH) {
    const near = await beginningNear(search, target - window);
    const far = await beginningNear(search, target - window * 2);
    const found = await wantedBetween(search, near, end, wanted());
    const same = await wantedBetween(search, far, end, wanted());
    if (found !== undefined && same !== undefined && areAlike(found, same)) return far;
    if (search.signal.aborted) break;
  }
  return 0;
}

/** Behind a line feed, if there is one soon; else in front of an escape sequence, so that none is read from its middle. */
async function beginningNear({ recording, signal }: Search, offset: number): Promise<number> {
  for await (const chunk of recording.bytes({ from: offset, to: offset + MIN_WINDOW, signal })) {
    const feed = chunk.bytes.indexOf(LF);
    if (feed !== -1) return chunk.offset + feed + 1;
    const escape = chunk.bytes.indexOf(ESC);
    return chunk.offset + Math.max(0, escape);
  }
  return offset;
}

async function wantedBetween(
  { recording, alt, signal }: Search,
  from: number,
  to: number,
  wanted: Wanted,
): Promise<readonly Line[] | undefined> {
  const options = { size: recording.sizeAt(from), alt };
  for await (const lines of transcriptLines(recording.chunks({ from, to, signal }), options)) wanted.hold(lines);
  return wanted.found();
}

function areAlike(a: readonly Line[], b: readonly Line[]): boolean {
  return a.length === b.length && a.every(({ text, offset }, at) => text === b[at]?.text && offset === b[at].offset);
}
