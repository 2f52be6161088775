import { type Backend, fitsArgument } from './backend.js';

/** It tries for ever, without a word, where a model server does not answer; longer than a model thinks, ms. */
const IDLE_MS = 10 * 60_000;

/** opencode. `--` keeps a prompt such as `- [ ] mend it` from being read as a flag. */
export const opencode: Backend = {
  name: 'opencode',
  summary: 'opencode',
  program: 'opencode',
  prompt: 'required',
  install: 'install opencode: npm install -g opencode-ai',
  modes: [
    {
      name: 'run',
      summary: 'one turn, printed as it goes',
      suits: 'both',
      invoke: (prompt) =>
        fitsArgument(prompt)
          ? { file: 'opencode', args: ['run', '--', prompt] }
          : { file: 'opencode', args: ['run'], stdin: 'prompt' },
      // Its exit code is 0 when what it wanted to do was refused to it.
      behaviour: { signs: { failed: [/^! permission requested: .*; auto-rejecting$/] }, idleTimeoutMs: IDLE_MS },
    },
    {
      name: 'tui',
      summary: 'its own interface, within the lines of the terminal',
      invoke: (prompt) => ({ file: 'opencode', args: ['--mini', `--prompt=${prompt}`] }),
      behaviour: { idleTimeoutMs: IDLE_MS },
    },
  ],
};
