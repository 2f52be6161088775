import { truncate } from '../../core/terminal/display-width.js';
import { printable } from '../../core/text/printable.js';
import { type AgentStatus, stateText } from '../../core/agent-state.js';
import type { Clock } from '../../core/clock.js';
import { signalName } from '../../core/exit-status.js';
import type { Manifest } from '../../store/layout/manifest.js';
import type { TaskEntry } from '../../store/task/task-reader.js';
import { type Meaning, type Paint, plain } from '../print/colour.js';
import { formatDuration } from '../print/format.js';

/** `running`: it runs, and its recording does not say what it does there. */
export type ShownStatus = AgentStatus | 'running' | 'lost' | 'unreadable';

/** What a task is doing, or how it ended. */
export function shownStatus(entry: TaskEntry): ShownStatus {
  if (entry.type === 'unreadable') return 'unreadable';
  return entry.status === 'running' ? (entry.manifest.activity?.status ?? 'running') : entry.status;
}

/** What a task waits for may be a whole question; `show` and `--json` have all of it. */
const REASON_CELLS = 60;

/** `done`, `working`, `failed 42`, `failed SIGKILL`: how a task is doing, in its colour; `cells`: how long what it waits for may be. */
export function statusText(entry: TaskEntry, paint: Paint, cells = REASON_CELLS): string {
  const status = shownStatus(entry);
  const { exit } = entry.type === 'task' ? entry.manifest : {};
  const living = entry.type === 'task' ? entry.living : undefined;
  if (living !== undefined) return paint(MEANING[status], `${status} (process ${living.pid} lives)`);
  const reason = entry.type === 'task' && entry.status === 'running' ? entry.manifest.activity?.reason : undefined;
  if (reason !== undefined)
    return paint(MEANING[status], stateText({ status, reason: truncate(printable(reason), cells) }));
  return paint(
    MEANING[status],
    status === 'failed' && exit !== undefined && (exit.code !== 0 || exit.signal !== 0)
      ? `failed ${reasonOf(exit)}`
      : status,
  );
}

function reasonOf({ code, signal }: NonNullable<Manifest['exit']>): string {
  return signal === 0 ? `${code}` : (signalName(signal) ?? `signal ${signal}`);
}

const MEANING: Readonly<Record<ShownStatus, Meaning>> = {
  starting: 'active',
  running: 'active',
  working: 'active',
  waiting: 'doubtful',
  idle: 'active',
  done: 'good',
  failed: 'bad',
  lost: 'doubtful',
  unreadable: 'doubtful',
};

/** The two clocks at one moment: wall time, which is Unix time, and what {@link Clock.monotonic} says, both in ms. */
export interface ClockReading {
  readonly now: number;
  readonly monotonic: number;
}

export function readClock(clock: Pick<Clock, 'now' | 'monotonic'>): ClockReading {
  return { now: clock.now(), monotonic: clock.monotonic() };
}

/**
 * How long it has run, or ran, in milliseconds; undefined for a task whose end was not observed. By the monotonic clock, where the
 * recorder noted that: a wall clock that is set meanwhile does not count.
 */
export function durationOf(entry: TaskEntry, { now, monotonic }: ClockReading): number | undefined {
  if (entry.type === 'unreadable') return undefined;
  const { started, ended, durationMs, startedMonotonicMs = Infinity } = entry.manifest;
  if (ended !== undefined) return durationMs ?? Math.max(0, Date.parse(ended) - Date.parse(started));
  if (entry.status !== 'running') return undefined;
  // One that has begun behind this clock has another: it runs in a container with a clock of its own.
  return startedMonotonicMs <= monotonic ? monotonic - startedMonotonicMs : Math.max(0, now - Date.parse(started));
}

/** How a task ended, in a few words: `task-1767322995-1 done after 8.0s`; or what it is doing, where it has not. */
export function endText(entry: TaskEntry): string {
  const hasEnded = entry.type === 'task' && entry.manifest.ended !== undefined;
  const ms = hasEnded ? durationOf(entry, { now: 0, monotonic: 0 }) : undefined;
  const after = ms === undefined ? '' : ` after ${formatDuration(ms)}`;
  return `${entry.folder.id} ${statusText(entry, plain)}${after}`;
}
