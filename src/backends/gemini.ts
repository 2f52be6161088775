import { type Backend, fitsArgument } from './backend.js';

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
      // With the equals sign a prompt may begin with a dash.
      invoke: (prompt) =>
        fitsArgument(prompt)
          ? { file: 'gemini', args: [`--prompt=${prompt}`] }
          : { file: 'gemini', args: [], stdin: 'prompt' },
    },
  ],
};
