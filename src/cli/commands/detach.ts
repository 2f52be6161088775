import { ExitCode } from '../../core/exit-status.js';
import { orchVersion } from '../../core/version.js';
import { connectToHost } from '../../host/connect-to-host.js';
import { findOwnAgentDir } from '../../store/layout/agent-dir.js';
import { resolveTask } from '../../store/task/resolve-task.js';
import { agentDirOption, agentDirQuery } from '../options/agent-dir-option.js';
import type { Command, ParsedLine } from '../options/command.js';
import type { CliContext } from '../options/context.js';
import { interruptOf } from '../output/interrupt.js';

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
  let closed: () => void = () => undefined;
  const isClosed = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const host = await connectToHost(task, {
    version: orchVersion(),
    events: { onWord: () => undefined, onBytes: () => undefined, onClose: closed },
    onSlow: () => {
      void context.stderr.write(`orch: the host of ${task.id} does not answer yet; Ctrl-C ends the waiting\n`);
    },
    signal: interrupt.signal,
    clock: context.clock,
  });
  host.detachOthers();
  host[Symbol.dispose]();
  await isClosed;
  return ExitCode.ok;
}
