import { type Backend, fitsArgument, type Invocation } from './backend.js';

/** With the equals sign a prompt may begin with a dash. */
function print(options: readonly string[], prompt: string): Invocation {
  return fitsArgument(prompt)
    ? { file: 'gemini', args: [...options, `--prompt=${prompt}`] }
    : { file: 'gemini', args: options, stdin: 'prompt' };
}

/** Gemini CLI, one answer printed as it comes. */
export const gemini: Backend = {
  name: 'gemini',
  summary: 'Gemini CLI',
  program: 'gemini',
  prompt: 'required',
  install: 'install Gemini CLI: npm install -g @google/gemini-cli',
  modes: [
    {
      name: 'print',
      summary: 'one answer, printed as it arrives',
      suits: 'both',
      invoke: (prompt) => ({ ...print([], prompt), session: (id) => [`--session-id=${id}`] }),
      resume: (session, prompt) => (prompt === undefined ? undefined : print([`--resume=${session}`], prompt)),
    },
  ],
};
