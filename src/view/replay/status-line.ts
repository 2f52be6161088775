import { truncate } from '../../core/terminal/display-width.js';
import { formatClock } from '../print/format.js';

/** What the line below the picture tells. */
export interface Status {
  readonly state: 'playing' | 'paused' | 'live' | 'ended';
  /** Milliseconds into the recording, and how long it is. */
  readonly ms: number;
  readonly length: number;
  readonly speed: number;
  /** Which run of the agent, where it is run again and again. */
  readonly iteration: number | undefined;
  /** How the task does, or ended. */
  readonly task: string;
  /** What of the recording's screen is seen, where that is not all. */
  readonly clipped: string | undefined;
  /** The answer to a key; where there is one it comes first, and there is no hint at the keys. */
  readonly message: string | undefined;
}

/** One row, at most `columns` cells wide. */
export function statusLine(status: Status, columns: number): string {
  const { state, ms, length, speed, iteration, task, clipped, message } = status;
  const items = [
    `${SIGNS[state]} ${formatClock(ms)} / ${formatClock(length)}`,
    ...(message === undefined ? [] : [message]),
    `${Number(speed.toFixed(2))}x`,
    ...(iteration === undefined ? [] : [`#${iteration}`]),
    task,
    ...(clipped === undefined ? [] : [clipped]),
    ...(message === undefined ? ['? keys  q quit'] : []),
  ];
  return truncate(` ${items.join('  ')}`, columns);
}

const SIGNS: Readonly<Record<Status['state'], string>> = {
  playing: 'playing',
  paused: 'paused ',
  live: 'live   ',
  ended: 'ended  ',
};

/** What is looked for, while it is typed: its end, where it is longer than the line. */
export function promptLine(text: string, columns: number): string {
  const shown = `/${text}`;
  return truncate(shown.length < columns ? shown : shown.slice(-Math.max(0, columns - 1)), columns);
}
