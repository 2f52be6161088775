import type { TerminalSize } from '../../core/terminal/size.js';
import type { CliContext } from './context.js';

/**
 * The size of the user's terminal, whichever of stdout, stderr and stdin it is on; the first that says one counts. Undefined where
 * none of them is a terminal, or none says.
 */
export async function usersTerminalSize({ stdin, stdout, stderr }: CliContext): Promise<TerminalSize | undefined> {
  const terminals = [stdout, stderr, stdin].filter(({ isTTY }) => isTTY);
  if (terminals.length === 0) return undefined;
  // What starts other programs takes milliseconds to load.
  const { sizeOfTerminal } = await import('../../pty/terminal/size-of-terminal.js');
  for (const { fd } of terminals) {
    const size = sizeOfTerminal(fd);
    if (size !== undefined) return size;
  }
  return undefined;
}
