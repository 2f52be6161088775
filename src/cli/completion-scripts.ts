import { readFileSync } from 'node:fs';

/**
 * The script for a shell; undefined for a shell there is none for.
 *
 * The scripts ask `orch complete` at every TAB, so they know what the installed orch knows and outlive its updates. They
 * are orch's own because @bomb.sh/tab 0.0.22, the one kept-up library for all three shells, passes the line being typed
 * and its own answers to `eval` and `compgen -W`: a task called `$(…)` would be run.
 */
export function completionScript(shell: string): string | undefined {
  if (!COMPLETED_SHELLS.includes(shell)) return undefined;
  return readFileSync(new URL(`../../completions/orch.${shell}`, import.meta.url), 'utf8');
}

export const COMPLETED_SHELLS: readonly string[] = ['bash', 'zsh', 'fish'];
