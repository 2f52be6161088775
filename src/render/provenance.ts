/** Which bytes each row of the normal screen came from, by row, counted from the first one still in the emulator. */
export class Provenance {
  private starts: (number | undefined)[] = [];
  private ends: (number | undefined)[] = [];
  private written = 0;

  /**
   * A slice was written that began at `from`; its line feeds, which ended at `feedEnds`, led to the rows `fed`, and it
   * ended on row `to` with the byte before `end`. A row entered at its first column was begun anew.
   */
  wrote(
    from: { readonly row: number; readonly col: number },
    fed: readonly number[],
    feedEnds: readonly number[],
    to: number,
    end: number,
  ): void {
    let row = from.row;
    let begun = from.col > 0;
    for (const [index, next] of fed.entries()) {
      const feedEnd = feedEnds[index] ?? end;
      this.touch(row, Math.max(row, next - 1), begun, feedEnd);
      row = next;
      begun = false;
    }
    if (end > this.written) this.touch(row, Math.max(row, to), begun, end);
  }

  /** What was read up to `end` went to no row. */
  skip(end: number): void {
    this.written = end;
  }

  /** The first `rows` rows have gone. */
  drop(rows: number): void {
    this.starts.splice(0, rows);
    this.ends.splice(0, rows);
  }

  of(row: number): { readonly offset: number; readonly endOffset: number } {
    return { offset: this.starts[row] ?? this.written, endOffset: this.ends[row] ?? this.written };
  }

  private touch(from: number, to: number, begun: boolean, end: number): void {
    for (let row = from; row <= to; row++) {
      const start = begun && row === from ? this.starts[row] : undefined;
      this.starts[row] = start ?? this.written;
      this.ends[row] = end;
    }
    this.written = end;
  }
}
