import { readdirSync, realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { pid as ownPid } from 'node:process';
import { readTextIfPossible } from '../files/text-file.js';
import { processStart } from './process-identity.js';

/**
 * The living processes that the agent of the task in `folder` has started, directly or not, as their environment says; this process is
 * none of them. None where there is no Linux /proc, and none of other users.
 */
export function processesOfTask(folder: string): readonly number[] {
  const id = basename(folder);
  return processNumbers().filter((pid) => {
    if (pid === ownPid) return false;
    const variables = readTextIfPossible(`/proc/${pid}/environ`)?.split('\0') ?? [];
    return variables.includes(`ORCH_TASK_ID=${id}`) && isIn(folder, variables) && processStart(pid) !== undefined;
  });
}

function processNumbers(): readonly number[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return [];
  }
}

/** Tasks of several .agent folders may have the same id. */
function isIn(folder: string, variables: readonly string[]): boolean {
  const named = variables.find((variable) => variable.startsWith(DIR));
  try {
    return named !== undefined && realpathSync(named.slice(DIR.length)) === realpathSync(folder);
  } catch {
    return false;
  }
}

const DIR = 'ORCH_TASK_DIR=';
