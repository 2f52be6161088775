import { isWide, isWritten } from './reflow.js';
import type { InternalLine, TerminalInternals } from './terminal-state.js';

/**
 * Makes the marks of rows that the terminal wrapped those of tmux: a line feed over the second row of a line leaves the
 * line whole (@xterm/headless 6.0.0 splits it), as long as the row above is full. Text that fills the row above, and goes
 * on elsewhere than behind it, splits the line.
 */
export function keepWrapMarks({ _inputHandler: handler, _bufferService: service }: TerminalInternals): void {
  const carriageReturn = handler.carriageReturn.bind(handler);
  const lineFeed = handler.lineFeed.bind(handler);
  const index = handler.index.bind(handler);
  const nextLine = handler.nextLine.bind(handler);
  const below = (): InternalLine | undefined => {
    const { lines, ybase, y } = service.buffers.active;
    return ybase + y + 1 < lines.length ? lines.get(ybase + y + 1) : undefined;
  };
  const splitIfFilled = (): void => {
    if (service.buffers.active.x < service.cols) return;
    const line = below();
    if (line !== undefined) line.isWrapped = false;
  };
  handler.carriageReturn = () => {
    splitIfFilled();
    return carriageReturn();
  };
  handler.lineFeed = () => {
    splitIfFilled();
    const { lines, ybase, y } = service.buffers.active;
    const line = below();
    const keeps = line?.isWrapped === true && isContinued(lines.get(ybase + y), line, service.cols);
    lineFeed();
    // Where the region scrolled instead, rows are others now, and the terminal has marked them.
    if (keeps && service.buffers.active.y === y + 1) line.isWrapped = true;
    return true;
  };
  handler.index = () => {
    splitIfFilled();
    return index();
  };
  handler.nextLine = () => {
    splitIfFilled();
    return nextLine();
  };
}

/** The row is full, or as full as it can be in front of a wide character. */
function isContinued(line: InternalLine, next: InternalLine, cols: number): boolean {
  return isWritten(line, cols - 1) || (isWide(next, 0) && isWritten(line, cols - 2));
}
