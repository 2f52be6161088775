import { closeSync, constants, openSync } from 'node:fs';
import { platform } from 'node:process';
import { outputOf } from '../../core/process/spawn.js';

/**
 * The line settings of a terminal device, through stty(1): Node has no tcgetattr(3). Failures (the device is gone)
 * read as raw, and change nothing.
 */

/** The longest line of canonical mode, bytes, its line end included; the rest is dropped (Linux N_TTY_BUF_SIZE, macOS MAX_CANON). */
export const LONGEST_LINE = platform === 'darwin' ? 1024 : 4095;

export interface LineSettings {
  /** Lines are handed over whole, and Ctrl-D means the end of input (termios(3), ICANON). */
  readonly isCanonical: boolean;
  readonly echoes: boolean;
  /** Ctrl-Z is no input, but stops what runs (termios(3), ISIG and VSUSP). */
  readonly stopsAtCtrlZ: boolean;
}

export async function lineSettings(device: string): Promise<LineSettings> {
  const settings = await stty(device, '-a');
  return {
    isCanonical: /\sicanon\b/.test(settings),
    echoes: /\secho\b/.test(settings),
    stopsAtCtrlZ: /\sisig\b/.test(settings) && /\bsusp = \^Z;/.test(settings),
  };
}

/** False where the terminal hands lines over that it does not show, as at a password. A program that reads every key draws what it likes. */
export function isShown({ isCanonical, echoes }: LineSettings): boolean {
  return !isCanonical || echoes;
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
