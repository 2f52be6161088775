import { loadConfig } from '../../config/load-config.js';
import { errors } from '../../core/errors.js';
import { inForeground } from '../../pty/process/foreground.js';
import { flagsOf } from '../../settings/flag.js';
import { runFlags } from '../../settings/run-flags.js';
import { runSettings } from '../../settings/run-settings.js';
import type { Command, ParsedLine } from '../options/command.js';
import type { CliContext } from '../options/context.js';
import { readFlags } from '../options/read-value.js';
import { resumedLine } from '../run/resumed-line.js';
import { withConfig } from '../run/with-config.js';

export const runCommand: Command = {
  name: 'run',
  summary: 'run an agent, show it live and record every byte',
  usage: '[options] <prompt...> | [options] -- <command> [arg...]',
  operands: { min: 0, max: Infinity },
  takesCommand: true,
  options: flagsOf(runFlags),
  examples: [
    { line: 'orch run -b demo', does: 'an agent that needs no key and no network' },
    { line: 'orch run "fix the tests"', does: 'claude, live and recorded' },
    { line: 'orch run --until DONE "fix it"', does: 'repeat until it prints DONE' },
    { line: 'orch run --prompts todo.txt', does: 'one task a line, four at a time' },
    { line: 'orch run -q -- make -j4', does: 'any command, only recorded' },
    { line: 'orch run -d "fix the tests"', does: 'in the background; orch attach shows it' },
  ],
  run,
};

/** What the run itself takes is loaded by the process that it is in. */
async function run(asked: ParsedLine, caller: CliContext): Promise<number> {
  if (asked.options.has('detach'))
    return (await import('../run/start-host.js')).startHost(asked.words, readFlags(asked.options, runFlags), caller);
  const resumed = await resumedLine(asked, caller);
  const { line, context } = resumed;
  const config = await loadConfig(context.cwd);
  const given = readFlags(line.options, runFlags);
  if (given.prompts !== undefined) {
    const { runParallel } = await import('../run/run-parallel.js');
    return runParallel(line, { ...given, prompts: given.prompts }, config, context);
  }
  if (given.parallel !== undefined)
    throw errors.badArgument('--parallel goes with --prompts', 'orch run --parallel 4 --prompts FILE');
  const { stdin, stdout } = context;
  const settings = runSettings(withConfig(given, line.rest !== undefined, config), stdout.isTTY);
  // A person sits before it: keys come from a terminal, and the picture goes to one.
  if (settings.output === 'raw' && stdin.isTTY && stdout.isTTY && inForeground())
    return (await import('../run/run-attended.js')).runAttended(asked.words, settings, caller);
  return (await import('../run/run-here.js')).runHere(resumed, settings, config);
}
