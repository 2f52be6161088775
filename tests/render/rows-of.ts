import { type Row, Screen } from '../../src/render/index.js';

/**
 * All rows that left the screen and those on it at the end, a string for each, with the bytes it came from as they are
 * known at the end: those of a row that goes on may still grow when it has left. With `styles`, of which nobody asks for
 * those of rows that leave, all that the screen knows before the end too.
 */
export function rowsOf(
  chunks: readonly Uint8Array[],
  size: { readonly cols: number; readonly rows: number },
  options: { readonly fastPath: boolean; readonly styles?: boolean },
): readonly string[] {
  const rows: Row[] = [];
  const note = (left: readonly Row[]): void => {
    for (const row of left) rows.push(row);
  };
  const screen = new Screen(size, {
    ...options,
    observer: {
      coloursFrom: () => Infinity,
      scrolledOff: note,
      erasing: note,
      fault: (error) => {
        throw error instanceof Error ? error : new Error(String(error));
      },
    },
  });
  for (const chunk of chunks) screen.write(chunk);
  const state = options.styles === true ? [stateOf(screen)] : [];
  screen.end();
  note(screen.rows());
  screen.dispose();
  const lines = rows.map(({ text, wrapped, continues, offset, ending }) => {
    return `${offset}-${ending?.offset}${wrapped ? '>' : ' '}${text.trimEnd()}${continues ? '>' : ''}`;
  });
  return [...state, ...lines];
}

/** Which rows were drawn over is known as exactly as the emulator was given little at once. */
function stateOf(screen: Screen): string {
  const { feed, ...rest } = screen.save();
  return JSON.stringify({ ...rest, feed: { ...feed, redraws: undefined } });
}
