import type { Backend } from './backend.js';

/** Claude Code, in its own full-screen interface. `--` keeps a prompt such as `- [ ] mend it` from being read as a flag. */
export const claude: Backend = {
  name: 'claude',
  summary: 'Claude Code',
  prompt: 'required',
  install: 'install Claude Code: npm install -g @anthropic-ai/claude-code',
  invoke: (prompt) => ({ file: 'claude', args: ['--', prompt] }),
};
