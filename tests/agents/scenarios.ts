/**
 * What the scripted model does, whichever protocol it is asked by. A prompt names its scenario in brackets:
 * `[tool] Take the notes.`
 */

/** One answer of the model to one request. */
export type Answer =
  | { readonly type: 'text'; readonly text: string; readonly paceMs?: number }
  | { readonly type: 'tool'; readonly text: string; readonly call: ToolCall }
  /** The text begins, and then the connection is gone. */
  | { readonly type: 'cut'; readonly text: string }
  | { readonly type: 'error'; readonly status: ErrorStatus };

export interface ToolCall {
  readonly tool: 'shell' | 'write' | 'fetch';
  readonly input: Readonly<Record<string, string>>;
}

export type ErrorStatus = 400 | 401 | 529;

/** What of a request an answer depends on. */
export interface Conversation {
  /** The last thing the user said. */
  readonly prompt: string;
  /** How many tools have answered since. */
  readonly results: number;
  /** How often this very request was refused before. */
  readonly refusals: number;
  /** Where the agent works, for tools that want absolute paths; empty where it does not say. */
  readonly folder: string;
}

/** A line each, unlike any other, so that a log can be asked for each of them once. */
export const ANSWER = ['The first line of the answer.', 'A wide one: 日本語 and 🚀.', 'The last line of the answer.'];
export const RECOVERED = 'Recovered after the refusals.';
export const BEFORE_SHELL = 'I shall run a command first.';
export const SHELL_COMMAND = "printf 'the shell %s\\n' spoke";
export const SHELL_OUTPUT = 'the shell spoke';
export const NOTES_FILE = 'notes.md';
const NOTES_LINE = 'a line of the notes';
export const AFTER_TOOLS = 'Both tools have been used.';
const BEFORE_CUT = 'This answer ends in the mid';
const FETCHED_PAGE = 'http://127.0.0.1:9/page';
export const AFTER_DENIAL = 'I go on without the page.';
export const ERROR_MESSAGES: Readonly<Record<ErrorStatus, string>> = {
  400: 'the script says: bad request',
  401: 'the script says: wrong key',
  529: 'Overloaded',
};

/** As many refusals as a recovering model gives. */
const REFUSALS = 2;
/** Slow enough that whoever wants to interrupt a long answer can do so in the middle. */
const SLOW_LINES = 600;
const SLOW_MS = 100;

const paragraphs = (lines: readonly string[]): string => lines.join('\n\n');

const SCENARIOS = {
  text: () => ({ type: 'text', text: paragraphs(ANSWER) }),
  slow: () => ({
    type: 'text',
    text: paragraphs(Array.from({ length: SLOW_LINES }, (_, index) => `Slow line ${index + 1}.`)),
    paceMs: SLOW_MS,
  }),
  tool: ({ results, folder }) => {
    if (results === 0) {
      return { type: 'tool', text: BEFORE_SHELL, call: { tool: 'shell', input: { command: SHELL_COMMAND } } };
    }
    const input = { path: `${folder}/${NOTES_FILE}`, content: `${NOTES_LINE}\n` };
    if (results === 1) return { type: 'tool', text: '', call: { tool: 'write', input } };
    return { type: 'text', text: AFTER_TOOLS };
  },
  denied: ({ results }) =>
    results === 0
      ? { type: 'tool', text: '', call: { tool: 'fetch', input: { url: FETCHED_PAGE } } }
      : { type: 'text', text: AFTER_DENIAL },
  recovers: ({ refusals }) =>
    refusals < REFUSALS ? { type: 'error', status: 529 } : { type: 'text', text: RECOVERED },
  overloaded: () => ({ type: 'error', status: 529 }),
  'bad-request': () => ({ type: 'error', status: 400 }),
  'wrong-key': () => ({ type: 'error', status: 401 }),
  cut: () => ({ type: 'cut', text: BEFORE_CUT }),
} satisfies Record<string, (conversation: Conversation) => Answer>;

export type Scenario = keyof typeof SCENARIOS;

export const scenarioTag = (scenario: Scenario): string => `[${scenario}]`;

/** The answer to a request for which the user named a scenario; undefined for any other. */
export function answerTo(conversation: Conversation): Answer | undefined {
  const scenario = (Object.keys(SCENARIOS) as Scenario[]).find((name) =>
    conversation.prompt.includes(scenarioTag(name)),
  );
  return scenario === undefined ? undefined : SCENARIOS[scenario](conversation);
}
