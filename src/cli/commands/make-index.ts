import { errors } from '../../core/errors.js';
import { ExitCode } from '../../core/exit-status.js';
import { findOwnAgentDir } from '../../store/layout/agent-dir.js';
import { resolveDefaultTask, resolveTask } from '../../store/task/resolve-task.js';
import { recordedEnd } from '../../store/log/segments.js';
import { readTask } from '../../store/task/task-reader.js';
import { formatBytes } from '../../view/print/format.js';
import { makeIndex } from '../../view/verify/make-index.js';
import { agentDirOption, agentDirQuery } from '../options/agent-dir-option.js';
import type { Command, ParsedLine } from '../options/command.js';
import type { CliContext } from '../options/context.js';
import { interruptOf } from '../output/interrupt.js';

/** How often the line on a terminal that says how far it is changes, ms. */
const PROGRESS_MS = 200;

export const indexCommand: Command = {
  name: 'index',
  summary: 'rebuild keyframes, and the time index if damaged',
  usage: '[options] [TASK]',
  operands: { min: 0, max: 1 },
  options: [agentDirOption],
  examples: [{ line: 'orch index nightly', does: 'so that reading can start in the middle of it' }],
  run: index,
};

async function index({ operands: [text], options }: ParsedLine, context: CliContext): Promise<number> {
  const agentDir = findOwnAgentDir(agentDirQuery({ options }, context));
  const folder = text === undefined ? resolveDefaultTask(agentDir) : resolveTask(agentDir, text);
  const entry = readTask(folder);
  if (entry.type === 'unreadable') throw entry.problem;
  if (entry.status === 'running')
    throw errors.badArgument(`${folder.id} still runs, and makes its own index`, 'wait until it has ended');
  const end = recordedEnd(folder.path);
  using interrupt = interruptOf(context);
  let saidAt = context.clock.monotonic();
  const { repaired, keyframes, bytes } = await makeIndex(folder, {
    signal: interrupt.signal,
    onReached: (offset) => {
      const now = context.clock.monotonic();
      if (!context.stderr.isTTY || now - saidAt < PROGRESS_MS) return;
      saidAt = now;
      void context.stderr.write(`\r${folder.id}: ${Math.floor((100 * offset) / end)} % of ${formatBytes(end)}`);
    },
  });
  if (context.stderr.isTTY) await context.stderr.write('\r\x1b[K');
  for (const { text: what } of repaired) await context.stdout.write(`${folder.id}: time index ${what}\n`);
  const stopped = interrupt.signal.aborted;
  const far = stopped ? 'stopped; so far ' : '';
  await context.stdout.write(`${folder.id}: ${far}${keyframes} keyframes, ${formatBytes(bytes)}\n`);
  return stopped ? ExitCode.interrupted : ExitCode.ok;
}
