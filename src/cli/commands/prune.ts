import { loadConfig } from '../../config/load-config.js';
import { errors, reason } from '../../core/errors.js';
import { ExitCode } from '../../core/exit-status.js';
import { printable } from '../../core/text/printable.js';
import type { Retention } from '../../core/retention.js';
import { findOwnAgentDir } from '../../store/layout/agent-dir.js';
import { type Prunee, type PruneOptions, prune } from '../../store/prune/prune.js';
import { plain } from '../../view/print/colour.js';
import { counted, formatBytes, formatOld } from '../../view/print/format.js';
import { statusText } from '../../view/tasks/task-status.js';
import { agentDirOption, agentDirQuery } from '../options/agent-dir-option.js';
import type { Command, ParsedLine, OptionValues } from '../options/command.js';
import type { CliContext } from '../options/context.js';
import { interruptOf } from '../output/interrupt.js';
import { STAYING } from '../output/staying.js';
import { readValue } from '../options/read-value.js';
import { countFromZero, duration } from '../../settings/value-kind.js';

export const pruneCommand: Command = {
  name: 'prune',
  summary: 'remove old tasks, as flags or orch.yml say',
  usage: '[options]',
  operands: { min: 0, max: 0 },
  options: [
    { flags: '--dry-run', description: 'print what would be removed, and remove nothing' },
    { flags: '--older-than <time>', description: 'remove tasks that ended longer ago than this' },
    { flags: '--keep <n>', description: 'remove all ended tasks but the newest n' },
    agentDirOption,
  ],
  examples: [
    { line: 'orch prune', does: 'remove tasks as retention in orch.yml says' },
    { line: 'orch prune --older-than 7d', does: 'remove tasks that ended over a week ago' },
    { line: 'orch prune --keep 20 --dry-run', does: 'print what would be removed' },
  ],
  run: pruneThem,
};

/** Exit code 1 where something could not be removed. */
async function pruneThem(line: ParsedLine, context: CliContext): Promise<number> {
  const { options } = line;
  const retention = limitsIn(options) ?? (await loadConfig(context.cwd)).retention;
  if (retention === undefined)
    throw errors.badArgument(
      'nothing says which tasks to remove',
      'give --older-than 7d or --keep 20, or set retention in orch.yml',
    );
  const agentDir = findOwnAgentDir(agentDirQuery(line, context));
  using interrupt = interruptOf(context);
  const now = context.clock.now();
  const { signal } = interrupt;
  return await report(agentDir, retention, { now, signal, spared: new Set(), dryRun: options.has('dry-run') }, context);
}

/** The limits in the flags; undefined where none is given. @throws OrchError BAD_ARGUMENT */
function limitsIn(options: OptionValues): Retention | undefined {
  const maxAgeMs = readValue(options, 'older-than', duration);
  const maxTasks = readValue(options, 'keep', countFromZero);
  return maxAgeMs === undefined && maxTasks === undefined
    ? undefined
    : { maxAgeMs, maxTasks, maxTotalBytes: undefined };
}

async function report(
  agentDir: string,
  retention: Retention,
  options: PruneOptions,
  { stdout, stderr }: CliContext,
): Promise<number> {
  let tasks = 0;
  let bytes = 0;
  let failed = 0;
  for await (const step of prune(agentDir, retention, options)) {
    if (step.type === 'passed') {
      await stderr.write(
        `orch: ${step.id} stays: ${STAYING[step.why]}${step.why === 'lives' ? '; orch stop ends it' : ''}\n`,
      );
      continue;
    }
    if (step.type === 'failed') {
      failed++;
      await stderr.write(printable(`orch: ${step.what.id} cannot be removed: ${reason(step.error)}`) + '\n');
      continue;
    }
    tasks++;
    bytes += step.what.bytes;
    await stdout.write(`${lineOf(step.what, options.now)}\n`);
  }
  await stdout.write(`${counted(tasks, 'task')}, ${formatBytes(bytes)}\n`);
  if (options.signal?.aborted === true) return ExitCode.interrupted;
  return failed === 0 ? ExitCode.ok : ExitCode.io;
}

/** `task-1767322995-1 done, 3 days old, 1.2 GB` */
function lineOf(what: Prunee, now: number): string {
  const size = formatBytes(what.bytes);
  if (what.type === 'leftover') return `${what.id} partly removed before, ${size}`;
  return `${what.id} ${statusText(what.entry, plain)}, ${formatOld(now - what.ended)}, ${size}`;
}
