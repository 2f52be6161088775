/**
 * More programs that know what they print: such as draw a frame beneath lines that stay, in the ways in which terminal
 * libraries do it, and such as clear the screen for each of their runs. Written after what they send, not with them.
 */
import { bytes, type Performance } from './programs.js';

export interface FrameStep {
  /** Lines printed above the frame, which stay. */
  readonly logs: readonly string[];
  readonly frame: readonly string[];
}

interface Size {
  readonly cols: number;
  readonly rows: number;
}

function rows(lines: readonly string[]): string {
  return lines.map((line) => `${line}\r\n`).join('');
}

/** Erases `count` lines, the last of which the cursor is on. */
function eraseUpwards(count: number): string {
  return count === 0 ? '' : `${'\x1b[2K\x1b[1A'.repeat(count - 1)}\x1b[2K\x1b[G`;
}

function logsOf(steps: readonly FrameStep[]): readonly string[] {
  return steps.flatMap(({ logs }) => logs);
}

/**
 * A frame that is erased line by line while it fits the screen; one that is taller is erased by going home and erasing all
 * below, which leaves the scrollback as it is, so that the lines that stay are printed once.
 */
export function homingProgram(size: Size, steps: readonly FrameStep[], synchronized: boolean): Performance {
  let before = 0;
  const chunks = steps.map(({ logs, frame }) => {
    const fills = frame.length >= size.rows;
    const cleared = before > size.rows || (frame.length > size.rows && before > 0) || (before >= size.rows && !fills);
    const erased =
      cleared && before >= size.rows
        ? '\x1b[1;1H\x1b[J'
        : eraseUpwards(before === 0 ? 0 : before >= size.rows ? before : before + 1);
    before = frame.length;
    const drawn = `${erased}${rows(logs)}${fills ? frame.join('\r\n') : rows(frame)}`;
    return bytes(synchronized ? `\x1b[?2026h${drawn}\x1b[?2026l` : drawn);
  });
  return { ...size, chunks: [...chunks, bytes('\r\n')], expected: logsOf(steps) };
}

/** How a frame is erased by moving up over it: row by row on the way, or all below once the cursor is there. */
export const CLIMBS = {
  'row by row': (ups: number) => `\r\x1b[2K${'\x1b[1A\x1b[2K'.repeat(ups)}`,
  'all below': (ups: number) => `\r${ups > 0 ? `\x1b[${ups}A` : ''}\x1b[J`,
  'all below, by lines': (ups: number) => `${ups > 0 ? `\x1b[${ups}F` : '\r'}\x1b[0J`,
} as const;

/** A frame that is erased by moving up over all of its rows, though some of them have left the screen. */
export function climbingProgram(
  size: Size,
  steps: readonly FrameStep[],
  {
    endsBelow,
    climb,
    synchronized = false,
  }: { readonly endsBelow: boolean; readonly climb: keyof typeof CLIMBS; readonly synchronized?: boolean },
): Performance {
  let before = 0;
  const chunks = steps.map(({ logs, frame }) => {
    const ups = before === 0 ? 0 : endsBelow ? before : before - 1;
    before = frame.length;
    const drawn = `${CLIMBS[climb](ups)}${rows(logs)}${endsBelow ? rows(frame) : frame.join('\r\n')}`;
    return bytes(synchronized ? `\x1b[?2026h${drawn}\x1b[?2026l` : drawn);
  });
  return { ...size, chunks: [...chunks, bytes('\r\n')], expected: logsOf(steps) };
}

/** What watchers clear the screen with. */
export const CLEARS = [
  '\x1b[2J\x1b[H',
  '\x1b[H\x1b[2J',
  '\x1b[H\x1b[J',
  '\x1bc',
  '\x1bc\x1b[3J',
  '\x1b[2J\x1b[3J\x1b[H',
  '\x1b[H\x1b[2J\x1b[3J',
  '\x1b[3J\x1b[H\x1b[2J',
  '\x1b[999A\r\x1b[J',
] as const;

/** A watcher that clears the screen for each run, and prints what it found between the same head and foot. */
export function watcher(
  size: Size,
  clear: string,
  {
    head,
    runs,
    foot,
  }: {
    readonly head: readonly string[];
    readonly runs: readonly (readonly string[])[];
    readonly foot: readonly string[];
  },
): Performance {
  const chunks = runs.map((found) => bytes(`${clear}${rows([...head, ...found, ...foot])}`));
  return { ...size, chunks, expected: runs.length === 0 ? [] : [...head, ...runs.flat(), ...foot] };
}
