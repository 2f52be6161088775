/** What a task is doing, or how it ended. `lost` is nothing anybody notes: it is found by whoever looks. */
export const AGENT_STATUSES = ['starting', 'working', 'waiting', 'idle', 'done', 'failed'] as const;

/** `waiting`: for the user, who has to answer something. `idle`: its turn is over, or it has long been silent. */
export type AgentStatus = (typeof AGENT_STATUSES)[number];

/**
 * How a status is known: the process started or ended, a hook of the agent's ran, its structured stream or an escape
 * sequence (OSC 7501) said so, it is to be read on its screen, or nothing but the flow of output tells.
 */
export const STATUS_SOURCES = ['exit', 'hook', 'stream', 'osc', 'screen', 'quiet'] as const;

export type StatusSource = (typeof STATUS_SOURCES)[number];

export interface AgentState {
  readonly status: AgentStatus;
  readonly source: StatusSource;
}

/** Whether an agent that says so has nothing more to do for now, well or not. */
export function isTurnOver(status: AgentStatus): boolean {
  return status === 'idle' || status === 'done' || status === 'failed';
}

/** What running an agent can come to. `unfinished`: it did nothing wrong, but never said that it was done. */
export const OUTCOMES = ['done', 'failed', 'timeout', 'unfinished'] as const;

export type Outcome = (typeof OUTCOMES)[number];

/** What a run cost, as far as the agent says. */
export interface Account {
  /** US dollars. */
  readonly cost?: number;
  readonly tokens?: { readonly input: number; readonly output: number };
}

/** What several runs cost together; what none of them says stays out. */
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

/** A status as an agent, or something around it, told it: a line of {@link STATUS_FILE}. */
export interface ReportedState extends AgentState, Account {
  /** Why, for one that failed. */
  readonly reason?: string;
}
