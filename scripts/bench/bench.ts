import type { Figure } from './report.js';

/** One kind of measurement: prints its own table, and returns the figures that have a target. */
export type Bench = (setting: Setting) => Promise<readonly Figure[]>;

export interface Setting {
  /** Megabytes (10^6 bytes) of output in each round of `capture`. */
  readonly mb: number;
  readonly rounds: number;
  /** Peers to measure; empty means all that are here. */
  readonly peers: readonly string[];
  /** A folder for this run's data, removed afterwards. */
  readonly folder: string;
  readonly print: (text: string) => void;
}
