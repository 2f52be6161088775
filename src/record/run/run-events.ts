import type { Account, AgentState, Outcome } from '../../core/agent-state.js';
import type { ExitStatus } from '../../core/exit-status.js';

/** What took too long. */
export type Timeout = 'iteration' | 'idle';

/** What happens to one agent under its pseudo-terminal. */
export type AgentEvent =
  /** It printed this, which is there for as long as the call lasts. */
  | { readonly type: 'output'; readonly bytes: Uint8Array }
  /** It has to end, because it took too long. */
  | { readonly type: 'timeout'; readonly what: Timeout }
  /** It has not ended in time after `signal`, and is killed. */
  | { readonly type: 'kill'; readonly signal: NodeJS.Signals };

/** The same, and what is known of it by what it says. */
export type WatchedEvent =
  | AgentEvent
  /** It has had this status for a second. */
  | { readonly type: 'status'; readonly state: AgentState }
  /** Its turn is over: it is asked to leave. */
  | { readonly type: 'leave' }
  /** It did not leave, or knows no other way: it has to be ended by SIGTERM. */
  | { readonly type: 'stay' };

/** What happens to an agent that is run once, or again and again. */
export type RunEvent =
  | WatchedEvent
  /** One of several runs begins, from 1; of a command nobody judges there is only one, which is none of these. */
  | { readonly type: 'iteration.start'; readonly number: number }
  /** It runs, as this process. */
  | { readonly type: 'start'; readonly pid: number }
  /** It runs, and is not the first. */
  | { readonly type: 'again' }
  /** It was sent a signal, from somewhere. */
  | { readonly type: 'signal'; readonly signal: NodeJS.Signals; readonly from: string }
  /** It was stopped, or goes on. */
  | { readonly type: 'stopped' | 'continued'; readonly pid: number }
  /** It has ended, and all its output has been given. What is to count when it is judged has to be told in this call. */
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
