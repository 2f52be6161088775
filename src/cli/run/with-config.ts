import { DEFAULT_BACKEND } from '../../backends/index.js';
import type { Config } from '../../config/config.js';
import { isAnyGiven, merged } from '../../settings/flag.js';
import { runFlags } from '../../settings/run-flags.js';
import { type GivenRunFlags, NOTHING_GIVEN } from '../../settings/run-settings.js';

/**
 * The flags given for one run, and what orch.yml says in place of those that were not: the backend's own before the
 * defaults. Defaults that would not mean what their author had in mind are left out: an agent for a command behind
 * `--`, what it may do, and its `until`; a mode for another backend; the bounds of a loop where there is none; an output for a run that is to
 * be quiet. `hasCommand`: a command is what is to be run, unless a backend is given.
 */
export function withConfig(given: GivenRunFlags, hasCommand: boolean, config: Config): GivenRunFlags {
  const { defaults, backends, notify, redact } = config;
  const isCommand = hasCommand && given.backend === undefined;
  const defaultBackend = defaults.backend ?? DEFAULT_BACKEND;
  const backend = given.backend ?? defaultBackend;
  const loops = isAnyGiven(given.loop) || (defaults.loop.until !== undefined && !isCommand);
  const ownIdleMs = backends.find(({ name }) => name === backend)?.modes[0]?.behaviour?.idleTimeoutMs;
  const counting: GivenRunFlags = {
    ...defaults,
    notify,
    backend: isCommand ? undefined : defaults.backend,
    ask: isCommand ? undefined : defaults.ask,
    mode: isCommand || backend !== defaultBackend ? undefined : defaults.mode,
    output: given.quiet === undefined ? defaults.output : undefined,
    loop: loops ? { ...defaults.loop, ...(isCommand ? { until: undefined } : {}) } : NOTHING_GIVEN.loop,
    timeouts: {
      ...defaults.timeouts,
      idleMs: isCommand || ownIdleMs === undefined ? defaults.timeouts.idleMs : undefined,
    },
  };
  const all = merged(runFlags, [given, counting]);
  if (redact === undefined) return all;
  return { ...all, redactPatterns: [...redact.patterns, ...(all.redactPatterns ?? [])] };
}
