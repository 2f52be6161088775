import { ExitCode } from '../../core/exit-status.js';
import { printableJson } from '../../core/text/printable.js';
import { findAgentDir } from '../../store/layout/agent-dir.js';
import { listTasks, type TaskEntry } from '../../store/task/task-reader.js';
import { taskJson } from '../../view/tasks/task-json.js';
import { readClock } from '../../view/tasks/task-status.js';
import { taskTable } from '../../view/tasks/task-table.js';
import { agentDirOption, agentDirQuery } from '../options/agent-dir-option.js';
import { colourOption, paintFor } from '../options/colour-choice.js';
import type { Command, ParsedLine } from '../options/command.js';
import type { CliContext } from '../options/context.js';
import { failureLine } from '../output/report-failure.js';

export const lsCommand: Command = {
  name: 'ls',
  summary: 'list the recorded tasks and how they ended',
  usage: '[options]',
  operands: { min: 0, max: 0 },
  options: [{ flags: '--json', description: 'print a JSON array' }, agentDirOption, colourOption],
  examples: [
    { line: 'orch ls', does: 'the newest first' },
    { line: "orch ls --json | jq -r '.[0].id'", does: 'the id of the newest' },
  ],
  run: listThem,
};

async function listThem(line: ParsedLine, context: CliContext): Promise<number> {
  const entries = listTasks(findAgentDir(agentDirQuery(line, context)), context.clock).reverse();
  if (line.options.has('json')) await context.stdout.write(`${printableJson(entries.map(taskJson))}\n`);
  else if (entries.length === 0) await context.stderr.write('orch: no tasks yet — record one: orch run -b demo\n');
  else await context.stdout.write(tableFor(entries, line, context));
  return reportUnreadable(entries, context);
}

function tableFor(entries: readonly TaskEntry[], line: ParsedLine, context: CliContext): string {
  const { clock, stdout } = context;
  return taskTable(entries, { ...readClock(clock), columns: stdout.columns, paint: paintFor(line, context) });
}

async function reportUnreadable(entries: readonly TaskEntry[], { stderr }: CliContext): Promise<number> {
  const problems = entries.flatMap((entry) => (entry.type === 'unreadable' ? [failureLine(entry.problem)] : []));
  for (const problem of problems) await stderr.write(`${problem}\n`);
  return problems.length === 0 ? ExitCode.ok : ExitCode.damaged;
}
