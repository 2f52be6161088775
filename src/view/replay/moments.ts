import { type Clock, sleep } from '../../core/clock.js';
import { FolderWatcher } from '../../store/files/folder-watcher.js';
import { ALIVE_MS } from '../../store/task/liveness.js';
import type { RecordedTask } from '../lines/recorded-task.js';
import { Player, type PlayerOptions } from './player.js';
import { type Position, RecordedTimeline } from './timeline.js';

export interface MomentsOptions extends PlayerOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A timer of Node's cannot wait for a month (2^31 ms). */
const MAX_WAIT_MS = 3_600_000;

/** From one position to the next; `to` is in front of `from` where a replay begins again. */
export interface Move {
  readonly from: Position;
  readonly to: Position;
  /** How far into the recording it is, in milliseconds. */
  readonly ms: number;
}

/**
 * A replay without keys: each move when it is due. A reader that is slow to take them misses none. `wakeAt` asks for a move that
 * leads nowhere, at that many milliseconds into the recording.
 */
export async function* moments(
  recording: RecordedTask,
  options: MomentsOptions,
  wakeAt: () => number | undefined = () => undefined,
): AsyncGenerator<Move, void, void> {
  const { clock, signal, follow } = options;
  const player = new Player(new RecordedTimeline(recording, clock), options, clock.monotonic());
  using watcher = follow === 'no' ? undefined : new FolderWatcher(recording.entry.folder.path, () => true, clock);
  while (!signal.aborted) {
    const now = clock.monotonic();
    const from = player.position;
    const to = player.advance(now);
    const asked = wakeAt() ?? Infinity;
    // In the pause of a loop the recording stands still, and what was asked for comes all the same.
    const ms = player.clockAt(asked) <= now ? Math.max(player.msAt(now), asked) : player.msAt(now);
    if (to !== from || ms >= asked) yield { from, to, ms };
    else if (player.isAtEnd) return;
    else {
      const wait = Math.min(player.wakeAt ?? Infinity, player.clockAt(asked), now + MAX_WAIT_MS) - now;
      if (player.isLive) await watcher?.wait(Math.min(wait, ALIVE_MS), signal);
      else await sleep(clock, Math.max(0, wait), signal);
      recording.refresh();
    }
  }
}
