import { resolve } from 'node:path';
import type { Config } from '../../config/config.js';
import { type PromptTask, readPrompts } from '../../config/prompts-file.js';
import { errors, OrchError } from '../../core/errors.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import type { RecordingRequest } from '../../record/run/recording.js';
import { flagsOf } from '../../settings/flag.js';
import { optionFlags } from '../../settings/option-flags.js';
import { runFlags } from '../../settings/run-flags.js';
import { runSettings } from '../../settings/run-settings.js';
import { type GivenOptions, OptionValues, type ParsedLine } from '../options/command.js';
import type { CliContext } from '../options/context.js';
import { hostingWords } from '../hosting/hosting.js';
import { readFlags } from '../options/read-value.js';
import { wordsOf } from './lasting-options.js';
import { agentOf, requestFor } from './run-request.js';
import { withConfig } from './with-config.js';

/** One of many tasks, before it begins. */
export interface PlannedTask {
  /** The words by which its host is asked for. */
  readonly words: readonly string[];
  /** The prompt, of any length, for its stdin; empty where it has none. */
  readonly prompt: string;
}

export interface ManyTasks {
  /** The file, as it was named. */
  readonly prompts: string;
  /** The size of the user's terminal. */
  readonly size: TerminalSize | undefined;
  readonly agentDir: () => string;
}

/**
 * The tasks of a prompts file, each with its own options and those of `line`, which are for all. What can be wrong with any of them
 * is found here.
 *
 * @throws OrchError of the file, and of a task with its place in the file
 */
export function planMany(
  line: ParsedLine,
  { prompts, size, agentDir }: ManyTasks,
  config: Config,
  context: CliContext,
): readonly PlannedTask[] {
  return readPrompts(resolve(context.cwd, prompts), prompts).map((task) => {
    try {
      const one = lineOf(task, line.options);
      const given = readFlags(one.options, runFlags);
      const settings = runSettings(withConfig(given, task.type === 'command', config), false);
      const agent = agentOf(one, settings, config);
      const request = requestFor(agent, settings, { attached: false, size }, agentDir, context);
      return { words: wordsFor(one, request), prompt: request.prompt ?? '' };
    } catch (error) {
      if (!(error instanceof OrchError)) throw error;
      throw errors.badArgument(`${task.at}: ${error.message}`, error.fix ?? '');
    }
  });
}

type LineOfOne = Pick<ParsedLine, 'operands' | 'rest' | 'options'>;

const LONG_NAMES: readonly string[] = flagsOf(runFlags).map((flag) => optionFlags(flag).long);
/** Options of a line that are about the file, or for one task alone. */
const OF_MANY: ReadonlySet<string> = new Set(['prompts', 'parallel', 'prompt-file', 'detach', 'resume']);
/** A command has no backend, and says nothing. */
const OF_AGENTS: ReadonlySet<string> = new Set(['backend', 'mode', 'until']);

/** A task as a line of `orch run`: its options in the file count first, then those for all. */
function lineOf(task: PromptTask, forAll: OptionValues): LineOfOne {
  const values: GivenOptions = new Map();
  for (const long of LONG_NAMES) {
    const own = task.options.get(long);
    const isForIt = !OF_MANY.has(long) && !(task.type === 'command' && OF_AGENTS.has(long));
    if (own !== undefined) values.set(long, [own]);
    else if (isForIt && forAll.has(long)) values.set(long, [...forAll.given(long)]);
  }
  if (task.type === 'prompt-file') values.set('prompt-file', [task.promptFile]);
  return {
    operands: task.type === 'prompt' ? [task.prompt] : [],
    rest: task.type === 'command' ? task.argv : undefined,
    options: new OptionValues(values),
  };
}

/** What its host is to know in another way, or not at all. */
const NOT_FOR_HOST: ReadonlySet<string> = new Set(['dir', 'output', 'prompt-file']);

function wordsFor({ rest, options }: LineOfOne, { size, agentDir, prompt }: RecordingRequest): readonly string[] {
  return [
    ...hostingWords({ type: 'one-of-many', size, promptBytes: Buffer.byteLength(prompt ?? '') }),
    ...LONG_NAMES.filter((long) => !NOT_FOR_HOST.has(long)).flatMap((long) => wordsOf(options, long)),
    `--dir=${agentDir}`,
    ...(prompt === undefined ? [] : ['--prompt-file=-']),
    ...(rest === undefined ? [] : ['--', ...rest]),
  ];
}
