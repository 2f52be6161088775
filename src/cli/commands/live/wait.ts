import { ExitCode } from '../../../core/exit-status.js';
import { findAgentDir } from '../../../store/layout/agent-dir.js';
import { resolveDefaultTask, resolveTask } from '../../../store/task/resolve-task.js';
import type { TaskFolder } from '../../../store/layout/task-folder.js';
import { AWAITED, type Awaited, type AwaitedStatus, awaitStatus } from '../../../view/tasks/await-status.js';
import { endText } from '../../../view/tasks/task-status.js';
import { agentDirOption, agentDirQuery } from '../../options/agent-dir-option.js';
import type { Command, ParsedLine } from '../../options/command.js';
import type { CliContext } from '../../options/context.js';
import { timeLimit, timeoutOption } from '../../options/timeout-option.js';
import { interruptOf } from '../../output/interrupt.js';
import { readValue } from '../../options/read-value.js';
import { duration } from '../../../settings/value-kind.js';

export const waitCommand: Command = {
  name: 'wait',
  summary: 'wait until tasks are done, idle, or wait for you',
  usage: '[options] [TASK...]',
  operands: { min: 0, max: Infinity },
  options: [
    { flags: '--for <status>', description: 'what to wait for (default: done)', choices: AWAITED },
    timeoutOption,
    agentDirOption,
  ],
  examples: [
    { line: 'orch wait fix-tests && git push', does: 'when the task of that name is done' },
    { line: 'orch wait latest --for waiting', does: 'until it has a question for you' },
  ],
  run: waitForThem,
};

/** Exit code 1 where a task ended otherwise. */
async function waitForThem({ operands, options }: ParsedLine, context: CliContext): Promise<number> {
  const agentDir = findAgentDir(agentDirQuery({ options }, context));
  const named = operands.map((text) => resolveTask(agentDir, text));
  const folders = named.length === 0 ? [resolveDefaultTask(agentDir)] : named;
  const wanted = AWAITED.find((word) => word === options.text('for')) ?? 'done';
  const timeoutMs = readValue(options, 'timeout', duration);
  using interrupt = interruptOf(context);
  using limit = timeLimit(interrupt.signal, timeoutMs, context.clock);
  const waits = folders.map((folder) => waitForOne(folder, wanted, { signal: limit.signal, context }));
  const waited = await Promise.all(waits).finally(() => {
    // A task that cannot be read any more ends the waiting for the others.
    limit.end();
  });
  if (interrupt.signal.aborted) return ExitCode.interrupted;
  if (waited.includes('aborted')) return ExitCode.timeout;
  return waited.includes('missed') ? ExitCode.io : ExitCode.ok;
}

/** Says what became of one as soon as it is known. */
async function waitForOne(
  folder: TaskFolder,
  wanted: Awaited,
  { signal, context }: { readonly signal: AbortSignal; readonly context: CliContext },
): Promise<AwaitedStatus['type']> {
  const { type, entry } = await awaitStatus(folder, wanted, { clock: context.clock, signal });
  await context.stdout.write(`${endText(entry)}\n`);
  return type;
}
