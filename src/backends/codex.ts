import { type Backend, fitsArgument } from './backend.js';

/** OpenAI Codex, one task printed item by item. */
export const codex: Backend = {
  name: 'codex',
  summary: 'OpenAI Codex',
  program: 'codex',
  prompt: 'required',
  install: 'install Codex: npm install -g @openai/codex',
  modes: [
    {
      name: 'exec',
      summary: 'one task, printed as it happens',
      suits: 'both',
      invoke: (prompt) =>
        fitsArgument(prompt)
          ? { file: 'codex', args: ['exec', '--', prompt] }
          : { file: 'codex', args: ['exec', '-'], stdin: 'prompt' },
    },
  ],
};
