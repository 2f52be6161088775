import { readFileSync } from 'node:fs';
import { packageFile } from '../../core/package-file.js';

/**
 * The script for a shell; undefined for a shell there is none for.
 *
 * The scripts ask `orch complete` at every TAB, so they know what the installed orch knows and outlive its updates. They
 * are orch's own because the names of tasks are other people's words: @bomb.sh/tab 0.0.22, the one kept-up library for all
 * three shells, has the shell expand what it is given.
 */
export function completionScript(shell: string): string | undefined {
  if (!COMPLETED_SHELLS.includes(shell)) return undefined;
  return readFileSync(packageFile(`completions/orch.${shell}`), 'utf8');
}

export const COMPLETED_SHELLS: readonly string[] = ['bash', 'zsh', 'fish'];
