import type { Clock } from '../../core/clock.js';
import type { Player } from './player.js';
import type { ReplayTerminal } from './replay-terminal.js';

/** Ctrl-Z: the time until the replay goes on again is none of the replay's. */
export class Suspension {
  #isAsked = false;

  ask(): void {
    this.#isAsked = true;
  }

  /** Suspends if that was asked for. */
  async takePlace(player: Player, terminal: ReplayTerminal, clock: Clock): Promise<void> {
    if (!this.#isAsked) return;
    this.#isAsked = false;
    const isPlaying = !player.isPaused;
    if (isPlaying) player.togglePause(clock.monotonic());
    await terminal.suspend();
    if (isPlaying) player.togglePause(clock.monotonic());
  }
}
