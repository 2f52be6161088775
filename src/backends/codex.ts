import { type Backend, fitsArgument, type Invocation } from './backend.js';

function exec(what: readonly string[], prompt: string): Invocation {
  return fitsArgument(prompt)
    ? { file: 'codex', args: ['exec', ...what, '--', prompt] }
    : { file: 'codex', args: ['exec', ...what, '-'], stdin: 'prompt' };
}

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
      invoke: (prompt) => exec([], prompt),
      resume: (session, prompt) => (prompt === undefined ? undefined : exec(['resume', session], prompt)),
      behaviour: { session: [/^session id: \S+$/] },
    },
  ],
};
