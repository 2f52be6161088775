import type { EmulatorFeed } from '../emulator/emulator-feed.js';
import type { PendingStyle } from './pending-style.js';
import type { ScreenModes } from './screen-modes.js';
import type { ScreenObserver } from './screen-observer.js';
import type { ScreenLimits } from './sequence-effects.js';

/** What the objects that work on one screen share. */
export interface ScreenContext {
  /** Its size, and what is kept of looks. */
  limits: ScreenLimits;
  readonly feed: EmulatorFeed;
  readonly modes: ScreenModes;
  readonly style: PendingStyle;
  readonly observer: ScreenObserver;
}
