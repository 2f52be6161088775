import { resolve } from 'node:path';
import type { Backend, Invocation } from './backend.js';
import type { Behaviour, ScreenPatterns } from './behaviour.js';
import { fillTemplate, placeholdersIn } from './template.js';

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
  readonly exitCodes?: Behaviour['exitCodes'] | undefined;
  readonly idleTimeoutMs?: number | undefined;
  /** What to type, before Enter, when it has shown that it is done; undefined: it gets SIGTERM. */
  readonly leave?: string | undefined;
}

/** The backend that runs it, in its one mode. */
export function customBackend(custom: CustomBackend): Backend {
  const { name, summary, install, args, env, patterns, exitCodes, idleTimeoutMs, leave } = custom;
  const file = /^\.\.?\//.test(custom.program) ? resolve(custom.folder, custom.program) : custom.program;
  const places = placeholdersIn(args);
  const invoke = (prompt: string | undefined): Invocation =>
    prompt !== undefined && places.has('promptFile')
      ? { file, args: (promptFile) => fillTemplate(args, { prompt, promptFile }), env }
      : { file, args: fillTemplate(args, { prompt, promptFile: undefined }), env };
  const behaviour: Behaviour = {
    ...(patterns === undefined || Object.values(patterns).every((patterns) => patterns === undefined)
      ? {}
      : { patterns }),
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
    modes: [{ name: 'run', summary: 'as orch.yml says', suits: 'both', invoke, behaviour }],
  };
}
