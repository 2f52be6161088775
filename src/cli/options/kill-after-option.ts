import { KILL_AFTER_SECONDS } from '../../settings/run-flags.js';
import { duration } from '../../settings/value-kind.js';
import type { OptionSpec, OptionValues } from './command.js';
import { readValue } from './read-value.js';

/** For commands that end tasks. */
export const killAfterOption: OptionSpec = {
  flags: '--kill-after <time>',
  description: `time between SIGTERM and SIGKILL (default: ${KILL_AFTER_SECONDS}s)`,
};

/** Its value, ms. @throws OrchError BAD_ARGUMENT */
export function killAfter(options: OptionValues): number {
  return readValue(options, 'kill-after', duration) ?? KILL_AFTER_SECONDS * 1000;
}
