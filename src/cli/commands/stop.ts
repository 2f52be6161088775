import { errors } from '../../core/errors.js';
import { ExitCode } from '../../core/exit-status.js';
import { findOwnAgentDir } from '../../store/layout/agent-dir.js';
import { resolveTask } from '../../store/task/resolve-task.js';
import { listTasks, type TaskEntry } from '../../store/task/task-reader.js';
import { agentDirOption, agentDirQuery } from '../options/agent-dir-option.js';
import type { Command, ParsedLine } from '../options/command.js';
import type { CliContext } from '../options/context.js';
import { interruptOf } from '../output/interrupt.js';
import { KILL_AFTER_SECONDS } from '../../settings/run-flags.js';
import { stopTasks } from '../run/stop-task.js';
import { readValue } from '../options/read-value.js';
import { duration } from '../../settings/value-kind.js';

export const stopCommand: Command = {
  name: 'stop',
  summary: 'end running tasks, and agents whose orch was killed',
  usage: '[options] <TASK...>',
  operands: { min: 1, max: Infinity },
  options: [
    { flags: '--kill-after <time>', description: `time between SIGTERM and SIGKILL (default: ${KILL_AFTER_SECONDS}s)` },
    agentDirOption,
  ],
  examples: [
    { line: 'orch stop fix-tests', does: 'as Ctrl-C would; the recording is completed' },
    { line: 'orch stop --kill-after 1m latest', does: 'one that takes its time to end' },
  ],
  run: stopThem,
};

async function stopThem(line: ParsedLine, context: CliContext): Promise<number> {
  const killAfterMs = readValue(line.options, 'kill-after', duration) ?? KILL_AFTER_SECONDS * 1000;
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

/** Of several that one orch records it would end all. @throws OrchError BAD_ARGUMENT */
function refuseToEndOthers(entry: TaskEntry, chosen: readonly TaskEntry[], all: readonly TaskEntry[]): void {
  if (entry.type === 'unreadable') throw entry.problem;
  const { status, manifest } = entry;
  if (status !== 'running') return;
  const others = all.flatMap((other) =>
    other.type === 'task' &&
    other.status === 'running' &&
    other.manifest.pid === manifest.pid &&
    other.manifest.pidStart === manifest.pidStart &&
    !chosen.includes(other)
      ? [other.folder.id]
      : [],
  );
  if (others.length > 0)
    throw errors.badArgument(
      `${entry.folder.id} runs in one orch with ${others.join(', ')}, and all would end`,
      'name them all to end them',
    );
}
