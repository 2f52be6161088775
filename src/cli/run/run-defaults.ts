import { DEFAULT_BACKEND } from '../../backends/index.js';
import type { Config } from '../../config/config.js';
import { type CommandLine, type GivenOptions, OptionValues } from '../options/command.js';
import { readRunOptions, type RunOptions } from './run-options.js';

/** What makes `orch run` run an agent more than once. */
const LOOPING = ['until', 'max-iterations', 'stop-after-failures', 'delay'];

/**
 * What `orch run` is asked for by a line and by orch.yml. `stdoutIsTTY`: whether there is a terminal to show it on.
 *
 * @throws OrchError BAD_ARGUMENT
 */
export function runOptionsOf(line: CommandLine, config: Config, stdoutIsTTY: boolean): RunOptions {
  const options = readRunOptions(withDefaults(line, config), stdoutIsTTY);
  if (config.redact === undefined) return options;
  return { ...options, redact: { patterns: [...config.redact.patterns, ...(options.redact?.patterns ?? [])] } };
}

/**
 * The options of a line of `orch run`, and what orch.yml says in place of those that were not given: the backend's own
 * before the defaults. Left aside is what would mean something else than whoever wrote it had in mind: an agent for a
 * command behind `--`, and its `until`; a mode for another backend; the bounds of a loop where there is none; an output
 * for a run that is to be quiet.
 */
export function withDefaults({ options, rest }: CommandLine, { defaults, backends, notify }: Config): OptionValues {
  const isCommand = rest !== undefined && !options.has('backend');
  const defaultBackend = defaults.get('backend') ?? DEFAULT_BACKEND;
  const backend = options.text('backend') ?? defaultBackend;
  const loops = LOOPING.some((name) => options.has(name)) || (defaults.has('until') && !isCommand);
  const ownIdleMs = backends.find(({ name }) => name === backend)?.modes[0]?.behaviour?.idleTimeoutMs;
  const counts = (name: string): boolean => {
    if (isCommand && ['backend', 'mode', 'until'].includes(name)) return false;
    if (name === 'mode') return backend === defaultBackend;
    if (name === 'output') return !options.has('quiet');
    if (name === 'idle-timeout') return isCommand || ownIdleMs === undefined;
    return loops || !LOOPING.includes(name);
  };
  const values: GivenOptions = new Map();
  for (const [name, value] of defaults) if (counts(name)) values.set(name, [value]);
  if (notify !== undefined) values.set('notify', [notify]);
  for (const [name, given] of options.entries()) values.set(name, given);
  return new OptionValues(values);
}
