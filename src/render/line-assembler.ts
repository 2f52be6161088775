import type { Line } from './line.js';
import type { Row } from './row.js';

/** Joins rows that the terminal wrapped into lines, and takes the blanks off their ends. */
export class LineAssembler {
  private pending: Line | undefined;
  private lines: Line[] = [];

  /** Rows that left the screen, in order; the last may go on in one that is still there. */
  add(rows: readonly Row[]): void {
    for (const row of rows) {
      if (!row.wrapped) this.finish();
      this.pending = this.pending === undefined ? lineOf(row) : joined(this.pending, row);
      if (!row.continues || this.pending.text.length > MAX_LINE_CHARS) this.finish();
    }
  }

  /** A whole screen that is about to go: its rows down to the last one with text. */
  addScreen(rows: readonly Row[]): void {
    this.add(rows.slice(0, rows.findLastIndex((row) => row.text.trimEnd() !== '') + 1));
    this.finish();
  }

  /** Rows taken from below others that stay: what has left above them and goes on in those is not touched. */
  addCut(rows: readonly Row[]): void {
    const { pending } = this;
    this.pending = undefined;
    this.addScreen(rows);
    this.pending = pending;
  }

  /** The lines finished since the last call. */
  take(): readonly Line[] {
    const taken = this.lines;
    this.lines = [];
    return taken;
  }

  private finish(): void {
    if (this.pending === undefined) return;
    this.lines.push({ ...this.pending, text: this.pending.text.trimEnd() });
    this.pending = undefined;
  }
}

/** A line without an end is told in pieces of this size, so that it is not held until memory ends. */
const MAX_LINE_CHARS = 1_048_576;

function lineOf({ text, offset, endOffset }: Row): Line {
  return { text, offset, endOffset, final: true };
}

function joined(line: Line, row: Row): Line {
  return {
    text: line.text + row.text,
    offset: Math.min(line.offset, row.offset),
    endOffset: Math.max(line.endOffset, row.endOffset),
    final: true,
  };
}
