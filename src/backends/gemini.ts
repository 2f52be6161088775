import { type Backend, fitsArgument, type Invocation, type InvocationOptions } from './backend.js';

/** With the equals sign a prompt may begin with a dash. Where it cannot ask, it is not even offered the tools it would ask about. */
function print(what: readonly string[], prompt: string, { ask }: InvocationOptions): Invocation {
  const args = ['--approval-mode', ask ? 'default' : 'yolo', ...what];
  return fitsArgument(prompt)
    ? { file: 'gemini', args: [...args, `--prompt=${prompt}`] }
    : { file: 'gemini', args, stdin: 'prompt' };
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
      asks: true,
      invoke: (prompt, options) => ({ ...print([], prompt, options), session: (id) => [`--session-id=${id}`] }),
      resume: (session, prompt, options) =>
        prompt === undefined ? undefined : print([`--resume=${session}`], prompt, options),
    },
  ],
};
