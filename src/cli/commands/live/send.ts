import { ExitCode } from '../../../core/exit-status.js';
import type { Message } from '../../../host/message.js';
import { duration } from '../../../settings/value-kind.js';
import { findOwnAgentDir } from '../../../store/layout/agent-dir.js';
import type { TaskFolder } from '../../../store/layout/task-folder.js';
import { resolveTask } from '../../../store/task/resolve-task.js';
import { readTask } from '../../../store/task/task-reader.js';
import { AWAITED, type Awaited } from '../../../view/tasks/await-status.js';
import { endText, shownStatus } from '../../../view/tasks/task-status.js';
import { messageOf } from '../../attach/message.js';
import { openTask } from '../../attach/reach-host.js';
import { agentDirOption, agentDirQuery } from '../../options/agent-dir-option.js';
import type { Command, ParsedLine } from '../../options/command.js';
import type { CliContext } from '../../options/context.js';
import { readValue } from '../../options/read-value.js';
import { timeLimit, timeoutOption } from '../../options/timeout-option.js';
import { interruptOf } from '../../output/interrupt.js';

export const sendCommand: Command = {
  name: 'send',
  summary: 'type a text, or keys, to a running task',
  usage: '[options] <TASK> [text...|-]',
  operands: { min: 1, max: Infinity },
  options: [
    { flags: '--file <file>', description: 'the text is in this file' },
    {
      flags: '--keys <keys>',
      description:
        'press these behind the text, in place of Enter, with commas between: enter, tab, escape, up, page-down, f1, y; and with modifiers, such as ctrl-c, alt-b, shift-tab',
    },
    { flags: '--no-enter', description: 'press nothing behind the text' },
    { flags: '--answer', description: 'answer the question that it waits with; refused when it waits with none' },
    { flags: '--wait <status>', description: 'then wait for this status, as orch wait does', choices: AWAITED },
    timeoutOption,
    agentDirOption,
  ],
  examples: [
    { line: 'orch send fix-tests "add docs" --wait idle', does: 'a prompt, until it is answered' },
    { line: 'orch send fix-tests --answer --keys 1', does: 'answer its question' },
    { line: 'git diff | orch send fix-tests -', does: 'what is piped in, as one paste' },
  ],
  run: send,
};

async function send(line: ParsedLine, context: CliContext): Promise<number> {
  const { options, operands } = line;
  const timeoutMs = readValue(options, 'timeout', duration);
  const wanted = AWAITED.find((word) => word === options.text('wait'));
  const task = resolveTask(findOwnAgentDir(agentDirQuery(line, context)), operands[0] ?? '');
  const message = await messageOf(line, task.id, context);
  using interrupt = interruptOf(context, ['SIGINT', 'SIGTERM', 'SIGHUP']);
  using limit = timeLimit(interrupt.signal, timeoutMs, context.clock);
  const progress: Progress = { stage: 'waits' };
  const code = await sendAndWait(task, message, wanted, progress, limit.signal, context);
  if (code !== undefined) return code;
  await context.stderr.write(`${left(progress, task)}\n`);
  return interrupt.signal.aborted ? interrupt.exitCode : ExitCode.timeout;
}

/** How far the message has come. */
interface Progress {
  stage: 'waits' | 'is-typed' | 'sent';
}

/** The exit code; undefined where `signal` has ended it. */
async function sendAndWait(
  task: TaskFolder,
  message: Message,
  wanted: Awaited | undefined,
  progress: Progress,
  signal: AbortSignal,
  context: CliContext,
): Promise<number | undefined> {
  try {
    using connection = await openTask(task, signal, context);
    const leave = (): void => {
      connection[Symbol.dispose]();
    };
    signal.addEventListener('abort', leave);
    if (signal.aborted) leave();
    const sent = await connection.send(message, () => (progress.stage = 'is-typed'));
    progress.stage = 'sent';
    if (wanted === undefined) return ExitCode.ok;
    const isReached = await connection.hold(wanted, sent);
    if (signal.aborted && !isReached) return undefined;
    const entry = readTask(task);
    if (entry.type === 'unreadable') throw entry.problem;
    await context.stdout.write(`${endText(entry)}\n`);
    return isReached || shownStatus(entry) === wanted ? ExitCode.ok : ExitCode.io;
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

/** What has become of a message whose sender has left. */
function left({ stage }: Progress, { id, path }: TaskFolder): string {
  switch (stage) {
    case 'waits':
      return `orch: nothing was sent to ${id}`;
    case 'is-typed':
      return `orch: ${id} has not read all of the text yet; what is left is typed when it does`;
    case 'sent':
      return `orch: the text was sent; ${endText(readTask({ id, path }))}`;
  }
}
