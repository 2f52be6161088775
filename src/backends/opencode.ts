import type { Backend, Invocation, InvocationOptions } from './backend.js';

/** Longer than a model thinks, ms: opencode retries for ever, silently, where a model server does not answer. */
const IDLE_MS = 10 * 60_000;

// With `\u25a3` and the like, because one such character makes the whole command load slower (scripts/build.mjs).
/** The line that ends every turn of its interface. */
const TURN_END = /^\u25a3 .+ \u00b7 \d[\d.]*m?s$/;

/** What it asks about besides what its own settings say; it has no argument for that. */
const ASKS = { OPENCODE_PERMISSION: JSON.stringify({ edit: 'ask', bash: 'ask', webfetch: 'ask' }) };

function opencodeWith(args: readonly string[], { ask }: InvocationOptions, hasPrompt = true): Invocation {
  return {
    file: 'opencode',
    args,
    ...(hasPrompt ? { stdin: 'prompt' } : {}),
    ...(ask === true ? { env: ASKS } : {}),
  };
}

/**
 * opencode. Its prompt is always its standard input: as an argument it would be put into quotes where it has blanks. Its
 * interface takes its keys from the terminal all the same.
 */
export const opencode: Backend = {
  name: 'opencode',
  summary: 'opencode',
  program: 'opencode',
  prompt: 'required',
  install: 'install opencode: npm install -g opencode-ai',
  modes: [
    {
      name: 'run',
      summary: 'one turn, printed as it happens',
      suits: 'both',
      asks: true,
      invoke: (_, options) => opencodeWith(['run'], options),
      resume: (session, prompt, options) =>
        prompt === undefined ? undefined : opencodeWith(['run', '-s', session], options),
      // Its exit code is 0 when a permission was refused.
      behaviour: { patterns: { failed: [/^! permission requested: .*; auto-rejecting$/] }, idleTimeoutMs: IDLE_MS },
    },
    {
      name: 'tui',
      summary: 'its own interface, within the lines of the terminal',
      asks: true,
      invoke: (_, options) => opencodeWith(['--mini'], options),
      resume: (session, prompt, options) => opencodeWith(['--mini', '-s', session], options, prompt !== undefined),
      behaviour: {
        // When it leaves.
        session: [/(?:^| )Continue +opencode --mini -s ses_\w+$/],
        patterns: {
          waiting: [/^\u25b3 Permission required$/],
          done: [TURN_END],
          // The message of an error is shown above and below the line that ends every turn.
          failed: [{ source: TURN_END.source, flags: '', betweenEqualLines: true }],
        },
        leave: ['/exit', '\r'],
        idleTimeoutMs: IDLE_MS,
      },
    },
  ],
};
