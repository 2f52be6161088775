import { type Row, Screen } from '../../src/render/index.js';

/**
 * All rows that left the screen and those on it at the end, a string for each, with the bytes it came from as they are
 * known at the end: those of a row that goes on may still grow when it has left.
 */
export function rowsOf(
  chunks: readonly Uint8Array[],
  size: { readonly cols: number; readonly rows: number },
  options: { readonly fastLane: boolean },
): readonly string[] {
  const rows: Row[] = [];
  const note = (left: readonly Row[]): void => {
    for (const row of left) rows.push(row);
  };
  const screen = new Screen(size, {
    fastLane: options.fastLane,
    observer: {
      scrolledOff: note,
      erasing: note,
      fault: (error) => {
        throw error instanceof Error ? error : new Error(String(error));
      },
    },
  });
  for (const chunk of chunks) screen.write(chunk);
  screen.end();
  note(screen.rows());
  screen.dispose();
  return rows.map(({ text, wrapped, continues, offset, ending }) => {
    return `${offset}-${ending?.offset}${wrapped ? '>' : ' '}${text.trimEnd()}${continues ? '>' : ''}`;
  });
}
