import { resolve } from 'node:path';
import type { Backend, Invocation } from './backend.js';
import type { Behaviour, ScreenPatterns } from './behaviour.js';
import { fillTemplate, PLACEHOLDERS, placeholdersIn } from './template.js';

/** A backend that orch.yml defines. */
export interface CustomBackend {
  readonly name: string;
  readonly summary?: string | undefined;
  /** The program and its arguments, in which `{prompt}` and `{promptFile}` are what they say. */
  readonly program: string;
  readonly args: readonly string[];
  /** The folder that a program such as `./tool` is taken from; absolute. */
  readonly folder: string;
  /** Variables besides the user's. */
  readonly env: Readonly<Record<string, string>>;
  /** Undefined: required where the arguments have a place for it, else none. */
  readonly prompt?: Backend['prompt'] | undefined;
  readonly install?: string | undefined;
  readonly patterns?: ScreenPatterns | undefined;
  /** Lines whose last word is the id of its session. */
  readonly session?: Behaviour['session'] | undefined;
  /** The program and its arguments that go on with a session, in which `{session}` is its id, besides the placeholders of `args`. */
  readonly resume?: { readonly program: string; readonly args: readonly string[] } | undefined;
  readonly exitCodes?: Behaviour['exitCodes'] | undefined;
  readonly idleTimeoutMs?: number | undefined;
  /** What to type, before Enter, when it has shown that it is done; undefined: it gets SIGTERM. */
  readonly leave?: string | undefined;
}

/** The backend that runs it, in its one mode. */
export function customBackend(custom: CustomBackend): Backend {
  const { name, summary, install, args, env, patterns, session, resume, exitCodes, idleTimeoutMs, leave } = custom;
  const file = fileOf(custom.program, custom);
  const places = placeholdersIn(args, PLACEHOLDERS);
  const invoke = (prompt: string | undefined): Invocation => ({ file, args: filled(args, prompt, {}), env });
  const behaviour: Behaviour = {
    ...(patterns === undefined || Object.values(patterns).every((patterns) => patterns === undefined)
      ? {}
      : { patterns }),
    ...(session === undefined ? {} : { session }),
    ...(exitCodes === undefined ? {} : { exitCodes }),
    ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
    ...(leave === undefined ? {} : { leave: [leave, '\r'] }),
  };
  return {
    name,
    summary: summary ?? [custom.program, ...args].join(' '),
    program: file,
    ...(install === undefined ? {} : { install }),
    prompt: custom.prompt ?? (places.size > 0 ? 'required' : 'none'),
    modes: [
      {
        name: 'run',
        summary: 'as orch.yml says',
        suits: 'both',
        invoke,
        ...(resume === undefined ? {} : { resume: (id, prompt) => resuming(resume, id, prompt, custom) }),
        behaviour,
      },
    ],
  };
}

/** Undefined where a prompt is needed: the command has a place for one, which it cannot do without. */
function resuming(
  { program, args }: NonNullable<CustomBackend['resume']>,
  session: string,
  prompt: string | undefined,
  custom: CustomBackend,
): Invocation | undefined {
  if (prompt === undefined && custom.prompt !== 'optional' && placeholdersIn(args, PLACEHOLDERS).size > 0)
    return undefined;
  return { file: fileOf(program, custom), args: filled(args, prompt, { session }), env: custom.env };
}

function fileOf(program: string, { folder }: CustomBackend): string {
  return /^\.\.?\//.test(program) ? resolve(folder, program) : program;
}

function filled(
  args: readonly string[],
  prompt: string | undefined,
  values: { readonly session?: string },
): Invocation['args'] {
  return prompt !== undefined && placeholdersIn(args, PLACEHOLDERS).has('promptFile')
    ? (promptFile) => fillTemplate(args, { prompt, promptFile, ...values })
    : fillTemplate(args, { prompt, promptFile: undefined, ...values });
}
