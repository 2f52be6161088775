import type { Outcome } from '../core/agent-state.js';
import type { PatternSpec } from '../core/pattern/pattern.js';

/** How an agent behaves while it runs: how it reports its status, how it is judged, how it is asked to leave. */
export interface Behaviour {
  /** It reports its status by OSC 7501 to a terminal that announces support. */
  readonly reports?: true;
  /** Lines on its screen that say more than its exit code. */
  readonly patterns?: ScreenPatterns;
  /** Lines whose last word is the id of its session; the first one of a run counts. */
  readonly session?: readonly PatternSpec[];
  /** The meanings of its exit codes, other than 0 for done and all others for failed. */
  readonly exitCodes?: ReadonlyMap<number, Outcome>;
  /** Behind a line that says that it failed it goes on for ever, without anything that would come of it: it is ended then. */
  readonly failsForEver?: true;
  /** Silence from which it counts as hung, ms. */
  readonly idleTimeoutMs?: number;
  /** It draws a status line every second while it has nothing else to print (src/core/terminal/status-line.ts), which is silence. */
  readonly drawsStatus?: true;
  /** Its exit code is final, whatever was typed to it: it handles Ctrl-C itself. */
  readonly answersForItself?: true;
  /** Keys that end it when its turn is over, typed one after the other; undefined: it ends by itself, or by SIGTERM. */
  readonly leave?: readonly string[];
}

/**
 * Patterns for whole lines of the screen, trimmed. One with a line end (`\n`) in
 * it is for three lines: the one it is about in the middle, and its neighbours, blank lines left out.
 */
export interface ScreenPatterns {
  /** It is done, although it goes on running. */
  readonly done?: readonly ScreenPattern[] | undefined;
  /** It waits for an answer. */
  readonly waiting?: readonly ScreenPattern[] | undefined;
  /** It failed, whatever its exit code. */
  readonly failed?: readonly ScreenPattern[] | undefined;
}

export interface ScreenPattern extends PatternSpec {
  /** It matches only where the lines above and below are equal. */
  readonly betweenEqualLines?: true;
}
