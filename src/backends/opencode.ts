import type { Backend } from './backend.js';

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
      invoke: (prompt) => ({ file: 'opencode', args: ['run', '--', prompt] }),
    },
    {
      name: 'tui',
      summary: 'its own interface, within the lines of the terminal',
      invoke: (prompt) => ({ file: 'opencode', args: ['--mini', `--prompt=${prompt}`] }),
    },
  ],
};
