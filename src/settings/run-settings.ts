import { errors } from '../core/errors.js';
import { DEFAULT_LIMITS, type LogLimits } from '../core/log-limits.js';
import type { Pattern } from '../core/pattern/pattern.js';
import type { Variables } from './environment.js';
import { completed, type Given, givenFor, isAnyGiven, type Values } from './flag.js';
import { MAX_ITERATIONS, runFlags } from './run-flags.js';

/** What was given for the flags of `orch run`, on a command line or in a file. */
export type GivenRunFlags = Given<typeof runFlags>;

type RunValues = Values<typeof runFlags>;

/** What is shown of an agent's output: every byte, the lines a person would have read, or nothing. */
export type ShownOutput = 'raw' | 'clean' | 'none';

/** How often an agent is run, and what ends that. */
export interface LoopSettings {
  /** A line that says all is done; undefined: the exit code says it. */
  readonly until: string | undefined;
  readonly maxIterations: number;
  /** How many iterations in a row may fail. */
  readonly stopAfterFailures: number;
  /** Between two iterations, ms. */
  readonly delayMs: number;
}

/** How an agent is to be run and recorded: the value of each flag, and what several of them say together. */
export interface RunSettings extends Omit<RunValues, 'output' | 'log' | 'redact' | 'redactPatterns' | 'loop'> {
  /** What goes to stdout. */
  readonly output: ShownOutput;
  readonly log: Pick<RunValues['log'], 'onError' | 'sync'> & { readonly limits: LogLimits };
  /** Whether values are masked, and what else is than those orch knows; undefined: the recording is exact. */
  readonly redact: { readonly patterns: readonly Pattern[] } | undefined;
  /** Undefined where none of it was asked for: then the agent runs once, and its exit code says it all. */
  readonly loop: LoopSettings | undefined;
}

/** Where nobody says anything. */
export const NOTHING_GIVEN: GivenRunFlags = givenFor(runFlags, () => undefined);

/** What the environment says in place of flags. */
export function givenByVariables(env: Variables): GivenRunFlags {
  return givenFor(runFlags, (flag) => flag.variables?.(env));
}

/** What flags mean together. `stdoutIsTTY`: whether `--output auto` has a terminal before it. @throws OrchError BAD_ARGUMENT */
export function runSettings(given: GivenRunFlags, stdoutIsTTY: boolean): RunSettings {
  const { output, log, redact, redactPatterns, loop, ...values } = completed(runFlags, given);
  const loops = isAnyGiven(given.loop) || isAnyGiven(given.timeouts);
  return {
    ...values,
    output: shownOutput(output, values.quiet, stdoutIsTTY),
    log: { onError: log.onError, sync: log.sync, limits: logLimits(log) },
    redact: redact || given.redactPatterns !== undefined ? { patterns: redactPatterns } : undefined,
    loop: loops
      ? { ...loop, maxIterations: loop.maxIterations ?? (loop.until === undefined ? 1 : MAX_ITERATIONS) }
      : undefined,
  };
}

function shownOutput(output: RunValues['output'], quiet: boolean, stdoutIsTTY: boolean): ShownOutput {
  if (output !== 'raw' && output !== 'clean')
    return quiet || output === 'none' ? 'none' : stdoutIsTTY ? 'raw' : 'clean';
  if (quiet) throw errors.badArgument(`--quiet and --output ${output} exclude each other`, 'give one of them');
  return output;
}

/** Where nobody said how large segments are, so many fit into a log that may only be small. */
const SEGMENTS = 8;
/** Smaller ones are more files than bytes. */
const MIN_SEGMENT_BYTES = 4096;

/** How large a log and its segments become. */
function logLimits(given: Pick<RunValues['log'], 'segmentBytes' | 'maxBytes'>): LogLimits {
  const maxBytes = given.maxBytes ?? DEFAULT_LIMITS.maxBytes;
  const fitting = Math.max(MIN_SEGMENT_BYTES, Math.floor(maxBytes / SEGMENTS));
  const segmentBytes = given.segmentBytes ?? Math.min(DEFAULT_LIMITS.segmentBytes, fitting);
  if (segmentBytes < MIN_SEGMENT_BYTES)
    throw errors.badArgument(`--segment-size is less than ${MIN_SEGMENT_BYTES} bytes`, 'such as --segment-size 64MiB');
  if (maxBytes < segmentBytes)
    throw errors.badArgument(
      `--max-log-size is less than one segment, ${segmentBytes} bytes`,
      'make it larger, or --segment-size smaller',
    );
  return { segmentBytes, maxBytes };
}
