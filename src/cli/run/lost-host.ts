import { errors } from '../../core/errors.js';
import { type ExitStatus, shellExitCode, signalName } from '../../core/exit-status.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
import { readTask } from '../../store/task/task-reader.js';
import { verdict } from './run-words.js';

/**
 * The line for people about a task whose host has gone without a last word that was heard; `host`: how it has ended.
 *
 * @throws OrchError HOST_DIED where it did not end the recording; MANIFEST_UNREADABLE
 */
export function endWithoutHost(task: TaskFolder, host: ExitStatus): string {
  const entry = readTask(task);
  if (entry.type === 'unreadable') throw entry.problem;
  const { exit, bytes, gaps, durationMs = 0, verdict: found } = entry.manifest;
  if (exit === undefined) throw errors.hostDied(task.id, deathOf(host), shellExitCode(host));
  const status = { exitCode: exit.code, signal: exit.signal };
  return verdict(task.id, { status, bytes, gaps, durationMs, ...(found === undefined ? {} : { verdict: found }) });
}

function deathOf({ exitCode, signal }: ExitStatus): string {
  return signal === 0 ? `has ended with exit ${exitCode}` : `was killed by ${signalName(signal) ?? `signal ${signal}`}`;
}
