/** The status of a task: what it is doing, or how it ended. `lost` is never recorded; a reader finds it. */
export const AGENT_STATUSES = ['starting', 'working', 'waiting', 'idle', 'done', 'failed'] as const;

/** `waiting`: for an answer of the user. `idle`: the agent's turn is over, or it has printed nothing for long. */
export type AgentStatus = (typeof AGENT_STATUSES)[number];

/**
 * Where a status comes from: the process started or ended, a hook of the agent ran, its structured stream or an escape
 * sequence (OSC 7501) reported it, its screen shows it, or it is inferred from when the agent prints.
 */
export const STATUS_SOURCES = ['exit', 'hook', 'stream', 'osc', 'screen', 'quiet'] as const;

type StatusSource = (typeof STATUS_SOURCES)[number];

export interface AgentState {
  readonly status: AgentStatus;
  readonly source: StatusSource;
  /** In one line, in the agent's words: what it waits for, or what went wrong. Not masked, and not printable as it is. */
  readonly reason?: string;
}

/** `waiting: permission - Bash(make)`: a status with its reason, as far as that is known; not printable as it is. */
export function stateText({ status, reason }: { readonly status: string; readonly reason?: string }): string {
  return reason === undefined ? status : `${status}: ${reason}`;
}

/** Whether the status means that the agent's turn is over, successful or not. */
export function isTurnOver(status: AgentStatus): boolean {
  return status === 'idle' || status === 'done' || status === 'failed';
}

/** The outcomes of running an agent. `unfinished`: it ended without an error, and never said that it was done. */
export const OUTCOMES = ['done', 'failed', 'timeout', 'unfinished'] as const;

export type Outcome = (typeof OUTCOMES)[number];

/** What a run cost, as far as the agent says. */
export interface Account {
  /** US dollars. */
  readonly cost?: number;
  readonly tokens?: { readonly input: number; readonly output: number };
}

/** The sum of several runs' costs; a field that no run reports is left out. */
export function sumOf(accounts: readonly Account[]): Account {
  const costs = accounts.flatMap(({ cost }) => cost ?? []);
  const tokens = accounts.flatMap((account) => account.tokens ?? []);
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  return {
    ...(costs.length === 0 ? {} : { cost: sum(costs) }),
    ...(tokens.length === 0
      ? {}
      : { tokens: { input: sum(tokens.map(({ input }) => input)), output: sum(tokens.map(({ output }) => output)) } }),
  };
}

/** In a task's folder: hooks of the agent, and programs around it, append to it what the agent is doing (docs/formats.md). */
export const STATUS_FILE = 'status.jsonl';

/** A line of {@link STATUS_FILE}. */
export interface StatusLine {
  readonly state?: ReportedState;
  /** The agent's own id of its session, with which it can go on. */
  readonly session?: string;
}

/** Whether a text may be an agent's id of a session: a word that no program takes for an option. */
export function isSessionId(text: string): boolean {
  return /^[A-Za-z0-9][\w.:/@+=-]{0,199}$/.test(text);
}

/** A status as the agent, or a program around it, reported it. */
export interface ReportedState extends AgentState, Account {}
