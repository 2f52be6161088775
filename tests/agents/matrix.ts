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
export const MODES = {
  claude: ['native', 'stream', 'print'],
  opencode: ['run', 'tui'],
  codex: ['exec', 'tui'],
  gemini: ['print'],
  copilot: ['stream', 'print'],
  qwen: ['stream', 'print'],
  pi: ['stream', 'print', 'tui'],
} as const;

/** A backend and a mode of it: `claude native`. */
export type Way = {
  [Backend in keyof typeof MODES]: `${Backend} ${(typeof MODES)[Backend][number]}`;
}[keyof typeof MODES];

export const SIZES = ['80x24', '120x40'] as const;

/** What is to be true of a run, however the agent itself sees it. */
interface Expected {
  /** orch's exit code. */
  readonly code: number;
  readonly verdict: 'done' | 'failed' | 'timeout';
  /** What the clean text says once, and only once. */
  readonly once: readonly string[];
  /** What the reason of the verdict says, besides others. */
  readonly reason?: string;
}

export interface Case {
  readonly name: string;
  readonly scenario: Scenario;
  readonly signal?: NodeJS.Signals;
  readonly expected: Readonly<Record<Way, Expected>>;
}

const done = (...once: readonly string[]): Expected => ({ code: 0, verdict: 'done', once });
const failed = (...once: readonly string[]): Expected => ({ code: 1, verdict: 'failed', once });
const killed = (code: number): Expected => ({ code, verdict: 'failed', once: [] });
/** It would go on for ever, were it not for its time-out. */
const endless: Expected = { code: 124, verdict: 'timeout', once: [] };

const everywhere = (expected: Expected): Case['expected'] => ({
  'claude native': expected,
  'claude stream': expected,
  'claude print': expected,
  'opencode run': expected,
  'opencode tui': expected,
  'codex exec': expected,
  'codex tui': expected,
  'gemini print': expected,
  'copilot stream': expected,
  'copilot print': expected,
  'qwen stream': expected,
  'qwen print': expected,
  'pi stream': expected,
  'pi print': expected,
  'pi tui': expected,
});

const claudeTools = [BEFORE_SHELL, `Bash(${SHELL_COMMAND})`, SHELL_OUTPUT, `Write(${NOTES_FILE})`, AFTER_TOOLS];
const opencodeTools = (written: string): readonly string[] => [
  BEFORE_SHELL,
  `$ ${SHELL_COMMAND}`,
  SHELL_OUTPUT,
  written,
  AFTER_TOOLS,
];

/** What codex runs, it shows; what it writes, it writes by a command. */
const codexTools = [BEFORE_SHELL, AFTER_TOOLS];

const copilotTools = [BEFORE_SHELL, `bash(${SHELL_COMMAND})`, SHELL_OUTPUT, `create(${NOTES_FILE})`, AFTER_TOOLS];
const qwenTools = [
  BEFORE_SHELL,
  `run_shell_command(${SHELL_COMMAND})`,
  SHELL_OUTPUT,
  `write_file(${NOTES_FILE})`,
  AFTER_TOOLS,
];
const piTools = [BEFORE_SHELL, `bash(${SHELL_COMMAND})`, SHELL_OUTPUT, `write(${NOTES_FILE})`, AFTER_TOOLS];

const claudeError = (status: ErrorStatus): string => `API Error: ${status} ${ERROR_MESSAGES[status]}`;

/** A request that the model refuses at once: opencode says what the model said, claude sets its own words before that. */
const refused = (status: ErrorStatus): Case['expected'] => ({
  ...everywhere(failed(claudeError(status))),
  'opencode run': failed(ERROR_MESSAGES[status]),
  // Says it twice itself.
  'opencode tui': failed(),
  'codex exec': failed(),
  'codex tui': failed(),
  'gemini print': failed(),
  'copilot stream': { ...failed(), reason: `${status}` },
  'copilot print': failed(),
  // Its words, and the reason of the verdict below them.
  'qwen stream': { ...failed(), reason: `[API Error: ${status} ${ERROR_MESSAGES[status]}]` },
  'qwen print': { ...failed(ERROR_MESSAGES[status]), reason: `[API Error: ${status} ${ERROR_MESSAGES[status]}]` },
  'pi stream': { ...failed(ERROR_MESSAGES[status]), reason: `${status}: ` },
  'pi print': failed(ERROR_MESSAGES[status]),
  'pi tui': failed(),
});

const piRetries = ['retry 1 of 3', 'retry 2 of 3', 'retry 3 of 3'];

export const CASES: readonly Case[] = [
  { name: 'text', scenario: 'text', expected: everywhere(done(...ANSWER)) },
  {
    name: 'tools',
    scenario: 'tool',
    expected: {
      'claude native': done(...claudeTools),
      'claude stream': done(...claudeTools),
      'claude print': done(AFTER_TOOLS),
      'opencode run': done(...opencodeTools(`Write ${NOTES_FILE}`)),
      'opencode tui': done(...opencodeTools(`Wrote ${NOTES_FILE}`)),
      'codex exec': done(...codexTools),
      'codex tui': done(...codexTools),
      'gemini print': done(BEFORE_SHELL, AFTER_TOOLS),
      'copilot stream': done(...copilotTools),
      'copilot print': done(BEFORE_SHELL, SHELL_COMMAND, `Create ${NOTES_FILE}`, AFTER_TOOLS),
      'qwen stream': done(...qwenTools),
      'qwen print': done(AFTER_TOOLS),
      'pi stream': done(...piTools),
      'pi print': done(AFTER_TOOLS),
      'pi tui': done(BEFORE_SHELL, `$ ${SHELL_COMMAND}`, SHELL_OUTPUT, `write ~/project/${NOTES_FILE}`, AFTER_TOOLS),
    },
  },
  {
    name: '529, then well',
    scenario: 'recovers',
    expected: {
      ...everywhere(done(RECOVERED)),
      'claude stream': done('retry 1 of 2', 'retry 2 of 2', RECOVERED),
      'copilot stream': done('retry 1: 529', 'retry 2: 529', RECOVERED),
      'pi stream': done('retry 1 of 3', 'retry 2 of 3', RECOVERED),
    },
  },
  {
    name: '529 for ever',
    scenario: 'overloaded',
    expected: {
      'claude native': failed(claudeError(529)),
      'claude stream': failed('retry 1 of 2', 'retry 2 of 2', claudeError(529)),
      'claude print': failed(claudeError(529)),
      'opencode run': endless,
      'opencode tui': endless,
      'codex exec': failed(),
      'codex tui': failed(),
      'gemini print': endless,
      'copilot stream': { ...failed('retry 1: 529', 'retry 5: 529'), reason: '529' },
      'copilot print': failed(),
      // They go on for a minute and a half.
      'qwen stream': endless,
      'qwen print': endless,
      'pi stream': { ...failed(...piRetries), reason: '529: ' },
      'pi print': failed(ERROR_MESSAGES[529]),
      'pi tui': failed(),
    },
  },
  { name: '400', scenario: 'bad-request', expected: refused(400) },
  { name: '401', scenario: 'wrong-key', expected: refused(401) },
  {
    name: 'a stream that is cut',
    scenario: 'cut',
    expected: {
      ...everywhere(failed('Connection to the API was lost')),
      'opencode run': endless,
      'opencode tui': endless,
      'codex exec': failed(),
      'codex tui': failed(),
      'gemini print': failed(),
      'copilot stream': { ...failed('retry 1: ', 'retry 5: '), reason: 'Failed to get response from the AI model' },
      'copilot print': failed(),
      // Goes on from where it was cut, of which the model does not know what to make.
      'qwen stream': done(),
      'qwen print': done(),
      'pi stream': failed(...piRetries),
      'pi print': failed(),
      'pi tui': failed(),
    },
  },
  {
    name: 'SIGINT',
    scenario: 'slow',
    signal: 'SIGINT',
    expected: { ...everywhere(killed(130)), 'codex exec': killed(1) },
  },
  { name: 'SIGTERM', scenario: 'slow', signal: 'SIGTERM', expected: everywhere(killed(143)) },
  {
    name: 'a permission that nobody gives',
    scenario: 'denied',
    expected: {
      // Both ask, and wait for a person.
      'claude native': endless,
      'opencode tui': endless,
      'claude stream': failed('permission denied: WebFetch', AFTER_DENIAL),
      'claude print': failed(AFTER_DENIAL),
      'opencode run': failed('permission requested: webfetch'),
      // Its sandbox has no network; of what fails in it, it tells the model alone.
      'codex exec': done(AFTER_DENIAL),
      'codex tui': done(AFTER_DENIAL),
      // It asks about nothing.
      'gemini print': done(AFTER_DENIAL),
      // There is no page to be had offline, and no tool for that.
      'copilot stream': done(AFTER_DENIAL),
      'copilot print': done(AFTER_DENIAL),
      'qwen stream': done(AFTER_DENIAL),
      'qwen print': done(AFTER_DENIAL),
      'pi stream': done(AFTER_DENIAL),
      'pi print': done(AFTER_DENIAL),
      'pi tui': done(AFTER_DENIAL),
    },
  },
];
