import { type TerminalSize, terminalSize } from '../core/terminal/size.js';

/** Environment variables by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The folder for recordings from ORCH_DIR; undefined where it is unset or empty. */
export function folderFromVariables(env: Variables): string | undefined {
  return env['ORCH_DIR'] === '' ? undefined : env['ORCH_DIR'];
}

/** The size from COLUMNS and LINES, where both are set: by a shell, or for a run without a terminal. */
export function sizeFromVariables(env: Variables): TerminalSize | undefined {
  return terminalSize(Number(env['COLUMNS'] ?? ''), Number(env['LINES'] ?? ''));
}
