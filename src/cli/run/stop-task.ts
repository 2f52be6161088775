import { type Clock, sleep } from '../../core/clock.js';
import { errnoCode, errors } from '../../core/errors.js';
import { killProcess } from '../../pty/process/kill-group.js';
import type { KnownProcess } from '../../store/layout/manifest.js';
import {
  isSameProcess,
  isStopped,
  processStart,
  sessionMembers,
  sessionOf,
} from '../../store/layout/process-identity.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
import { processesOfTask } from '../../store/layout/task-processes.js';
import { isRunning, readTask, type TaskEntry } from '../../store/task/task-reader.js';
import { orchVersion } from '../../core/version.js';
import { endText } from '../../view/tasks/task-status.js';

type RunningTask = Extract<TaskEntry, { type: 'task' }>;

export interface StopOptions {
  readonly clock: Clock;
  /** Time from SIGTERM to SIGKILL, ms. */
  readonly killAfterMs: number;
  /** Ends the waiting; signals already sent stay sent. */
  readonly signal: AbortSignal;
}

/** How often a process is checked, ms: only its parent is notified of its end. */
const LOOK_MS = 50;

/** The session of an agent: all that it has started, and that has not left it. */
interface AgentSession {
  readonly number: number;
  /** When its leader started; undefined where that has ended. */
  readonly leaderStart: string | undefined;
}

/**
 * Ends tasks, and gives `say` the result of each as it ends. Of a running task its orch is asked, which passes
 * SIGTERM on and notes the end; then, or where that was killed, all that lives of the agent's session. What has left that is named. A
 * process is only signalled while it is the one that was noted.
 *
 * @throws OrchError PROCESS_FOREIGN
 */
export async function stopTasks(
  entries: readonly TaskEntry[],
  options: StopOptions,
  say: (text: string) => Promise<void>,
): Promise<void> {
  // While the agent lives, its session can be known.
  const sessions = entries.map((entry) => (entry.type === 'task' ? sessionOfAgent(entry) : undefined));
  await tellRecorders(entries, options);
  await Promise.all(
    entries.map(async (entry, at) => {
      await say(await stopTask(entry, sessions[at], options));
    }),
  );
}

/** Of several that one orch records it would end all. @throws OrchError BAD_ARGUMENT */
export function refuseToEndOthers(entry: TaskEntry, chosen: readonly TaskEntry[], all: readonly TaskEntry[]): void {
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

/**
 * A host is asked. Other recorders are signalled, and a host that does not answer: one that records several tasks once, since it
 * passes every signal on to its agents.
 */
async function tellRecorders(entries: readonly TaskEntry[], options: StopOptions): Promise<void> {
  const running = entries.flatMap((entry) => (entry.type === 'task' && entry.status === 'running' ? entry : []));
  const asked = await Promise.all(running.map((entry) => isAsked(entry, options)));
  const recorders = new Map(
    running.flatMap(({ manifest: { pid, pidStart } }, at) => (asked[at] === true ? [] : [[pid, pidStart] as const])),
  );
  for (const [pid, pidStart] of recorders) {
    if (!isSameProcess(pid, pidStart)) continue;
    tell([pid], 'SIGTERM');
    // One that was stopped does not see that until it may go on.
    if (isStopped(pid)) tell([pid], 'SIGCONT');
  }
}

/** Whether the task has a host, and that has been asked to end it. */
async function isAsked({ folder, manifest }: RunningTask, { clock, signal }: StopOptions): Promise<boolean> {
  if (manifest.socket === undefined) return false;
  const { connectToHost } = await import('../../host/connect-to-host.js');
  const waiting = new AbortController();
  const stopWaiting = (): void => {
    waiting.abort();
  };
  signal.addEventListener('abort', stopWaiting);
  try {
    const connecting = { version: orchVersion(), onSlow: stopWaiting, signal: waiting.signal, clock };
    using host = await connectToHost(folder, connecting);
    host.stop();
    return true;
  } catch {
    return false;
  } finally {
    signal.removeEventListener('abort', stopWaiting);
  }
}

async function stopTask(entry: TaskEntry, session: AgentSession | undefined, options: StopOptions): Promise<string> {
  if (entry.type === 'unreadable') throw entry.problem;
  const { folder, status, living } = entry;
  if (status === 'running') await recorderEnds(folder, session, options);
  const members = living === undefined ? membersOf(session) : [living.pid];
  const end = await endSession(session, options);
  const ended =
    end === undefined ? '' : `: its ${processesText(members)} ${members.length === 1 ? 'was' : 'were'} ${end}`;
  // They may be meant to go on without it.
  const away = options.signal.aborted ? [] : processesOfTask(folder.path);
  const goingOn =
    away.length === 0
      ? ''
      : `; ${processesText(away)}, outside of its session, ${away.length === 1 ? 'lives' : 'live'} on`;
  return `${endText(readTask(folder))}${ended}${goingOn}`;
}

/** Its own --kill-after may be longer: then the agent is killed, never its recorder. */
async function recorderEnds(
  folder: TaskFolder,
  session: AgentSession | undefined,
  options: StopOptions,
): Promise<void> {
  const runs = (): boolean => isRunning(folder);
  if (!(await outlasts(runs, options.killAfterMs, options))) return;
  tell(membersOf(session), 'SIGKILL');
  await outlasts(runs, Infinity, options);
}

/** Ends what lives of a session, and says how; undefined: nothing does. */
async function endSession(
  session: AgentSession | undefined,
  options: StopOptions,
): Promise<'ended' | 'killed' | undefined> {
  const someLive = (): boolean => membersOf(session).length > 0;
  if (!someLive() || options.signal.aborted) return undefined;
  tell(membersOf(session), 'SIGTERM');
  // One that was stopped sees nothing but SIGKILL until it may go on.
  tell(membersOf(session), 'SIGCONT');
  if (!(await outlasts(someLive, options.killAfterMs, options))) return 'ended';
  tell(membersOf(session), 'SIGKILL');
  await outlasts(someLive, Infinity, options);
  return 'killed';
}

/** `processes 7, 8` */
function processesText(pids: readonly number[]): string {
  return `${pids.length === 1 ? 'process' : 'processes'} ${pids.join(', ')}`;
}

/** The session of an agent that lives, whether its recorder does or not; it is never that of its recorder. */
function sessionOfAgent({ manifest: { agent, pid }, status, living }: RunningTask): AgentSession | undefined {
  const known: KnownProcess | undefined = status === 'running' ? agent : living;
  if (known === undefined) return undefined;
  const number = sessionOf(known.pid);
  if (number === undefined || !isSameProcess(known.pid, known.pidStart) || number === sessionOf(pid)) return undefined;
  return { number, leaderStart: processStart(number) };
}

/** No other session gets its number while anybody of it lives; one that has got it later has a leader of its own. */
function membersOf(session: AgentSession | undefined): readonly number[] {
  if (session === undefined) return [];
  const leaderStart = processStart(session.number);
  return leaderStart === undefined || leaderStart === session.leaderStart ? sessionMembers(session.number) : [];
}

function tell(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      killProcess(pid, signal);
    } catch (error) {
      throw errnoCode(error) === 'EPERM' ? errors.processForeign(pid, error) : error;
    }
  }
}

/** Whether a condition still holds after `ms`; false as soon as it does not, or when the wait is aborted. */
async function outlasts(isSo: () => boolean, ms: number, { clock, signal }: StopOptions): Promise<boolean> {
  const until = clock.monotonic() + ms;
  while (isSo()) {
    if (signal.aborted) return false;
    if (clock.monotonic() >= until) return true;
    await sleep(clock, LOOK_MS, signal);
  }
  return false;
}
