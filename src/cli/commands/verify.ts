import { errors } from '../../core/errors.js';
import { ExitCode } from '../../core/exit-status.js';
import { printableJson } from '../../core/text/printable.js';
import { findAgentDir, findOwnAgentDir } from '../../store/layout/agent-dir.js';
import { resolveTask } from '../../store/task/resolve-task.js';
import { listTaskFolders, type TaskFolder } from '../../store/layout/task-folder.js';
import { untilHashed } from '../../store/task/hashing.js';
import { readTask } from '../../store/task/task-reader.js';
import type { Paint } from '../../view/print/colour.js';
import type { Finding } from '../../view/verify/finding.js';
import { findingLine, taskLine, type VerifiedJson, verifiedJson } from '../../view/verify/finding-line.js';
import { verifyTask } from '../../view/verify/verify-task.js';
import { agentDirOption, agentDirQuery } from '../options/agent-dir-option.js';
import { colourOption, paintFor } from '../options/colour-choice.js';
import type { Command, ParsedLine } from '../options/command.js';
import type { CliContext } from '../options/context.js';
import { interruptOf } from '../output/interrupt.js';

export const verifyCommand: Command = {
  name: 'verify',
  summary: 'check that recordings are complete, byte for byte',
  usage: '[options] [TASK...]',
  operands: { min: 0, max: Infinity },
  options: [
    { flags: '-A, --all-tasks', description: 'all recorded tasks (default: latest)' },
    { flags: '--repair', description: 'first rebuild derived files: a damaged time index, the end of a lost task' },
    { flags: '--json', description: 'print a JSON array' },
    { flags: '-q, --quiet', description: 'print nothing; the exit code is the result' },
    agentDirOption,
    colourOption,
  ],
  examples: [
    { line: 'orch verify', does: 'the newest task: bytes, hash, index, events' },
    { line: 'orch verify -A | grep FAIL', does: 'everything that is wrong' },
    { line: 'orch verify --repair nightly', does: 'after a crash' },
  ],
  run: verifyThem,
};

/** Exit code 4 where anything is missing or damaged, as the lines say. */
async function verifyThem(line: ParsedLine, context: CliContext): Promise<number> {
  const { options } = line;
  const tasks = tasksOf(line, context);
  const shown = options.has('quiet') || options.has('json') ? undefined : paintFor(line, context);
  using interrupt = interruptOf(context);
  const verified: VerifiedJson[] = [];
  for (const folder of tasks) {
    await untilHashed(folder, context.clock, interrupt.signal);
    const repairs = options.has('repair') ? await repaired(folder, context, interrupt.signal) : [];
    verified.push(await verifyOne(folder, repairs, { shown, context, signal: interrupt.signal }));
    if (interrupt.signal.aborted) return ExitCode.interrupted;
  }
  if (options.has('json') && !options.has('quiet')) await context.stdout.write(`${printableJson(verified)}\n`);
  return verified.every(({ ok }) => ok) ? ExitCode.ok : ExitCode.damaged;
}

function tasksOf(line: ParsedLine, context: CliContext): readonly TaskFolder[] {
  const { operands, options } = line;
  if (options.has('all-tasks') && operands.length > 0)
    throw errors.badArgument('--all-tasks and a task exclude each other', 'leave one out');
  const find = options.has('repair') ? findOwnAgentDir : findAgentDir;
  const agentDir = find(agentDirQuery(line, context));
  if (options.has('all-tasks')) return listTaskFolders(agentDir);
  return (operands.length === 0 ? ['latest'] : operands).map((text) => resolveTask(agentDir, text));
}

async function repaired(folder: TaskFolder, { clock }: CliContext, signal: AbortSignal): Promise<readonly Finding[]> {
  const { repairTask } = await import('../../view/verify/repair-task.js');
  return repairTask(folder, { clock, signal });
}

/** `shown`: each finding is printed as soon as it is known, painted so. */
async function verifyOne(
  folder: TaskFolder,
  repairs: readonly Finding[],
  { shown, context, signal }: { shown: Paint | undefined; context: CliContext; signal: AbortSignal },
): Promise<VerifiedJson> {
  const entry = readTask(folder);
  const findings = [...repairs];
  const show = async (text: (paint: Paint) => string): Promise<void> => {
    if (shown !== undefined) await context.stdout.write(text(shown));
  };
  await show((paint) => taskLine(entry, paint) + repairs.map((finding) => findingLine(finding, paint)).join(''));
  for await (const finding of verifyTask(folder, signal)) {
    findings.push(finding);
    await show((paint) => findingLine(finding, paint));
  }
  return verifiedJson(entry, findings);
}
