import { isBehind, type Position, START, type Timeline } from '../../../src/view/replay/timeline.js';

/** A timeline of known changes; `grows` and the changes are the test's to alter. */
export class MemoryTimeline implements Timeline {
  readonly changes: Position[];
  readonly iterations: readonly Position[];
  grows: boolean;

  constructor(changes: readonly Position[], { grows = false, iterations = [] as readonly Position[] } = {}) {
    this.changes = [...changes];
    this.grows = grows;
    this.iterations = iterations;
  }

  get end(): Position {
    return this.changes.at(-1) ?? START;
  }

  at(ms: number): Position {
    return { ...(this.changes.findLast((change) => change.ms <= ms) ?? START), ms };
  }

  atOffset(offset: number): Position {
    return this.changes.find((change) => change.offset >= offset) ?? this.end;
  }

  next(position: Position): Position | undefined {
    return this.changes.find((change) => isBehind(position, change));
  }

  previous(position: Position): Position {
    return this.changes.findLast((change) => isBehind(change, position)) ?? START;
  }

  iterationAt(position: Position): number | undefined {
    const found = this.iterations.findLastIndex((begun) => !isBehind(position, begun));
    return found === -1 ? undefined : found + 1;
  }
}

/** Output of ten bytes at each of these times. */
export function outputAt(...times: readonly number[]): readonly Position[] {
  return times.map((ms, at) => ({ offset: (at + 1) * 10, resizes: 0, ms }));
}
