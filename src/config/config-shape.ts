import { type Backend, backends, customBackend, DEFAULT_BACKEND } from '../backends/index.js';
import { backendMap } from './backend-shape.js';
import type { Config } from './config.js';
import { retention } from './retention-shape.js';
import type { GivenRunFlags } from '../settings/run-settings.js';
import { givenIn, runFlagKeys } from './run-flags.js';
import { line, listOf, object, optional, regex, required, simplyOr, suggestion, yesOrNo } from './shapes.js';
import { refuse, type Value, valueOf } from './value.js';

const orchYml = object({
  defaults: optional(object(runFlagKeys), 'for orch run: values of flags that are not given'),
  backends: optional(backendMap, 'agents of your own, for orch run --backend'),
  redact: optional(
    simplyOr(
      yesOrNo,
      object({
        patterns: required(listOf(regex, 'regular expressions, such as ["KEY-\\\\w+"]'), 'further secrets'),
      }),
    ),
    'whether secrets are masked in what is recorded',
  ),
  notify: optional(line, 'a shell command, run when an agent waits for you and when it has ended'),
  retention: optional(retention, 'which old tasks orch run and orch prune remove'),
});

/** An orch.yml that stands in `folder`; messages and lists call it `file`. @throws OrchError CONFIG_INVALID */
export function readConfigValue(value: Value, { folder, file }: { folder: string; file: string }): Config {
  const found = orchYml.read(value);
  const custom = [...(found.backends ?? [])].map(([name, spec]) => customBackend({ name, folder, ...spec }));
  const defaults = givenIn(found.defaults ?? {});
  checkAgent(defaults, [...backends, ...custom], valueOf(value, 'defaults') ?? value);
  return {
    file,
    defaults,
    backends: custom,
    redact: redaction(found.redact),
    notify: found.notify,
    retention: found.retention,
  };
}

/** The JSON schema of orch.yml. It accepts what orch accepts, except for checks that only orch can make. */
export function configSchema(): Readonly<Record<string, unknown>> {
  return { $schema: 'http://json-schema.org/draft-07/schema#', title: 'orch.yml', ...orchYml.schema };
}

/** Refuses a backend that does not exist, and a mode that it does not have. */
function checkAgent(flags: GivenRunFlags, all: readonly Backend[], defaults: Value): void {
  const name = flags.backend ?? DEFAULT_BACKEND;
  const backend = all.find((candidate) => candidate.name === name);
  if (backend === undefined) {
    const place = valueOf(defaults, 'backend') ?? defaults;
    const names = all.map((candidate) => candidate.name);
    throw refuse(place, `there is no backend ${name}`, suggestion(name, names));
  }
  const { mode } = flags;
  const modes = backend.modes.map((candidate) => candidate.name);
  if (mode === undefined || modes.includes(mode)) return;
  throw refuse(valueOf(defaults, 'mode') ?? defaults, `${name} has no mode ${mode}`, suggestion(mode, modes));
}

function redaction(found: boolean | NonNullable<Config['redact']> | undefined): Config['redact'] {
  return found === true ? { patterns: [] } : found === false ? undefined : found;
}
