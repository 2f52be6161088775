import type { Line } from '../../render/model/line.js';
import type { TextLines } from '../../render/model/text-lines.js';
import type { Level } from '../../store/layout/task-log.js';

/** Where a line comes from: the agent's output, or orch's notes. */
export type Source = 'backend' | 'orch';

/** A line of a view. */
export interface LogLine extends Line {
  /** When it was captured, or noted, in milliseconds of Unix time; where that was asked for and is known. */
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
  /** The same lines as bytes, where they came so: to be preferred by who only counts them or hands them on. */
  readonly text?: TextLines;
}

/** Lines of the agent's output that become objects when they are asked for. */
export class TextBatch implements LogBatch {
  readonly source = 'backend';
  readonly #text: TextLines;

  constructor(text: TextLines) {
    this.#text = text;
  }

  get text(): TextLines {
    return this.#text;
  }

  get lines(): readonly LogLine[] {
    return this.#text.lines();
  }
}

/** How many lines that are. */
export function lineCount(batch: LogBatch): number {
  return batch.text?.length ?? batch.lines.length;
}
