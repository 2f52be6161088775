import type { Pattern } from '../core/pattern/pattern.js';
import type { Backend } from '../backends/index.js';
import type { Retention } from '../core/retention.js';
import { type GivenRunFlags, NOTHING_GIVEN } from '../settings/run-settings.js';

/** What orch.yml says, checked. */
export interface Config {
  /** The file's path relative to the working folder; undefined where there is none. */
  readonly file: string | undefined;
  /** For `orch run`, where no flag is given. */
  readonly defaults: GivenRunFlags;
  /** Its own backends, in its order. */
  readonly backends: readonly Backend[];
  /** What is masked before it is recorded: known secrets, and matches of these patterns; undefined: nothing. */
  readonly redact: { readonly patterns: readonly Pattern[] } | undefined;
  /** A line for the shell, run when an agent waits for the user and when it has ended. */
  readonly notify: string | undefined;
  /** How much of what was recorded is kept; undefined: all of it. */
  readonly retention: Retention | undefined;
}

/** Without an orch.yml. */
export const NO_CONFIG: Config = {
  file: undefined,
  defaults: NOTHING_GIVEN,
  backends: [],
  redact: undefined,
  notify: undefined,
  retention: undefined,
};
