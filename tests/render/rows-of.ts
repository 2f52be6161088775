import { type Row, Screen } from '../../src/render/index.js';

/**
 * All rows that left the screen and those on it at the end, a string for each. `bytes`: with the bytes it came from where
 * it is a line by itself; where a row goes on, or nothing was written, those depend on when it is asked for.
 */
export function rowsOf(
  chunks: readonly Uint8Array[],
  size: { readonly cols: number; readonly rows: number },
  options: { readonly fastLane: boolean; readonly bytes?: boolean },
): readonly string[] {
  const rows: string[] = [];
  const note = (left: readonly Row[]): void => {
    for (const { text, wrapped, continues, offset, ending } of left) {
      const trimmed = text.trimEnd();
      const hasBytes = options.bytes === true && !wrapped && !continues && trimmed !== '';
      rows.push(
        `${hasBytes ? `${offset}-${ending.offset}` : ''}${wrapped ? '>' : ' '}${trimmed}${continues ? '>' : ''}`,
      );
    }
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
  return rows;
}
