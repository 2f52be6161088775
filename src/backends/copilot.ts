import { type Backend, fitsArgument, type Invocation, type InvocationOptions } from './backend.js';
import { drawn } from './drawn.js';

/** All its tools, in the working folder and that of temporary files; without anyone to ask it refuses what it would ask about. */
function permissions({ ask }: InvocationOptions): readonly string[] {
  return ask === true ? [] : ['--allow-all-tools'];
}

/** With the equals sign a prompt may begin with a dash. */
const saying = (prompt: string): readonly string[] => [`--prompt=${prompt}`];

function stream(prompt: string, options: InvocationOptions, session?: string): Invocation {
  const args = ['--output-format', 'json', ...permissions(options), ...resuming(session)];
  // Its JSON has the id in the last line alone.
  const newSession = session === undefined ? { newSession: '--session-id' } : {};
  return drawn({ agent: 'copilot', args, saying, ...newSession }, prompt, options);
}

function print(prompt: string, options: InvocationOptions, session?: string): Invocation {
  const args = [...permissions(options), ...resuming(session)];
  return fitsArgument(prompt)
    ? { file: 'copilot', args: [...args, ...saying(prompt)] }
    : { file: 'copilot', args, stdin: 'prompt' };
}

function resuming(session: string | undefined): readonly string[] {
  return session === undefined ? [] : [`--resume=${session}`];
}

/** GitHub Copilot CLI. */
export const copilot: Backend = {
  name: 'copilot',
  summary: 'GitHub Copilot CLI',
  program: 'copilot',
  prompt: 'required',
  install: 'install GitHub Copilot CLI: npm install -g @github/copilot',
  modes: [
    {
      name: 'stream',
      summary: 'its progress, as it happens; the exit code says how it ended',
      suits: 'both',
      asks: true,
      invoke: (prompt, options) => stream(prompt, options),
      resume: (session, prompt, options) => (prompt === undefined ? undefined : stream(prompt, options, session)),
      behaviour: { drawsStatus: true },
    },
    {
      name: 'print',
      summary: 'its own account of what it does',
      asks: true,
      invoke: (prompt, options) => ({ ...print(prompt, options), session: (id) => [`--session-id=${id}`] }),
      resume: (session, prompt, options) => (prompt === undefined ? undefined : print(prompt, options, session)),
      // Its exit code is 0 when a permission was refused. With escapes, because one such character makes the whole command load
      // slower (scripts/build.mjs).
      behaviour: { patterns: { failed: [/^\u2514 \u2717 Denied, /] } },
    },
  ],
};
