import { type TerminalSize, terminalSize } from '../core/terminal/size.js';

/** Environment variables by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The folder of recordings that ORCH_DIR names; undefined where it is unset or empty. */
export function folderFromVariables(env: Variables): string | undefined {
  return env['ORCH_DIR'] === '' ? undefined : env['ORCH_DIR'];
}

/** The size that COLUMNS and LINES name, where both do: a shell's, or one set for a job without a terminal. */
export function sizeFromVariables(env: Variables): TerminalSize | undefined {
  return terminalSize(Number(env['COLUMNS'] ?? ''), Number(env['LINES'] ?? ''));
}
