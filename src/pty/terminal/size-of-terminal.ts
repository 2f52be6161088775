import { type TerminalSize, terminalSize } from '../../core/terminal/size.js';
import { spawnSync } from '../../core/process/spawn.js';

/** The size of the terminal that a descriptor is open on; undefined where it is none, or does not say. Takes milliseconds. */
export function sizeOfTerminal(fd: number): TerminalSize | undefined {
  const { stdout } = spawnSync('stty', ['size'], { stdio: [fd, 'pipe', 'ignore'], encoding: 'utf8' });
  const [rows, cols] = (stdout as string | null)?.trim().split(' ').map(Number) ?? [];
  return terminalSize(cols ?? 0, rows ?? 0);
}
