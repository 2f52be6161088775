import type { Pattern } from '../../core/pattern/pattern.js';
import { errors } from '../../core/errors.js';
import { readPattern } from '../../core/pattern/read-pattern.js';
import type { AlternateScreen } from '../../render/model/line.js';
import type { Source } from '../../view/lines/log-batch.js';
import type { BeginningOfView } from '../../view/streams/log-stream.js';
import { parseWallTime } from '../../view/places/moment.js';
import { coloured } from '../../view/print/colour.js';
import { colourOption, paintFor } from '../options/colour-choice.js';
import type { ParsedLine, OptionSpec, OptionValues } from '../options/command.js';
import type { CliContext } from '../options/context.js';
import { altOption, readAlt } from '../options/transcript-options.js';
import { readValue } from '../options/read-value.js';
import { count } from '../../settings/value-kind.js';

/** How many lines are shown by default on a terminal, and with `--follow`. */
const TERMINAL_LINES = 100;
const FOLLOW_LINES = 10;
const MAX_STREAMS = 50;
const INTERVAL_MS = 1000;

export const logsOptions: readonly OptionSpec[] = [
  { flags: '-t, --task <id>', description: 'a task, like an operand; may be given several times' },
  { flags: '-A, --all-tasks', description: 'all running tasks; with -f also those that start later' },
  { flags: '-f, --follow', description: 'continue until the task ends (with -A until Ctrl-C)' },
  { flags: '--exit-on-done', description: 'with -f -A: end when the last running task has ended' },
  { flags: '--keep-following', description: 'with -f: continue after the tasks have ended, until Ctrl-C' },
  {
    flags: '-s, --source <source>',
    description: "the agent's output, orch's notes, or all (the default for one task)",
    choices: ['backend', 'orch', 'all'],
  },
  { flags: '--backend', description: 'the same as --source backend' },
  {
    flags: '-n, --tail <lines>',
    description: 'the last n lines of each task, or all (on a terminal 100, with -f 10)',
  },
  { flags: '--lines <lines>', description: 'the same as --tail' },
  {
    flags: '-S, --since <when>',
    description: 'from this time on: 10m (ago), 2026-01-02T03:04:05Z, or seconds since 1970',
  },
  { flags: '-U, --until <when>', description: 'up to this time' },
  {
    flags: '-T, --timestamps[=<format>]',
    description: 'when each line was captured: iso (the default), short or rel',
    choices: ['iso', 'short', 'rel'],
  },
  { flags: '-g, --grep <regex>', description: 'only lines that match' },
  { flags: '-x, --exclude <regex>', description: 'no lines that match' },
  { flags: '-H, --highlight <regex>', description: 'mark what matches' },
  { flags: '-C, --context <lines>', description: 'with --grep: how many lines around each match' },
  { flags: '-i, --ignore-case', description: 'for --grep, --exclude and --highlight' },
  {
    flags: '-o, --output <format>',
    description: 'text; json, one object a line; cat, the lines alone; raw, the exact bytes',
    choices: ['text', 'json', 'cat', 'raw'],
  },
  { flags: '--no-ansi', description: 'without colours (the default off a terminal)' },
  colourOption,
  altOption,
  {
    flags: '--prefix <when>',
    description: 'the task in front of each line; auto: with several tasks',
    choices: ['auto', 'always', 'never'],
  },
  {
    flags: '--order <order>',
    description: 'several tasks by time, or one after the other (default: stream)',
    choices: ['stream', 'grouped'],
  },
  { flags: '--max-streams <n>', description: `how many tasks are read at the same time (default: ${MAX_STREAMS})` },
  { flags: '--cursor <file>', description: 'continue where the last call with this file ended' },
  {
    flags: '--pager <when>',
    description: 'auto: less, for more than a screen on a terminal',
    choices: ['auto', 'never'],
  },
  { flags: '--summary', description: 'at the end, print on stderr how many lines of each task were shown' },
  { flags: '--table', description: 'a table of the running tasks instead of lines, updated on a terminal' },
  { flags: '--interval <ms>', description: `with --table: time between updates, ms (default: ${INTERVAL_MS})` },
  { flags: '--screen', description: 'print the screen instead of lines' },
  { flags: '--at <place>', description: 'with --screen: as it was at this place; see replay --from' },
];

/** The options of a view of lines. */
export interface LinesRequest {
  readonly follow: boolean;
  /** Whether following ends with the tasks, or with the user. */
  readonly ends: boolean;
  readonly sources: ReadonlySet<Source>;
  readonly begin: BeginningOfView;
  /** Milliseconds of Unix time. */
  readonly until: number | undefined;
  readonly timestamps: 'iso' | 'short' | 'rel' | undefined;
  readonly grep: Pattern | undefined;
  readonly exclude: Pattern | undefined;
  readonly highlight: Pattern | undefined;
  readonly context: number;
  readonly output: 'text' | 'json' | 'cat';
  readonly colour: boolean;
  readonly alt: AlternateScreen;
  readonly prefix: boolean;
  readonly order: 'stream' | 'grouped';
  readonly maxStreams: number;
  readonly cursor: string | undefined;
  readonly pager: boolean;
  /** Shows the open frame beneath the lines. */
  readonly live: boolean;
  readonly summary: boolean;
}

/** Whose lines are shown: one task's, those of several that were named, or of all that run and those to come. */
type Shown = 'one' | 'several' | 'all';

/** What `orch logs` shows where no other option says more: those of `shown`, `follow`ed or not. */
export function defaultLines(shown: Shown, follow: boolean, context: CliContext): LinesRequest {
  const { isTTY } = context.stdout;
  return {
    follow,
    ends: shown !== 'all',
    sources: new Set(shown === 'one' ? ['backend', 'orch'] : ['backend']),
    begin: follow ? lastLines(FOLLOW_LINES) : isTTY ? lastLines(TERMINAL_LINES) : { type: 'start' },
    until: undefined,
    timestamps: undefined,
    grep: undefined,
    exclude: undefined,
    highlight: undefined,
    context: 0,
    output: 'text',
    colour: paintFor(undefined, context) === coloured,
    alt: 'final',
    prefix: shown !== 'one',
    order: 'stream',
    maxStreams: MAX_STREAMS,
    cursor: undefined,
    pager: !follow && isTTY,
    live: follow && canRedraw(context),
    summary: false,
  };
}

/** Reads a line of `orch logs`. @throws OrchError BAD_ARGUMENT */
export function linesRequest(line: ParsedLine, context: CliContext, tasks: 'one' | 'several'): LinesRequest {
  const { options } = line;
  const all = options.has('all-tasks');
  const follow = options.has('follow');
  needs(options, 'exit-on-done', ['follow', 'all-tasks']);
  needs(options, 'keep-following', ['follow']);
  needs(options, 'context', ['grep']);
  needs(options, 'interval', ['table']);
  if (options.has('exit-on-done') && options.has('keep-following'))
    throw contradiction('--exit-on-done', '--keep-following');
  const output = readOutput(options);
  const flags = options.has('ignore-case') ? 'i' : '';
  const grep = pattern(options, 'grep', flags);
  const defaults = defaultLines(all ? 'all' : tasks, follow, context);
  return {
    ...defaults,
    ends: all ? options.has('exit-on-done') : !options.has('keep-following'),
    sources: readSources(options, output) ?? defaults.sources,
    begin: readBeginning(options, context) ?? defaults.begin,
    until: readTime(options, 'until', context),
    timestamps: readTimestamps(options),
    grep,
    exclude: pattern(options, 'exclude', flags),
    highlight: pattern(options, 'highlight', flags) ?? grep,
    context: readCount(options, 'context') ?? defaults.context,
    output,
    colour: output !== 'json' && !options.has('no-ansi') && paintFor(line, context) === coloured,
    alt: readAlt(options),
    prefix: readPrefix(options, output) ?? defaults.prefix,
    order: options.text('order') === 'grouped' ? 'grouped' : 'stream',
    maxStreams: readValue(options, 'max-streams', count) ?? defaults.maxStreams,
    cursor: options.text('cursor'),
    pager: defaults.pager && options.text('pager') !== 'never',
    live: defaults.live && output !== 'json' && !options.has('no-ansi'),
    summary: options.has('summary'),
  };
}

/** Whether lines on stdout can be drawn over. */
export function canRedraw({ stdout, env }: CliContext): boolean {
  return stdout.isTTY && env['TERM'] !== 'dumb';
}

/** How often the table is redrawn, in milliseconds. */
export function readInterval(options: OptionValues): number {
  return readValue(options, 'interval', count) ?? INTERVAL_MS;
}

/** Milliseconds of Unix time; undefined where the option was not given. */
export function readTime(options: OptionValues, name: 'since' | 'until', { clock }: CliContext): number | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  const ms = parseWallTime(text, clock.now());
  if (ms !== undefined) return ms;
  throw errors.badArgument(`--${name} ${text} is not a time`, 'such as 10m (ago), 2026-01-02T03:04:05Z, or 1767322995');
}

/** The first of `options` that has no meaning together with `what`; undefined where there is none. */
export function refuseBeside(what: string, options: OptionValues, names: readonly string[]): void {
  const found = names.find((name) => options.has(name));
  if (found !== undefined) throw errors.badArgument(`${what} and --${found} exclude each other`, 'leave one out');
}

function needs(options: OptionValues, name: string, needed: readonly string[]): void {
  if (!options.has(name) || needed.every((other) => options.has(other))) return;
  throw errors.badArgument(
    `--${name} goes with ${needed.map((other) => `--${other}`).join(' and ')}`,
    'orch logs --help',
  );
}

function contradiction(one: string, other: string): Error {
  return errors.badArgument(`${one} and ${other} exclude each other`, 'leave one out');
}

function readOutput(options: OptionValues): 'text' | 'json' | 'cat' {
  const output = options.text('output');
  return output === 'json' || output === 'cat' ? output : 'text';
}

function readSources(options: OptionValues, output: string): ReadonlySet<Source> | undefined {
  const source = options.text('source');
  if (options.has('backend') && source !== undefined && source !== 'backend')
    throw contradiction('--backend', `--source ${source}`);
  if (source === 'all') return new Set(['backend', 'orch']);
  if (source === 'orch') return new Set(['orch']);
  return source === 'backend' || options.has('backend') || output === 'cat' ? new Set(['backend']) : undefined;
}

function readBeginning(options: OptionValues, context: CliContext): BeginningOfView | undefined {
  const since = readTime(options, 'since', context);
  if (options.has('tail') && options.has('lines')) throw contradiction('--tail', '--lines');
  const name = options.has('lines') ? 'lines' : 'tail';
  const text = options.text(name);
  if (text !== undefined && since !== undefined) throw contradiction(`--${name}`, '--since');
  if (since !== undefined) return { type: 'since', ms: since };
  if (text === 'all') return { type: 'start' };
  const lines = readCount(options, name);
  if (lines !== undefined) return lastLines(lines);
  // A search, or an end that was given, is about all lines.
  const wantsAll = options.has('grep') || options.has('exclude') || options.has('until');
  return wantsAll ? { type: 'start' } : undefined;
}

function lastLines(lines: number): BeginningOfView {
  return { type: 'last', lines };
}

function readTimestamps(options: OptionValues): 'iso' | 'short' | 'rel' | undefined {
  if (!options.has('timestamps')) return undefined;
  const format = options.text('timestamps');
  return format === 'short' || format === 'rel' ? format : 'iso';
}

function readPrefix(options: OptionValues, output: string): boolean | undefined {
  const when = options.text('prefix') ?? 'auto';
  if (when !== 'auto') return when === 'always';
  return output === 'text' ? undefined : false;
}

function pattern(options: OptionValues, name: string, flags: string): Pattern | undefined {
  const text = options.text(name);
  return text === undefined ? undefined : readPattern(`--${name}`, text, flags);
}

function readCount(options: OptionValues, name: string): number | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw errors.badArgument(`--${name} ${text} is not a number of lines`, `such as --${name} 100`);
}
