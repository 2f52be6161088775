import { type TerminalSize, terminalSize } from '../../core/terminal/size.js';
import { spawnSync } from '../../core/process/spawn.js';

/** The size of the terminal on a descriptor; undefined where it is no terminal, or reports no size. Takes milliseconds. */
export function sizeOfTerminal(fd: number): TerminalSize | undefined {
  const { stdout } = spawnSync('stty', ['size'], { stdio: [fd, 'pipe', 'ignore'], encoding: 'utf8' });
  const [rows, cols] = (stdout as string | null)?.trim().split(' ').map(Number) ?? [];
  return terminalSize(cols ?? 0, rows ?? 0);
}
