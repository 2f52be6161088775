import { closeSync, constants, openSync } from 'node:fs';
import { outputOf } from '../../core/process/spawn.js';

/**
 * The line settings of a terminal device, through stty(1): Node has no tcgetattr(3). Failures (the device is gone)
 * read as raw, and change nothing.
 */

/** Whether the device is in canonical mode, so that Ctrl-D means the end of input (termios(3), ICANON). */
export async function isCanonical(device: string): Promise<boolean> {
  return / icanon/.test(await stty(device, '-a'));
}

/** Stops the device from printing what is typed. */
export async function stopEcho(device: string): Promise<void> {
  await stty(device, '-echo');
}

async function stty(device: string, setting: '-a' | '-echo'): Promise<string> {
  let fd: number | undefined;
  try {
    // As stdin, because GNU says -F where BSD says -f.
    fd = openSync(device, constants.O_RDONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
    return await outputOf('stty', [setting], fd);
  } catch {
    return '';
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
