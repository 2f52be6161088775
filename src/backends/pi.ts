import { type Backend, fitsArgument, type Invocation, type InvocationOptions } from './backend.js';
import { drawn } from './drawn.js';

/** It asks about nothing, and has no setting for that: those of its tools that change nothing are what can be had. */
function tools({ ask }: InvocationOptions): readonly string[] {
  return ask === true ? ['--tools', 'read,grep,find,ls'] : [];
}

/** Behind the dashes a prompt may begin with one. */
const saying = (prompt: string): readonly string[] => ['--', prompt];

function stream(what: readonly string[], prompt: string, options: InvocationOptions): Invocation {
  return drawn({ agent: 'pi', args: ['--mode', 'json', ...tools(options), ...what], saying }, prompt, options);
}

function print(what: readonly string[], prompt: string, options: InvocationOptions): Invocation {
  const args = ['-p', ...tools(options), ...what];
  return fitsArgument(prompt)
    ? { file: 'pi', args: [...args, ...saying(prompt)] }
    : { file: 'pi', args, stdin: 'prompt' };
}

/** On the normal screen: of the other one it would print everything once more when it leaves. */
function tui(what: readonly string[], prompt: string | undefined, options: InvocationOptions): Invocation {
  const args = ['--tui-mode', 'regular', ...tools(options), ...what];
  if (prompt === undefined) return { file: 'pi', args };
  // Its keys come from its standard input: a prompt that is no argument is a file that it takes in.
  return {
    file: 'pi',
    args: fitsArgument(prompt) ? [...args, ...saying(prompt)] : (promptFile) => [...args, `@${promptFile}`],
  };
}

/** pi. */
export const pi: Backend = {
  name: 'pi',
  summary: 'pi',
  program: 'pi',
  prompt: 'required',
  install: 'install pi, with Node 22.19 or newer: npm install -g @earendil-works/pi-coding-agent',
  modes: [
    {
      name: 'stream',
      summary: 'its progress, as it happens; the exit code says how it ended',
      suits: 'both',
      asks: true,
      invoke: (prompt, options) => stream([], prompt, options),
      resume: (session, prompt, options) =>
        prompt === undefined ? undefined : stream(['--session', session], prompt, options),
      behaviour: { drawsStatus: true },
    },
    {
      name: 'print',
      summary: 'only its answer, at the end',
      asks: true,
      invoke: (prompt, options) => ({ ...print([], prompt, options), session: (id) => ['--session-id', id] }),
      resume: (session, prompt, options) =>
        prompt === undefined ? undefined : print(['--session', session], prompt, options),
    },
    {
      name: 'tui',
      summary: 'its own interface, on the normal screen',
      asks: true,
      invoke: (prompt, options) => ({ ...tui([], prompt, options), session: (id) => ['--session-id', id] }),
      resume: (session, prompt, options) => tui(['--session', session], prompt, options),
      behaviour: { reports: true, leave: ['\x04'] },
    },
  ],
};
