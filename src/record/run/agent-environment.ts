import { statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { REDACT_VARIABLE, writeRedactSettings } from '../../core/redact/redact-settings.js';
import type { RedactorOptions } from '../../core/redact/redactor.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';

/** The terminal type that agents draw for, and that the screen model implements. */
const TERM = 'xterm-256color';

/**
 * The environment of an agent: the user's, with a valid TERM, and its task's id and folder. COLUMNS and LINES
 * that contradict the terminal's size are left out: programs prefer them to the terminal's answer. The names of masked values
 * are there for orch's own programs.
 */
export function agentEnvironment(
  user: Readonly<Record<string, string>>,
  task: TaskFolder,
  size: TerminalSize,
  redact?: RedactorOptions,
): Record<string, string> {
  const env: Record<string, string> = {
    ...user,
    ORCH_TASK_ID: task.id,
    ORCH_TASK_DIR: task.path,
    ...(redact === undefined ? {} : { [REDACT_VARIABLE]: writeRedactSettings(redact) }),
  };
  if (!env['TERM'] || env['TERM'] === 'dumb') env['TERM'] = TERM;
  if (env['COLUMNS'] !== undefined && Number(env['COLUMNS']) !== size.cols) delete env['COLUMNS'];
  if (env['LINES'] !== undefined && Number(env['LINES']) !== size.rows) delete env['LINES'];
  return env;
}

/**
 * The name the user has for the working folder: PWD, where it is one for `cwd`, because a path through a symbolic link
 * is what their prompt shows.
 */
export function workingFolder(cwd: string, pwd: string | undefined): string {
  if (pwd === undefined || !isAbsolute(pwd)) return cwd;
  const here = statSync(cwd, { throwIfNoEntry: false });
  const named = statSync(pwd, { throwIfNoEntry: false });
  return here !== undefined && here.ino === named?.ino && here.dev === named.dev ? pwd : cwd;
}
