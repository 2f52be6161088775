import type { RunEvent, Timeout } from './run-events.js';
import type { TaskNotes } from './task-notes.js';

/** The state of the recording at an event, as notes about it need it. */
export interface NotedMoment {
  /** The absolute offset behind the last byte. */
  readonly offset: number;
  /** There may be several runs, each of which is announced. */
  readonly repeats: boolean;
  /** Time until SIGKILL after a signal, ms. */
  readonly killAfterMs: number;
}

/** Notes an agent's events beside the recording, and shows those that a person should know at once. */
export function noteRunEvent(
  notes: TaskNotes,
  event: Exclude<RunEvent, { readonly type: 'output' | 'exit' | 'again' | 'changed' | 'held' }>,
  { offset, repeats, killAfterMs }: NotedMoment,
): void {
  switch (event.type) {
    case 'start':
      notes.agentStarted(event.pid, offset);
      return;
    case 'iteration.start':
      notes.iterationStarted(event.number, offset, repeats);
      return;
    case 'iteration.end':
      notes.iterationEnded({ ...event.iteration, offset, announce: repeats });
      return;
    case 'status':
      notes.status(event.state, offset);
      return;
    case 'signal':
      notes.event({ type: 'signal', signal: event.signal, from: event.from });
      notes.info(`${event.signal} from ${event.from}, passed on to the agent`);
      return;
    case 'timeout':
      notes.say({ level: 'warn', text: `${TIMEOUT_TEXT[event.what]}: the agent is asked to end` });
      return;
    case 'kill':
      notes.say({
        level: 'warn',
        text: `the agent did not end within ${killAfterMs / 1000} s of ${event.signal}: killed`,
      });
      return;
    case 'leave':
      notes.info("the agent's turn is over: it is asked to exit");
      return;
    case 'stay':
      // What follows is a signal, which says why.
      return;
    case 'suspended':
      notes.event({ type: 'status', status: 'stopped', source: 'process', offset });
      notes.info('the agent is stopped by Ctrl-Z');
      return;
    case 'resumed':
      notes.event({ type: 'status', status: 'running', source: 'process', offset });
      notes.info('the agent goes on, as the client does whose Ctrl-Z it was');
      return;
    case 'stopped':
      notes.event({ type: 'status', status: 'stopped', source: 'process', offset });
      notes.say({ level: 'warn', text: `the agent is stopped; to continue it: kill -CONT -${event.pid}` });
      return;
    case 'continued':
      notes.event({ type: 'status', status: 'running', source: 'process', offset });
      notes.say({ level: 'info', text: 'the agent continues' });
      return;
  }
}

const TIMEOUT_TEXT: Readonly<Record<Timeout, string>> = {
  iteration: 'the agent takes too long',
  idle: 'the agent has printed nothing for too long',
};
