import { errors } from '../core/errors.js';
import type { Backend, Invocation, InvocationOptions } from './backend.js';

/**
 * What to execute for `prompt`, which is handed over as it is. Throws `BAD_ARGUMENT` for a prompt that is missing, blank
 * or not taken; whether the system can pass on the arguments is for `resolveCommand` to say.
 */
export function planInvocation(backend: Backend, prompt: string | undefined, options: InvocationOptions): Invocation {
  if (prompt?.trim() === '') throw errors.badArgument('the prompt is empty', example(backend));
  switch (backend.prompt) {
    case 'required':
      if (prompt === undefined) throw errors.badArgument(`${backend.name} needs a prompt`, example(backend));
      return backend.invoke(prompt, options);
    case 'optional':
      return backend.invoke(prompt, options);
    case 'none':
      if (prompt !== undefined) throw errors.badArgument(`${backend.name} takes no prompt`, example(backend));
      return backend.invoke();
  }
}

function example(backend: Backend): string {
  return backend.prompt === 'none'
    ? 'orch run -- COMMAND [ARGUMENT…]'
    : `orch run -b ${backend.name} "what it should do"`;
}
