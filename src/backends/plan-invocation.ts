import { errors } from '../core/errors.js';
import type { Backend, Invocation, InvocationOptions, Mode } from './backend.js';
import type { Behaviour } from './behaviour.js';

/** The options of a run for its backend. */
export interface RunWish extends InvocationOptions {
  /** As given to `--mode`; undefined: the one that suits. */
  readonly mode?: string | undefined;
  /** Whether a person attends it. */
  readonly attached: boolean;
  /** The agent's id of the session that it is to go on with; undefined: a new one. */
  readonly session?: string | undefined;
}

/** The invocation to execute, and the agent's behaviour. */
export interface Plan {
  readonly invocation: Invocation;
  readonly behaviour: Behaviour;
  /** The name of the mode. */
  readonly mode: string;
}

/**
 * Plans the invocation for `prompt`, which is passed unchanged. Throws `BAD_ARGUMENT` for a mode that the backend has not, or
 * that cannot go on with a session or cannot be had to ask, and for a prompt that is missing, blank or not taken; whether the system can pass on the arguments is for
 * `resolveCommand` to say.
 */
export function planInvocation(backend: Backend, prompt: string | undefined, wish: RunWish): Plan {
  if (prompt?.trim() === '') throw errors.badArgument('the prompt is empty', example(backend));
  if (wish.session !== undefined) return shown(backend, prompt, resumed(backend, wish.session, prompt, wish));
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

function plan<Prompt>({ name, invoke, behaviour = {} }: Mode<Prompt>, prompt: Prompt, wish: RunWish): Plan {
  return { invocation: invoke(prompt, wish), behaviour, mode: name };
}

function resumed({ name, modes }: Backend, session: string, prompt: string | undefined, wish: RunWish): Plan {
  const { name: mode, resume, behaviour = {} } = modeOf<never>(name, modes, wish);
  const others = modes.flatMap((other) => (other.resume === undefined ? [] : other.name)).join(', ');
  if (resume === undefined)
    throw errors.badArgument(
      `${name} cannot go on in mode ${mode}`,
      others === '' ? `orch.yml can say how: backends.${name}.resume` : `with --mode, use one of: ${others}`,
    );
  const invocation = resume(session, prompt, wish);
  if (invocation === undefined)
    throw errors.badArgument(
      `${name} needs a prompt to go on in mode ${mode}`,
      'orch resume TASK "what it should do now"',
    );
  return { invocation, behaviour, mode };
}

/** The arguments for people: the real ones hold orch's internals, and not the prompt where it is in a file. */
function shown({ name }: Backend, prompt: string | undefined, { invocation, ...rest }: Plan): Plan {
  return { ...rest, invocation: { ...invocation, shown: prompt === undefined ? [name] : [name, prompt] } };
}

function modeOf<Prompt>(name: string, modes: readonly Mode<Prompt>[], { mode, attached, ask }: RunWish): Mode<Prompt> {
  const suits = [attached ? 'attached' : 'unattended', 'both'];
  const found =
    mode === undefined
      ? modes.find((candidate) => candidate.suits !== undefined && suits.includes(candidate.suits))
      : modes.find((candidate) => candidate.name === mode);
  if (found === undefined) {
    const known = modes.map((candidate) => candidate.name).join(', ');
    throw errors.badArgument(`${name} has no mode ${mode ?? ''}`, `use one of: ${known}`);
  }
  // Left out in silence, it would do all that it was to ask about.
  if (ask === true && found.asks !== true)
    throw errors.badArgument(
      `orch does not know how to have ${name} ask`,
      'leave --ask out, and say it to the agent: in its own settings, or in its command in orch.yml',
    );
  return found;
}

function example(backend: Backend): string {
  return backend.prompt === 'none'
    ? 'orch run -- COMMAND [ARGUMENT…]'
    : `orch run -b ${backend.name} "what it should do"`;
}
