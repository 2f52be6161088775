import { fileURLToPath } from 'node:url';
import type { Backend, InvocationOptions, Invocation } from './backend.js';

/** What it may do unasked; its own *auto* mode would set a list of tools aside. */
const PERMISSIONS = ['--permission-mode', 'acceptEdits', '--allowedTools', 'Edit,Write,Bash,Read,Glob,Grep'];

/**
 * Its own interface, on the normal screen: of the alternate one nothing is left to scroll back to when it ends, and of a
 * long answer only the last screen could be read.
 */
const NORMAL_SCREEN = { CLAUDE_CODE_DISABLE_ALTERNATE_SCREEN: '1' };

/** Its events as JSON lines, words as they come: what claude-stream.ts draws. */
const EVENTS = ['-p', '--output-format', 'stream-json', '--verbose', '--include-partial-messages'];

function drawn(prompt: string, { execPath, promptFile }: InvocationOptions): Invocation {
  const program = fileURLToPath(new URL('./claude-stream.js', import.meta.url));
  const claude = ['--', 'claude', ...EVENTS, ...PERMISSIONS];
  const args = promptFile === undefined ? [...claude, '--', prompt] : ['--prompt-file', promptFile, ...claude];
  return { file: execPath, args: [program, ...args], needs: 'claude' };
}

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
      name: 'stream',
      summary: 'what it says and does, as it goes, and the truth about how it ended',
      suits: 'unattended',
      invoke: drawn,
    },
    {
      name: 'print',
      summary: 'its answer alone, at the end',
      invoke: (prompt) => ({ file: 'claude', args: ['-p', ...PERMISSIONS, '--', prompt] }),
    },
  ],
};
