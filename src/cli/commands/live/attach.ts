import { errors } from '../../../core/errors.js';
import { ExitCode } from '../../../core/exit-status.js';
import { inForeground } from '../../../pty/process/foreground.js';
import { findOwnAgentDir } from '../../../store/layout/agent-dir.js';
import type { TaskFolder } from '../../../store/layout/task-folder.js';
import { resolveDefaultTask, resolveTask } from '../../../store/task/resolve-task.js';
import { readTask } from '../../../store/task/task-reader.js';
import { type AttachEnd, type AttachOptions, AttachSession } from '../../attach/attach-session.js';
import { detachedLine } from '../../attach/detached-line.js';
import { reachHost } from '../../attach/reach-host.js';
import { agentDirOption, agentDirQuery } from '../../options/agent-dir-option.js';
import type { Command, OptionValues, ParsedLine } from '../../options/command.js';
import type { CliContext } from '../../options/context.js';
import { readValue } from '../../options/read-value.js';
import { DEFAULT_DETACH_KEYS, type DetachKeys, detachKeys } from '../../../settings/detach-keys.js';
import { countFromZero } from '../../../settings/value-kind.js';
import { endingSignals } from '../../output/ending-signals.js';

export const attachCommand: Command = {
  name: 'attach',
  summary: 'show a running task on this terminal, and type to it',
  usage: '[options] [TASK]',
  operands: { min: 0, max: 1 },
  options: [
    { flags: '-r, --read-only', description: 'only watch: what is typed here goes nowhere' },
    { flags: '--take', description: 'write at once, in the place of who does; the terminal takes on your size' },
    {
      flags: '--detach-keys <keys>',
      description: `the keys that leave it running (default: ${DEFAULT_DETACH_KEYS}); none: only closing the window does`,
    },
    {
      flags: '--history <n>',
      description: 'first, this many lines that have scrolled off, into the scrollback of your terminal (default: 0)',
    },
    agentDirOption,
  ],
  examples: [
    { line: 'orch attach', does: `the running task; ${DEFAULT_DETACH_KEYS} leaves it running` },
    { line: 'orch attach -r fix-tests', does: 'only watch: what you type goes nowhere' },
    { line: 'orch attach --take fix-tests', does: 'from another terminal, go on here' },
  ],
  run: attach,
};

async function attach(line: ParsedLine, context: CliContext): Promise<number> {
  const writing = writingOf(line.options);
  const keys =
    readValue(line.options, 'detach-keys', detachKeys) ?? detachKeys.read(DEFAULT_DETACH_KEYS, '--detach-keys');
  const history = readValue(line.options, 'history', countFromZero) ?? 0;
  const agentDir = findOwnAgentDir(agentDirQuery(line, context));
  const [named] = line.operands;
  const task = named === undefined ? resolveDefaultTask(agentDir) : resolveTask(agentDir, named);
  if (!(context.stdin.isTTY && context.stdout.isTTY && inForeground()))
    throw errors.badArgument('orch attach needs a terminal', `to follow it without one: orch logs -f ${task.id}`);
  const { end, exitCode } = await session(task, { writing, keys, history }, context);
  return tell(task, end, exitCode, context);
}

function writingOf(options: OptionValues): AttachOptions['writing'] {
  if (options.has('read-only') && options.has('take'))
    throw errors.badArgument('--read-only and --take exclude each other', 'give one of them');
  return options.has('read-only') ? 'never' : options.has('take') ? 'at-once' : 'when-typed';
}

interface Wishes extends Pick<AttachOptions, 'writing' | 'history'> {
  readonly keys: DetachKeys;
}

/** The terminal is put back when it returns. `exitCode`: of the signal that ended it. */
async function session(
  task: TaskFolder,
  { writing, keys, history }: Wishes,
  context: CliContext,
): Promise<{ readonly end: AttachEnd; readonly exitCode: number | undefined }> {
  const { clock, pid } = context;
  using signals = endingSignals(context);
  const options = { writing, detachKeys: keys, history, name: `process ${pid}`, clock };
  using attached = new AttachSession(task, options);
  try {
    const host = await reachHost(task, attached, signals.signal, context);
    attached.takeTerminal();
    return { end: await attached.run(host, signals.signal), exitCode: signals.exitCode };
  } catch (error) {
    if (signals.exitCode === undefined) throw error;
    return { end: { type: 'detached', by: 'hangup' }, exitCode: signals.exitCode };
  }
}

async function tell(
  { id, path }: TaskFolder,
  end: AttachEnd,
  exitCode: number | undefined,
  { stderr }: CliContext,
): Promise<number> {
  switch (end.type) {
    case 'ended':
      await stderr.write(`${end.said}\n`);
      return end.code;
    case 'detached':
      if (end.by === 'hangup') return exitCode ?? ExitCode.io;
      await stderr.write(`${detachedLine(id)}\n`);
      return ExitCode.ok;
    case 'lost': {
      if (end.error !== undefined) throw end.error;
      const entry = readTask({ id, path });
      if (entry.type === 'unreadable') throw entry.problem;
      if (entry.status === 'running') throw errors.hostUnreachable(id, 'it has closed the connection');
      throw errors.taskNotRunning(id, entry.status === 'lost' ? 'its host was killed' : `it is ${entry.status}`);
    }
  }
}
