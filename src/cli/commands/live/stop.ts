import { ExitCode } from '../../../core/exit-status.js';
import { findOwnAgentDir } from '../../../store/layout/agent-dir.js';
import { resolveTask } from '../../../store/task/resolve-task.js';
import { listTasks } from '../../../store/task/task-reader.js';
import { agentDirOption, agentDirQuery } from '../../options/agent-dir-option.js';
import { killAfter, killAfterOption } from '../../options/kill-after-option.js';
import type { Command, ParsedLine } from '../../options/command.js';
import type { CliContext } from '../../options/context.js';
import { interruptOf } from '../../output/interrupt.js';
import { refuseToEndOthers, stopTasks } from '../../run/stop-task.js';

export const stopCommand: Command = {
  name: 'stop',
  summary: 'end running tasks, and agents whose orch was killed',
  usage: '[options] <TASK...>',
  operands: { min: 1, max: Infinity },
  options: [killAfterOption, agentDirOption],
  examples: [
    { line: 'orch stop fix-tests', does: 'as Ctrl-C would; the recording is completed' },
    { line: 'orch stop --kill-after 1m latest', does: 'one that takes its time to end' },
  ],
  run: stopThem,
};

async function stopThem(line: ParsedLine, context: CliContext): Promise<number> {
  const killAfterMs = killAfter(line.options);
  const agentDir = findOwnAgentDir(agentDirQuery(line, context));
  const named = new Map(line.operands.map((text) => [resolveTask(agentDir, text).id, text]));
  const entries = listTasks(agentDir);
  const chosen = entries.filter(({ folder }) => named.has(folder.id));
  for (const entry of chosen) refuseToEndOthers(entry, chosen, entries);
  using interrupt = interruptOf(context);
  const { clock } = context;
  await stopTasks(chosen, { clock, killAfterMs, signal: interrupt.signal }, async (text) => {
    await context.stdout.write(`${text}\n`);
  });
  return interrupt.signal.aborted ? ExitCode.interrupted : ExitCode.ok;
}
