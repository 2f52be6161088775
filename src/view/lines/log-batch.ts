import type { Line } from '../../render/model/line.js';
import type { Level } from '../../store/layout/task-log.js';

/** Where a line comes from: the agent's output, or orch's notes. */
export type Source = 'backend' | 'orch';

/** A line of a view. */
export interface LogLine extends Line {
  /** When it was captured, or noted, in milliseconds since the epoch; where that was asked for and is known. */
  readonly ts?: number;
  /** Which run of the agent it belongs to, where it is run again and again and that was asked for. */
  readonly iteration?: number;
  /** Of what orch said. */
  readonly level?: Level;
}

/** Lines of one task and source, in their order, that came together. */
export interface LogBatch {
  readonly source: Source;
  readonly lines: readonly LogLine[];
}
