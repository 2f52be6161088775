import { type Backend, fitsArgument, type Invocation, type InvocationOptions } from './backend.js';
import { drawn } from './drawn.js';

/** Longer than a model thinks, ms: it retries for minutes, silently, where a model server refuses or does not answer. */
const IDLE_MS = 10 * 60_000;

/** Otherwise it warns, with every prompt, that it asks about nothing. */
const UNWARNED = { QWEN_CODE_SUPPRESS_YOLO_WARNING: '1' };

/** Without anyone to ask it refuses what it would ask about. */
function permissions({ ask }: InvocationOptions): readonly string[] {
  return ['--approval-mode', ask === true ? 'default' : 'yolo'];
}

/** Events as JSON lines with streamed text. */
const EVENTS = ['--output-format', 'stream-json', '--include-partial-messages'];

function stream(what: readonly string[], prompt: string, options: InvocationOptions): Invocation {
  const args = [...EVENTS, ...permissions(options), ...what];
  return drawn({ agent: 'qwen', args, saying, env: UNWARNED }, prompt, options);
}

function print(what: readonly string[], prompt: string, options: InvocationOptions): Invocation {
  const args = [...permissions(options), ...what];
  const qwen = { file: 'qwen', env: UNWARNED };
  return fitsArgument(prompt) ? { ...qwen, args: [...args, ...saying(prompt)] } : { ...qwen, args, stdin: 'prompt' };
}

/** With the equals sign a prompt may begin with a dash. */
function saying(prompt: string): readonly string[] {
  return [`--prompt=${prompt}`];
}

/** Qwen Code. */
export const qwen: Backend = {
  name: 'qwen',
  summary: 'Qwen Code',
  program: 'qwen',
  prompt: 'required',
  install: 'install Qwen Code, with Node 22 or newer: npm install -g @qwen-code/qwen-code',
  modes: [
    {
      name: 'stream',
      summary: 'its progress, as it happens; the exit code says how it ended',
      suits: 'both',
      asks: true,
      invoke: (prompt, options) => stream([], prompt, options),
      resume: (session, prompt, options) =>
        prompt === undefined ? undefined : stream(['--resume', session], prompt, options),
      behaviour: { drawsStatus: true, idleTimeoutMs: IDLE_MS },
    },
    {
      name: 'print',
      summary: 'only its answer, at the end',
      asks: true,
      invoke: (prompt, options) => ({ ...print([], prompt, options), session: (id) => [`--session-id=${id}`] }),
      resume: (session, prompt, options) =>
        prompt === undefined ? undefined : print([`--resume=${session}`], prompt, options),
      // Its exit code is 0 when a permission was refused.
      behaviour: {
        patterns: { failed: [/^\[API Error: .*\]$/, /^Warning: Tool "[^"]+" was not run: /] },
        idleTimeoutMs: IDLE_MS,
      },
    },
  ],
};
