import { errors } from '../../core/errors.js';
import { DEFAULT_SYNC, type LogLimits, SYNC_POLICIES, type SyncPolicy } from '../../core/log-limits.js';
import type { Pattern } from '../../core/pattern/pattern.js';
import { readPattern } from '../../core/pattern/read-pattern.js';
import { parseSize, type TerminalSize, terminalSize } from '../../core/terminal/size.js';
import type { ShownOutput } from '../../record/viewers/live-output.js';
import type { LoopOptions } from '../../record/run/loop.js';
import type { OptionValues } from '../options/command.js';
import { readDuration } from '../options/read-duration.js';
import { readName } from '../options/read-name.js';
import { readLogLimits } from './read-log-limits.js';
import { readWholeNumber } from '../options/read-number.js';

/** Long enough for an agent to save its work, short enough that nobody reaches for kill -9. */
export const KILL_AFTER_SECONDS = 10;
/** Enough for work that goes well, an end to what never will. */
export const MAX_ITERATIONS = 100;
/** An agent that fails so often in a row fails at something that trying again does not mend. */
export const STOP_AFTER_FAILURES = 3;

/** What `orch run` was asked for, beyond the agent itself. */
export interface RunOptions {
  readonly backend: string | undefined;
  /** How the backend is run; undefined: as suits. */
  readonly mode: string | undefined;
  readonly name: string | undefined;
  readonly size: TerminalSize | undefined;
  /** What goes to stdout. */
  readonly output: ShownOutput;
  /** Nothing but errors is said. */
  readonly quiet: boolean;
  readonly killAfterMs: number;
  readonly lingerMs: number;
  readonly onLogError: 'continue' | 'stop';
  readonly limits: LogLimits;
  readonly sync: SyncPolicy;
  /** Ends one run of the agent, ms. */
  readonly iterationTimeoutMs: number | undefined;
  readonly idleTimeoutMs: number | undefined;
  /** How often the agent is run, where that is more than once, or not for its exit code alone. */
  readonly loop: Omit<LoopOptions, 'prompt' | 'behaviour'> | undefined;
  /** Where the prompt is read from; `-` is stdin. */
  readonly promptFile: string | undefined;
  /** A line for the shell, run when the agent waits for the user and when it has ended. */
  readonly notify: string | undefined;
  /** Whether values are masked, and what else is than those orch knows; undefined: the recording is exact. */
  readonly redact: { readonly patterns: readonly Pattern[] } | undefined;
  /** For the demo: how many times faster than life. */
  readonly speed: number | undefined;
}

/** `stdoutIsTTY`: whether `--output auto` has a terminal before it. @throws OrchError BAD_ARGUMENT */
export function readRunOptions(options: OptionValues, stdoutIsTTY: boolean): RunOptions {
  const quiet = options.has('quiet');
  return {
    backend: options.text('backend'),
    mode: options.text('mode'),
    name: readName(options),
    size: readSize(options.text('size')),
    output: readOutput(options.text('output'), quiet, stdoutIsTTY),
    quiet,
    killAfterMs: readDuration(options, 'kill-after') ?? KILL_AFTER_SECONDS * 1000,
    lingerMs: readDuration(options, 'linger') ?? 0,
    iterationTimeoutMs: readDuration(options, 'iteration-timeout'),
    idleTimeoutMs: readDuration(options, 'idle-timeout'),
    loop: readLoop(options),
    promptFile: options.text('prompt-file'),
    onLogError: options.text('on-log-error') === 'stop' ? 'stop' : 'continue',
    limits: readLogLimits(options),
    sync: readSync(options),
    notify: options.text('notify'),
    redact: readRedact(options),
    speed: readSpeed(options.text('speed')),
  };
}

/** The size that COLUMNS and LINES name, where both do: a shell's, or one set for a job without a terminal. */
export function sizeFromVariables(env: Readonly<Record<string, string | undefined>>): TerminalSize | undefined {
  return terminalSize(Number(env['COLUMNS'] ?? ''), Number(env['LINES'] ?? ''));
}

function readOutput(text: string | undefined, quiet: boolean, stdoutIsTTY: boolean): RunOptions['output'] {
  if (text !== 'raw' && text !== 'clean') return quiet || text === 'none' ? 'none' : stdoutIsTTY ? 'raw' : 'clean';
  if (quiet) throw errors.badArgument(`--quiet and --output ${text} exclude each other`, 'give one of them');
  return text;
}

function readSize(text: string | undefined): TerminalSize | undefined {
  if (text === undefined) return undefined;
  const size = parseSize(text);
  if (size === undefined)
    throw errors.badArgument(
      `--size ${text} is not a terminal size`,
      'columns and rows from 1 on, such as --size 120x40',
    );
  return size;
}

function readSync(options: OptionValues): SyncPolicy {
  const policy = options.text('fsync');
  return SYNC_POLICIES.find((candidate) => candidate === policy) ?? DEFAULT_SYNC;
}

/** Undefined where none of it was asked for: then the agent runs once, and its exit code says it all. */
function readLoop(options: OptionValues): RunOptions['loop'] {
  const asked = LOOP_FLAGS.some((name) => options.has(name));
  if (!asked) return undefined;
  const until = options.text('until');
  if (until?.trim() === '' || until?.includes('\n') === true) {
    throw errors.badArgument('--until is not a line of text', 'such as --until LOOP_COMPLETE');
  }
  return {
    until,
    maxIterations: readWholeNumber(options, 'max-iterations') ?? (until === undefined ? 1 : MAX_ITERATIONS),
    stopAfterFailures: readWholeNumber(options, 'stop-after-failures') ?? STOP_AFTER_FAILURES,
    delayMs: readDuration(options, 'delay') ?? 0,
  };
}

const LOOP_FLAGS = ['until', 'max-iterations', 'stop-after-failures', 'delay', 'iteration-timeout', 'idle-timeout'];

function readRedact(options: OptionValues): RunOptions['redact'] {
  if (!options.has('redact') && !options.has('redact-pattern')) return undefined;
  return { patterns: options.all('redact-pattern').map(readRedactPattern) };
}

function readRedactPattern(text: string): Pattern {
  return readPattern('--redact-pattern', text, '', "--redact-pattern 'corp-[0-9a-f]{32}'");
}

function readSpeed(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const speed = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (Number.isNaN(speed))
    throw errors.badArgument(`--speed ${text} is not a factor`, 'a number such as --speed 10; 0 waits for nothing');
  return speed;
}
