import type { Backend } from './backend.js';

/** opencode, one turn of it printed as it goes. `--` keeps a prompt such as `- [ ] mend it` from being read as a flag. */
export const opencode: Backend = {
  name: 'opencode',
  summary: 'opencode',
  prompt: 'required',
  install: 'install opencode: npm install -g opencode-ai',
  invoke: (prompt) => ({ file: 'opencode', args: ['run', '--', prompt] }),
};
