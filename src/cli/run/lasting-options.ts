import { flagsOf } from '../../settings/flag.js';
import { optionFlags } from '../../settings/option-flags.js';
import { runFlags } from '../../settings/run-flags.js';
import type { OptionValues } from '../options/command.js';

/** Options of `orch run` that are about one start alone, or its terminal; `notify` runs what it says, which a record is not to be trusted with. */
const OF_ONE_START: ReadonlySet<string> = new Set([
  'backend',
  'mode',
  'output',
  'quiet',
  'detach',
  'detach-keys',
  'on-hangup',
  'name',
  'dir',
  'prompt-file',
  'notify',
  'prompts',
  'parallel',
  'speed',
  'resume',
]);

/** The words that give a run the settings of this line again: what a manifest has as `options`. */
export function lastingOptions(options: OptionValues): readonly string[] {
  return flagsOf(runFlags)
    .map((flag) => optionFlags(flag).long)
    .filter((long) => !OF_ONE_START.has(long))
    .flatMap((long) => wordsOf(options, long));
}

/** `--long=value`, for each value that was given. */
export function wordsOf(options: OptionValues, long: string): readonly string[] {
  return options.given(long).map((value) => (value === true ? `--${long}` : `--${long}=${value}`));
}
