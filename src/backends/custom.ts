import { resolve } from 'node:path';
import { errors } from '../core/errors.js';
import type { Backend, InvocationOptions, Invocation, Meaning } from './backend.js';
import { fillTemplate, placeholdersIn } from './template.js';

/** A backend as somebody describes it in orch.yml. */
export interface CustomBackend extends Meaning {
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
}

/** The backend that runs it, in its one mode. */
export function customBackend(custom: CustomBackend): Backend {
  const { name, summary, install, signs, exitCodes, idleTimeoutMs, leave } = custom;
  const program = /^\.\.?\//.test(custom.program) ? resolve(custom.folder, custom.program) : custom.program;
  const invoke = (prompt: string | undefined, options: InvocationOptions): Invocation => ({
    file: program,
    args: filled(custom, prompt, options.promptFile),
    env: custom.env,
  });
  return {
    name,
    summary: summary ?? [custom.program, ...custom.args].join(' '),
    program,
    ...(install === undefined ? {} : { install }),
    signs,
    exitCodes,
    idleTimeoutMs,
    leave,
    prompt: custom.prompt ?? (placeholdersIn(custom.args).size > 0 ? 'required' : 'none'),
    modes: [{ name: 'run', summary: 'as orch.yml says', suits: 'both', invoke }],
  };
}

/** @throws OrchError BAD_ARGUMENT where the program reads its prompt from a file, and there is none */
function filled(
  { name, args }: CustomBackend,
  prompt: string | undefined,
  promptFile: string | undefined,
): readonly string[] {
  if (prompt !== undefined && promptFile === undefined && placeholdersIn(args).has('promptFile')) {
    throw errors.badArgument(`${name} reads its prompt from a file`, `orch run -b ${name} --prompt-file FILE`);
  }
  return fillTemplate(args, { prompt, promptFile });
}
