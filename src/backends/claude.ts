import type { Backend } from './backend.js';

/** What it may do unasked; its own *auto* mode would set a list of tools aside. */
const PERMISSIONS = ['--permission-mode', 'acceptEdits', '--allowedTools', 'Edit,Write,Bash,Read,Glob,Grep'];

/**
 * Its own interface, on the normal screen: of the alternate one nothing is left to scroll back to when it ends, and of a
 * long answer only the last screen could be read.
 */
const NORMAL_SCREEN = { CLAUDE_CODE_DISABLE_ALTERNATE_SCREEN: '1' };

/** Claude Code. `--` keeps a prompt such as `- [ ] mend it` from being read as a flag. */
export const claude: Backend = {
  name: 'claude',
  summary: 'Claude Code',
  program: 'claude',
  prompt: 'required',
  install: 'install Claude Code: npm install -g @anthropic-ai/claude-code',
  modes: [
    {
      name: 'native',
      summary: 'its own interface, to talk to',
      suits: 'attached',
      invoke: (prompt) => ({ file: 'claude', args: [...PERMISSIONS, '--', prompt], env: NORMAL_SCREEN }),
    },
    {
      name: 'print',
      summary: 'its answer alone, at the end',
      suits: 'unattended',
      invoke: (prompt) => ({ file: 'claude', args: ['-p', ...PERMISSIONS, '--', prompt] }),
    },
  ],
};
