import { ExitCode } from '../../../core/exit-status.js';
import { findOwnAgentDir } from '../../../store/layout/agent-dir.js';
import { resolveTask } from '../../../store/task/resolve-task.js';
import { openTask } from '../../attach/reach-host.js';
import { agentDirOption, agentDirQuery } from '../../options/agent-dir-option.js';
import type { Command, ParsedLine } from '../../options/command.js';
import type { CliContext } from '../../options/context.js';
import { interruptOf } from '../../output/interrupt.js';

export const detachCommand: Command = {
  name: 'detach',
  summary: 'have every terminal leave a task, which goes on',
  usage: '[options] <TASK>',
  operands: { min: 1, max: 1 },
  options: [agentDirOption],
  examples: [{ line: 'orch detach fix-tests', does: 'from anywhere; orch attach comes back' }],
  run: detach,
};

async function detach(line: ParsedLine, context: CliContext): Promise<number> {
  const task = resolveTask(findOwnAgentDir(agentDirQuery(line, context)), line.operands[0] ?? '');
  using interrupt = interruptOf(context);
  const connection = await openTask(task, interrupt.signal, context);
  connection.detachOthers();
  connection[Symbol.dispose]();
  await connection.closed;
  return ExitCode.ok;
}
