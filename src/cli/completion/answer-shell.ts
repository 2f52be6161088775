import { type Backend, backends } from '../../backends/index.js';
import { NO_CONFIG } from '../../config/config.js';
import { loadConfig } from '../../config/load-config.js';
import { ExitCode } from '../../core/exit-status.js';
import { printable } from '../../core/text/printable.js';
import type { CommandEntry } from '../options/command.js';
import type { CliContext } from '../options/context.js';
import { type CompletionAnswer, answer, type Candidate, type Sources } from './answer.js';
import { completionOf, splitLine } from './shell-words.js';

/**
 * `orch complete bash LINE TYPED`, `orch complete zsh|fish WORD… CURRENT`: what the scripts in completions/ ask for at every
 * TAB. The first line of the answer is `words`, `files`, `folders` or `command N`; behind `words` there is a candidate a
 * line. Nothing is said where something is wrong: a person is in the middle of a line.
 */
export async function answerShell(
  args: readonly string[],
  context: CliContext,
  commands: readonly CommandEntry[],
): Promise<number> {
  try {
    const [shell, ...asked] = args;
    await context.stdout.write(
      shell === 'bash'
        ? await forBash(asked, sourcesOf(context, commands))
        : await forWords(shell, asked, sourcesOf(context, commands)),
    );
  } catch {
    // Without an answer the shell offers nothing.
  }
  return ExitCode.ok;
}

/** bash hands over the line as it is typed, and takes what it is given as it is: words are quoted here. */
async function forBash([line = '', typed = '']: readonly string[], sources: Sources): Promise<string> {
  const { words, current } = splitLine(line);
  const found = await answer(words.slice(1), current, sources);
  return answerText(found, ({ value }) => completionOf(value, line, typed));
}

async function forWords(shell: string | undefined, words: readonly string[], sources: Sources): Promise<string> {
  const found = await answer(words.slice(0, -1), words.at(-1) ?? '', sources);
  return answerText(found, shell === 'zsh' ? zshLine : fishLine);
}

function answerText(found: CompletionAnswer, lineOf: (candidate: Candidate) => string | undefined): string {
  switch (found.type) {
    case 'words':
      return ['words', ...found.candidates.flatMap((candidate) => lineOf(candidate) ?? [])].join('\n') + '\n';
    case 'command':
      return `command ${found.at}\n`;
    default:
      return `${found.type}\n`;
  }
}

/** As _describe of zsh reads it: `value:description`. */
function zshLine({ value, description }: Candidate): string {
  const escaped = value.replace(/[\\:]/g, '\\$&');
  return description === '' ? escaped : `${escaped}:${description}`;
}

function fishLine({ value, description }: Candidate): string {
  return description === '' ? value : `${value}\t${description}`;
}

function sourcesOf(context: CliContext, commands: readonly CommandEntry[]): Sources {
  return {
    commands,
    backends: async () => [...backends, ...(await customBackends(context))].map(backendCandidate),
    // Checking manifests takes longer to load than everything else a TAB needs.
    tasks: async (options) => (await import('./task-candidates.js')).taskCandidates(options, context),
  };
}

function backendCandidate({ name, summary }: Backend): Candidate {
  return { value: name, description: printable(summary) };
}

/** An orch.yml that is wrong is for the command to tell. */
async function customBackends({ cwd }: CliContext): Promise<readonly Backend[]> {
  return (await loadConfig(cwd).catch(() => NO_CONFIG)).backends;
}
