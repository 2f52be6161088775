import {
  AFTER_DENIAL,
  AFTER_TOOLS,
  ANSWER,
  BEFORE_SHELL,
  ERROR_MESSAGES,
  type ErrorStatus,
  NOTES_FILE,
  RECOVERED,
  type Scenario,
  SHELL_COMMAND,
  SHELL_OUTPUT,
} from './scenarios.js';

/** The modes of all agents that are tried, by the backend they are modes of. */
export const MODES = { claude: ['native', 'stream', 'print'], opencode: ['run', 'tui'] } as const;

export type Mode = (typeof MODES)[keyof typeof MODES][number];

export const SIZES = ['80x24', '120x40'] as const;

/** What is to be true of a run, however the agent itself sees it. */
interface Expected {
  /** orch's exit code. */
  readonly code: number;
  readonly verdict: 'done' | 'failed' | 'timeout';
  /** What the clean text says once, and only once. */
  readonly once: readonly string[];
}

export interface Case {
  readonly name: string;
  readonly scenario: Scenario;
  readonly signal?: NodeJS.Signals;
  readonly expected: Readonly<Record<Mode, Expected>>;
}

const done = (...once: readonly string[]): Expected => ({ code: 0, verdict: 'done', once });
const failed = (...once: readonly string[]): Expected => ({ code: 1, verdict: 'failed', once });
const killed = (code: number): Expected => ({ code, verdict: 'failed', once: [] });
/** It would go on for ever, were it not for its time-out. */
const endless: Expected = { code: 124, verdict: 'timeout', once: [] };

const everywhere = (expected: Expected): Case['expected'] => ({
  native: expected,
  stream: expected,
  print: expected,
  run: expected,
  tui: expected,
});

const claudeTools = [BEFORE_SHELL, `Bash(${SHELL_COMMAND})`, SHELL_OUTPUT, `Write(${NOTES_FILE})`, AFTER_TOOLS];
const opencodeTools = (written: string): readonly string[] => [
  BEFORE_SHELL,
  `$ ${SHELL_COMMAND}`,
  SHELL_OUTPUT,
  written,
  AFTER_TOOLS,
];

const claudeError = (status: ErrorStatus): string => `API Error: ${status} ${ERROR_MESSAGES[status]}`;

/** A request that the model refuses at once: opencode says what the model said, claude sets its own words before that. */
const refused = (status: ErrorStatus): Case['expected'] => ({
  ...everywhere(failed(claudeError(status))),
  run: failed(ERROR_MESSAGES[status]),
  // Says it twice itself.
  tui: failed(),
});

export const CASES: readonly Case[] = [
  { name: 'text', scenario: 'text', expected: everywhere(done(...ANSWER)) },
  {
    name: 'tools',
    scenario: 'tool',
    expected: {
      native: done(...claudeTools),
      stream: done(...claudeTools),
      print: done(AFTER_TOOLS),
      run: done(...opencodeTools(`Write ${NOTES_FILE}`)),
      tui: done(...opencodeTools(`Wrote ${NOTES_FILE}`)),
    },
  },
  {
    name: '529, then well',
    scenario: 'recovers',
    expected: { ...everywhere(done(RECOVERED)), stream: done('retry 1 of 2', 'retry 2 of 2', RECOVERED) },
  },
  {
    name: '529 for ever',
    scenario: 'overloaded',
    expected: {
      native: failed(claudeError(529)),
      stream: failed('retry 1 of 2', 'retry 2 of 2', claudeError(529)),
      print: failed(claudeError(529)),
      run: endless,
      tui: endless,
    },
  },
  { name: '400', scenario: 'bad-request', expected: refused(400) },
  { name: '401', scenario: 'wrong-key', expected: refused(401) },
  {
    name: 'a stream that is cut',
    scenario: 'cut',
    expected: { ...everywhere(failed('Connection to the API was lost')), run: endless, tui: endless },
  },
  { name: 'SIGINT', scenario: 'slow', signal: 'SIGINT', expected: everywhere(killed(130)) },
  { name: 'SIGTERM', scenario: 'slow', signal: 'SIGTERM', expected: everywhere(killed(143)) },
  {
    name: 'a permission that nobody gives',
    scenario: 'denied',
    expected: {
      // Both ask, and wait for a person.
      native: endless,
      tui: endless,
      stream: failed('permission denied: WebFetch', AFTER_DENIAL),
      print: failed(AFTER_DENIAL),
      run: failed('permission requested: webfetch'),
    },
  },
];
