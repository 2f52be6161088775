import type { Outcome } from '../core/agent-state.js';
import type { PatternSpec } from '../core/pattern/pattern.js';

/** How an agent behaves while it runs: how it says what it is doing, how it is judged, how it is asked to leave. */
export interface Behaviour {
  /** It reports its state by OSC 7501 to a terminal that says it listens. */
  readonly reports?: true;
  /** Lines by which it says more than its exit code does. */
  readonly patterns?: ScreenPatterns;
  /** What its exit codes mean, where that is not 0 for done and all others for failed. */
  readonly exitCodes?: ReadonlyMap<number, Outcome>;
  /** Printing nothing for so long means that it never will again, ms. */
  readonly idleTimeoutMs?: number;
  /** Its exit code says how it ended, whatever was typed to it: it makes of Ctrl-C what it likes. */
  readonly answersForItself?: true;
  /** Keys that end it when its turn is over, typed one after the other; undefined: it ends by itself, or by SIGTERM. */
  readonly leave?: readonly string[];
}

/**
 * Patterns for whole lines as they are to be read on the screen, without blanks around them. One with a line end (`\n`) in
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
  /** It is one only where the lines above and below it are the same. */
  readonly betweenEqualLines?: true;
}
