import { errors } from '../core/errors.js';
import type { Backend, Invocation, InvocationOptions, Mode } from './backend.js';
import type { Behaviour } from './behaviour.js';

/** The options of a run for its backend. */
export interface RunWish extends InvocationOptions {
  /** As given to `--mode`; undefined: the one that suits. */
  readonly mode?: string | undefined;
  /** Whether a person attends it. */
  readonly attached: boolean;
}

/** The invocation to execute, and the agent's behaviour. */
export interface Plan {
  readonly invocation: Invocation;
  readonly behaviour: Behaviour;
}

/**
 * Plans the invocation for `prompt`, which is passed unchanged. Throws `BAD_ARGUMENT` for a mode that the backend has not,
 * and for a prompt that is missing, blank or not taken; whether the system can pass on the arguments is for
 * `resolveCommand` to say.
 */
export function planInvocation(backend: Backend, prompt: string | undefined, wish: RunWish): Plan {
  if (prompt?.trim() === '') throw errors.badArgument('the prompt is empty', example(backend));
  switch (backend.prompt) {
    case 'required':
      if (prompt === undefined) throw errors.badArgument(`${backend.name} needs a prompt`, example(backend));
      return shown(backend, prompt, plan(modeOf(backend.name, backend.modes, wish), prompt, wish));
    case 'optional':
      return shown(backend, prompt, plan(modeOf(backend.name, backend.modes, wish), prompt, wish));
    case 'none':
      if (prompt !== undefined) throw errors.badArgument(`${backend.name} takes no prompt`, example(backend));
      return plan(modeOf(backend.name, backend.modes, wish), undefined, wish);
  }
}

function plan<Prompt>({ invoke, behaviour = {} }: Mode<Prompt>, prompt: Prompt, wish: RunWish): Plan {
  return { invocation: invoke(prompt, wish), behaviour };
}

/** The arguments for people: the real ones hold orch's internals, and not the prompt where it is in a file. */
function shown({ name }: Backend, prompt: string | undefined, { invocation, behaviour }: Plan): Plan {
  return { invocation: { ...invocation, shown: prompt === undefined ? [name] : [name, prompt] }, behaviour };
}

function modeOf<Prompt>(name: string, modes: readonly Mode<Prompt>[], { mode, attached }: RunWish): Mode<Prompt> {
  const suits = [attached ? 'attached' : 'unattended', 'both'];
  const found =
    mode === undefined
      ? modes.find((candidate) => candidate.suits !== undefined && suits.includes(candidate.suits))
      : modes.find((candidate) => candidate.name === mode);
  if (found !== undefined) return found;
  const known = modes.map((candidate) => candidate.name).join(', ');
  throw errors.badArgument(`${name} has no mode ${mode ?? ''}`, `use one of: ${known}`);
}

function example(backend: Backend): string {
  return backend.prompt === 'none'
    ? 'orch run -- COMMAND [ARGUMENT…]'
    : `orch run -b ${backend.name} "what it should do"`;
}
