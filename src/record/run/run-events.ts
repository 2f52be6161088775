import type { Account, AgentState, Outcome } from '../../core/agent-state.js';
import type { ExitStatus } from '../../core/exit-status.js';

/** The time limit that was exceeded. */
export type Timeout = 'iteration' | 'idle';

/** The events of one agent under its pseudo-terminal. */
export type AgentEvent =
  /** Its output; the bytes are valid during the call. */
  | { readonly type: 'output'; readonly bytes: Uint8Array }
  /** It is ended, because it exceeded a time limit. */
  | { readonly type: 'timeout'; readonly what: Timeout }
  /** It has not ended in time after `signal`, and is killed. */
  | { readonly type: 'kill'; readonly signal: NodeJS.Signals };

/** The events of a watched agent, its status included. */
export type WatchedEvent =
  | AgentEvent
  /** It has this status since now; it has had it for a second, perhaps again after others that did not last. */
  | { readonly type: 'changed' | 'held'; readonly state: AgentState }
  /** It has had this status for a second, which is another than before. */
  | { readonly type: 'status'; readonly state: AgentState }
  /** Its turn is over: it is asked to leave. */
  | { readonly type: 'leave' }
  /** It did not leave, or has no keys to leave by: it is ended by SIGTERM. */
  | { readonly type: 'stay' };

/** The events of an agent that is run once or in a loop. */
export type RunEvent =
  | WatchedEvent
  /** An iteration begins, from 1; a command, which is not judged, has none. */
  | { readonly type: 'iteration.start'; readonly number: number }
  /** It runs, as this process. */
  | { readonly type: 'start'; readonly pid: number }
  /** It runs, and is not the first. */
  | { readonly type: 'again' }
  /** It was sent a signal. */
  | { readonly type: 'signal'; readonly signal: NodeJS.Signals; readonly from: string }
  /** It is stopped by a key, or goes on because the client whose key that was does. */
  | { readonly type: 'suspended' | 'resumed' }
  /** It was stopped, or goes on. */
  | { readonly type: 'stopped' | 'continued'; readonly pid: number }
  /** It has ended, and all its output was emitted. Reports that count for its verdict must be made within this call. */
  | { readonly type: 'exit' }
  | { readonly type: 'iteration.end'; readonly iteration: EndedIteration };

/** One run that was judged. */
interface EndedIteration {
  /** From 1. */
  readonly number: number;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly status: ExitStatus;
  readonly ms: number;
  readonly account: Account;
}
