import { ExitCode } from '../core/exit-status.js';
import { orchVersion } from '../core/version.js';
import { commandTable } from './command-table.js';
import type { CliContext } from './options/context.js';
import { hostingOf } from './hosting/hosting.js';
import { refuseArguments, refuseVariables } from './run/not-utf8.js';
import { parse } from './options/parse.js';

/** The hidden command that the scripts of `orch completion` call. */
const ASKED_BY_SHELLS = 'complete';

/** As `program.ts` declares them. */
const VERSION_FLAGS: ReadonlySet<string | undefined> = new Set(['--version', '-V']);

/**
 * Runs one command line (`argv` without node and the script) and returns the exit code. Every failure is printed on
 * the context's stderr; it never throws.
 */
export async function main(argv: readonly string[], context: CliContext): Promise<number> {
  try {
    return await dispatch(argv, context);
  } catch (error) {
    return (await import('./output/report-failure.js')).reportFailure(error, context);
  }
}

async function dispatch(argv: readonly string[], context: CliContext): Promise<number> {
  refuseArguments(argv);
  refuseVariables(context.env);
  if (argv[0] === ASKED_BY_SHELLS)
    return (await import('./completion/answer-shell.js')).answerShell(argv.slice(1), context, commandTable);
  // Commander takes longer to load than Node to start.
  if (argv.length === 1 && VERSION_FLAGS.has(argv[0])) return tell(`${orchVersion()}\n`, context);
  const hosted = hostingOf(argv);
  const asked = hosted === undefined ? argv : ['run', ...hosted.words];
  const [name, ...args] = asked[0] === 'help' ? [...asked.slice(1), '--help'] : asked;
  const entry = commandTable.find((candidate) => candidate.name === name);
  if (entry === undefined) {
    const { answerWithoutCommand } = await import('./program.js');
    return tell(answerWithoutCommand(argv[0] === 'help' ? argv.slice(1) : argv).help, context);
  }
  const command = await entry.load();
  const line = parse(command, args) ?? (await import('./options/parse-with-errors.js')).parseWithErrors(command, args);
  if ('help' in line) return tell(line.help, context);
  if (hosted !== undefined) return (await import('./run/run-hosted.js')).runHosted(line, hosted.hosting, context);
  return command.run(line, context);
}

async function tell(help: string, { stdout }: CliContext): Promise<number> {
  await stdout.write(help);
  return ExitCode.ok;
}
