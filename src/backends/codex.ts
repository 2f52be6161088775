import { type Backend, fitsArgument, type Invocation, type InvocationOptions } from './backend.js';

/** By itself it reads only, and says nothing of it; the sandbox it writes in is the working folder. */
function sandbox({ ask }: InvocationOptions): readonly string[] {
  return ['--sandbox', ask ? 'read-only' : 'workspace-write'];
}

/** It works in the folder that orch is started in, outside of a git repository, too. */
function exec(what: readonly string[], prompt: string, options: InvocationOptions): Invocation {
  const args = ['exec', '--skip-git-repo-check', ...sandbox(options), ...what];
  return fitsArgument(prompt)
    ? { file: 'codex', args: [...args, '--', prompt] }
    : { file: 'codex', args: [...args, '-'], stdin: 'prompt' };
}

/** It would start a server that outlives it, and leave its task to that. As a setting, for versions that have no such feature. */
const OF_ITS_OWN = ['-c', 'features.daemon_auto_start=false'];

/** On the normal screen: of the alternate one nothing is left to scroll back to when it ends. */
function tui(what: readonly string[], prompt: string | undefined, options: InvocationOptions): Invocation {
  const args = [...what, '--no-alt-screen', ...OF_ITS_OWN, '--ask-for-approval', 'on-request', ...sandbox(options)];
  if (prompt === undefined) return { file: 'codex', args };
  // Its keys come from its standard input: a prompt that is no argument stays in its file.
  return {
    file: 'codex',
    args: fitsArgument(prompt)
      ? [...args, '--', prompt]
      : (promptFile) => [...args, '--', `Read the file ${promptFile}, and do what it says.`],
  };
}

/** OpenAI Codex. */
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
      asks: true,
      invoke: (prompt, options) => exec([], prompt, options),
      resume: (session, prompt, options) =>
        prompt === undefined ? undefined : exec(['resume', session], prompt, options),
      behaviour: {
        session: [/^session id: \S+$/],
        // It says so for as long as there is no network, less and less often; the third time comes after half a minute.
        patterns: { failed: [/^(?:ERROR: Reconnecting\.\.\. waiting for network(?:\n|$)){3}$/] },
        failsForEver: true,
      },
    },
    {
      name: 'tui',
      summary: 'its own interface, on the normal screen',
      asks: true,
      invoke: (prompt, options) => tui([], prompt, options),
      resume: (session, prompt, options) => tui(['resume', session], prompt, options),
      behaviour: {
        reports: true,
        patterns: {
          // In a git repository that it does not know.
          waiting: [/^Trust this folder\? /],
          // An error, after which it reports that its turn is over. With the escape, because one such character makes the whole
          // command load slower (scripts/build.mjs).
          failed: [/^\u25a0 ./],
        },
        leave: ['\x03'],
      },
    },
  ],
};
