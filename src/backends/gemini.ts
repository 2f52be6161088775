import { type Backend, fitsArgument, type Invocation, type InvocationOptions } from './backend.js';

/** In a folder that it does not trust it asks about everything, whatever its arguments say; without anyone to ask it has only tools that read. */
const TRUSTING = { GEMINI_CLI_TRUST_WORKSPACE: 'true' };

/** With the equals sign a prompt may begin with a dash. */
function print(what: readonly string[], prompt: string, { ask }: InvocationOptions): Invocation {
  const args = ['--approval-mode', ask === true ? 'default' : 'yolo', ...what];
  const gemini = { file: 'gemini', ...(ask === true ? {} : { env: TRUSTING }) };
  return fitsArgument(prompt)
    ? { ...gemini, args: [...args, `--prompt=${prompt}`] }
    : { ...gemini, args, stdin: 'prompt' };
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
