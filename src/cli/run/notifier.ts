import { type AgentState, stateText } from '../../core/agent-state.js';
import { startFolder } from '../../core/process/current-folder.js';
import { definedOnly } from '../../core/process/environment.js';
import { reason } from '../../core/errors.js';
import { spawn } from '../../core/process/spawn.js';
import { printable } from '../../core/text/printable.js';
import type { Recording } from '../../record/run/recording.js';
import type { CliContext } from '../options/context.js';

/** The statuses that notify: a question, and the end. An agent that reports a failure has yet to end, or goes on. */
function isNotified({ status, source }: AgentState): boolean {
  return status === 'waiting' || ((status === 'done' || status === 'failed') && source === 'exit');
}

export interface NotifierOptions {
  /** Called with a sentence about a failure of the command. */
  readonly onFailed: (text: string) => void;
  /** Rings for the user: a bell, and a notification where the terminal knows OSC 9. */
  readonly ring: (text: string) => void;
}

/**
 * Runs `command`, a line for the shell, whenever an agent waits for the user, and when it has ended. It is not waited
 * for, and may outlive orch.
 */
export function notifyOf(
  recording: Recording,
  command: string,
  { onFailed, ring }: NotifierOptions,
  context: CliContext,
): void {
  recording.onStatus((state) => {
    if (!isNotified(state)) return;
    const { status, source, reason: why } = state;
    const { id, path } = recording.task;
    ring(printable(`${id} ${stateText(state)}`));
    const env = {
      ...definedOnly(context.env),
      ORCH_TASK_ID: id,
      ORCH_TASK_DIR: path,
      ORCH_STATUS: status,
      ORCH_STATUS_SOURCE: source,
      ...(why === undefined ? {} : { ORCH_STATUS_REASON: why }),
    };
    const child = spawn('/bin/sh', ['-c', command], {
      cwd: startFolder(context.cwd),
      env,
      stdio: 'ignore',
      detached: true,
    });
    child.on('error', (error) => {
      onFailed(`--notify could not be run: ${reason(error)}`);
    });
    child.on('exit', (code) => {
      if (code !== 0 && code !== null) onFailed(`--notify ended with exit ${code}: ${command}`);
    });
    child.unref();
  });
}
