import { errors } from '../core/errors.js';
import { DEFAULT_LIMITS, type LogLimits } from '../core/log-limits.js';
import type { Pattern } from '../core/pattern/pattern.js';
import type { Variables } from './environment.js';
import { completed, type Given, givenFor, isAnyGiven, type Values } from './flag.js';
import { MAX_ITERATIONS, runFlags } from './run-flags.js';

/** The given values of the flags of `orch run`, on a command line or in a file. */
export type GivenRunFlags = Given<typeof runFlags>;

type RunValues = Values<typeof runFlags>;

/** The output shown live: every byte, the transcript's lines, or nothing. */
export type ShownOutput = 'raw' | 'clean' | 'none';

/** The settings of a loop: how often an agent is run, and when that ends. */
export interface LoopSettings {
  /** The line that means all is done; undefined: the exit code decides. */
  readonly until: string | undefined;
  readonly maxIterations: number;
  /** Consecutive failed iterations that end the loop. */
  readonly stopAfterFailures: number;
  /** Pause between two iterations, ms. */
  readonly delayMs: number;
}

/** The settings of a run: the value of each flag, and those that several flags make together. */
export interface RunSettings extends Omit<RunValues, 'output' | 'log' | 'redact' | 'redactPatterns' | 'loop'> {
  /** What goes to stdout. */
  readonly output: ShownOutput;
  readonly log: Pick<RunValues['log'], 'onError' | 'sync'> & { readonly limits: LogLimits };
  /** Patterns that are masked besides known secrets; undefined: nothing is masked, the recording is exact. */
  readonly redact: { readonly patterns: readonly Pattern[] } | undefined;
  /** Undefined where no flag of the loop was given: the agent runs once, and its exit code decides. */
  readonly loop: LoopSettings | undefined;
}

/** No flag given. */
export const NOTHING_GIVEN: GivenRunFlags = givenFor(runFlags, () => undefined);

/** The flags that environment variables set. */
export function givenByVariables(env: Variables): GivenRunFlags {
  return givenFor(runFlags, (flag) => flag.variables?.(env));
}

/** Combines flags into settings. `stdoutIsTTY` decides `--output auto`. @throws OrchError BAD_ARGUMENT */
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

/** The segments that a limited log is divided into where no segment size was given. */
const SEGMENTS = 8;
/** Bytes; smaller segments would be more files than content. */
const MIN_SEGMENT_BYTES = 4096;

/** The size limits of a log and its segments. */
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
