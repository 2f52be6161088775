import { existsSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { errors, OrchError, reason } from '../../core/errors.js';
import { ExitCode } from '../../core/exit-status.js';
import { findOwnAgentDir } from '../../store/layout/agent-dir.js';
import { isTaskId, type TaskFolder } from '../../store/layout/task-folder.js';
import { prunableTask, type Staying } from '../../store/prune/prunable-tasks.js';
import { removeTask } from '../../store/prune/remove-task.js';
import { trashPaths } from '../../store/prune/trash.js';
import { resolveTask } from '../../store/task/resolve-task.js';
import { listTasks } from '../../store/task/task-reader.js';
import { formatBytes } from '../../view/print/format.js';
import { agentDirOption, agentDirQuery } from '../options/agent-dir-option.js';
import type { Command, ParsedLine } from '../options/command.js';
import type { CliContext } from '../options/context.js';
import { killAfter, killAfterOption } from '../options/kill-after-option.js';
import { interruptOf } from '../output/interrupt.js';
import { reportFailure } from '../output/report-failure.js';
import { STAYING } from '../output/staying.js';
import { refuseToEndOthers, type StopOptions, stopTasks } from '../run/stop-task.js';

export const rmCommand: Command = {
  name: 'rm',
  summary: 'remove tasks that have ended, with their recordings',
  usage: '[options] <TASK...>',
  operands: { min: 1, max: Infinity },
  options: [
    { flags: '--stop', description: 'end those that run first, as orch stop does' },
    killAfterOption,
    agentDirOption,
  ],
  examples: [
    { line: 'orch rm latest fix-tests', does: 'by name, id or latest; one that runs stays' },
    { line: 'orch rm --stop fix-tests', does: 'end it, and remove it' },
  ],
  run: removeThem,
};

/** Each task is removed whole or not at all, whatever becomes of the others. Exit code 1 where one of several stays. */
async function removeThem(line: ParsedLine, context: CliContext): Promise<number> {
  const killAfterMs = killAfter(line.options);
  const agentDir = findOwnAgentDir(agentDirQuery(line, context));
  const codes: number[] = [];
  const fail = async (error: unknown): Promise<void> => {
    codes.push(await reportFailure(error, context));
  };
  const tasks = await named(agentDir, line.operands, fail);
  using interrupt = interruptOf(context);
  const { signal } = interrupt;
  const stopped: ReadonlySet<string> = line.options.has('stop')
    ? await stop(agentDir, tasks, { killAfterMs, signal, fail }, context)
    : new Set();
  for (const task of tasks) {
    if (signal.aborted) return ExitCode.interrupted;
    try {
      await context.stdout.write(`${await remove(agentDir, task, stopped, context)}\n`);
    } catch (error) {
      await fail(error);
    }
  }
  const [code = ExitCode.ok] = codes;
  return line.operands.length > 1 && code !== ExitCode.ok ? ExitCode.io : code;
}

type Fail = (error: unknown) => Promise<void>;

/** The tasks that these names mean, each once; a name without one is reported. */
async function named(agentDir: string, names: readonly string[], fail: Fail): Promise<readonly TaskFolder[]> {
  const found = new Map<string, TaskFolder>();
  for (const name of names) {
    try {
      if (isTaskId(name) && isLink(join(agentDir, name))) throw errors.taskSymlink(join(agentDir, name));
      const task = resolveTask(agentDir, name);
      found.set(task.id, task);
    } catch (error) {
      await fail(error);
    }
  }
  return [...found.values()];
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

interface Stopping extends Omit<StopOptions, 'clock'> {
  readonly fail: Fail;
}

/** Ends those that run, or whose agent outlived its orch, and gives their ids. */
async function stop(
  agentDir: string,
  tasks: readonly TaskFolder[],
  { fail, ...options }: Stopping,
  { clock, stdout }: CliContext,
): Promise<ReadonlySet<string>> {
  const all = listTasks(agentDir);
  const living = all.filter(
    (entry) =>
      entry.type === 'task' &&
      (entry.status === 'running' || entry.living !== undefined) &&
      tasks.some(({ id }) => id === entry.folder.id),
  );
  try {
    for (const entry of living) refuseToEndOthers(entry, living, all);
    await stopTasks(living, { clock, ...options }, async (text) => {
      await stdout.write(`${text}\n`);
    });
  } catch (error) {
    await fail(error);
  }
  return new Set(living.map(({ folder }) => folder.id));
}

/** Removes a task, and says so in a line. Throws where it stays. */
async function remove(
  agentDir: string,
  { id, path }: TaskFolder,
  stopped: ReadonlySet<string>,
  { clock }: CliContext,
): Promise<string> {
  const now = clock.now();
  const { stays, bytes } = prunableTask({ id, path }, { now, spared: new Set() });
  // One that was ended here ran here, and in no other container.
  if (stays !== undefined && !(stays === 'written' && stopped.has(id))) throw refusal(id, stays);
  try {
    const removal = await removeTask(agentDir, id, now);
    if (removal === 'runs') throw refusal(id, removal);
    return removal === 'gone' ? `${id} removed, by another process` : `${id} removed, ${formatBytes(bytes)}`;
  } catch (error) {
    if (error instanceof OrchError) throw error;
    throw existsSync(path)
      ? errors.taskStays(id, `it cannot be removed: ${reason(error)}`, `fix the permissions of ${path}`)
      : errors.taskHalfRemoved(id, trashPaths(agentDir, id), error);
  }
}

function refusal(id: string, why: Staying): OrchError {
  return errors.taskStays(id, STAYING[why], fixOf(id, why));
}

function fixOf(id: string, why: Staying): string {
  switch (why) {
    case 'runs':
    case 'lives':
      return `orch rm --stop ${id} ends it first`;
    case 'newer':
      return 'remove it with that';
    case 'written':
    case 'spared':
      return 'try again in a minute';
  }
}
