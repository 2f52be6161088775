import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import { outputOf } from '../../core/process/spawn.js';

/**
 * Whether SIGTSTP would stop every process of the group `pid`: it has its terminal, and none of it handles or ignores the signal.
 * False where ps(1) does not say.
 */
export async function wouldStop(pid: number): Promise<boolean> {
  let members: readonly Member[];
  try {
    members = (await listed()).filter(({ group }) => group === pid);
  } catch {
    return false;
  }
  return members.length > 0 && members.every(({ foreground, handles }) => foreground === pid && !handles);
}

interface Member {
  readonly group: number;
  /** Of its terminal. */
  readonly foreground: number;
  /** It catches or ignores SIGTSTP. */
  readonly handles: boolean;
}

async function listed(): Promise<readonly Member[]> {
  const nothing = openSync('/dev/null', 'r');
  try {
    // Linux and macOS know these words, and give the sets of signals in hexadecimal.
    const output = await outputOf('ps', ['-A', '-o', 'pgid=,tpgid=,caught=,ignored='], nothing);
    return output.split('\n').map((line) => {
      const [group, foreground, caught = '', ignored = ''] = line.trim().split(/\s+/);
      return { group: Number(group), foreground: Number(foreground), handles: [caught, ignored].some(holdsStop) };
    });
  } finally {
    closeSync(nothing);
  }
}

/** `signals`: a set of them, the first of which is its lowest bit. */
function holdsStop(signals: string): boolean {
  // The lowest 32 are enough, and a number.
  const low = Number.parseInt(signals.slice(-8), 16);
  return ((low >>> (constants.signals.SIGTSTP - 1)) & 1) === 1;
}
