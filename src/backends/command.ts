import { errors } from '../core/errors.js';
import type { Backend } from './backend.js';

/** The name of the backend that runs what follows `--`. */
export const COMMAND = 'command';

/** The backend for any command line: what stands after `--`, run as it is. Throws `BAD_ARGUMENT` where nothing does. */
export function commandBackend(argv: readonly string[]): Backend {
  const [file, ...args] = argv;
  if (file === undefined) {
    throw errors.badArgument('there is no command to run', 'orch run -- COMMAND [ARGUMENT…]');
  }
  return {
    name: COMMAND,
    summary: 'any command, given after --',
    prompt: 'none',
    modes: [
      {
        name: 'as-is',
        summary: 'as it is',
        suits: 'both',
        invoke: () => ({ file, args }),
        behaviour: { answersForItself: true },
      },
    ],
  };
}
