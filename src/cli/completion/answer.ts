import type { Command, CommandEntry, OptionValues } from '../options/command.js';
import { optionFlags } from '../../settings/option-flags.js';
import { optionIn, typedArguments } from './typed-arguments.js';
import { operandKind, type CompletionKind, valueKind } from './value-kind.js';

/** One line without control characters each. */
export interface Candidate {
  readonly value: string;
  /** May be empty. */
  readonly description: string;
}

/** The answer to a shell: candidates, or a kind of thing that it looks up itself. */
export type CompletionAnswer =
  | { readonly type: 'words'; readonly candidates: readonly Candidate[] }
  | { readonly type: 'files' | 'folders' }
  /** A command line of its own begins at this word, counted from `orch`, which is 0. */
  | { readonly type: 'command'; readonly at: number };

/** Where candidates come from. */
export interface Sources {
  readonly commands: readonly CommandEntry[];
  backends(): Promise<readonly Candidate[]>;
  /** The tasks that a line with these options means. */
  tasks(options: OptionValues): Promise<readonly Candidate[]>;
}

/**
 * What may stand in place of `current`, the word being typed, behind `words`, which are all words in front of it but
 * `orch`. Every candidate begins with `current`.
 */
export async function answer(words: readonly string[], current: string, sources: Sources): Promise<CompletionAnswer> {
  const [name, ...args] = words;
  if (name === undefined || (name === 'help' && args.length === 0))
    return matching(current, current.startsWith('-') ? PROGRAM_FLAGS : sources.commands.map(commandCandidate));
  const command = await sources.commands.find((entry) => entry.name === name)?.load();
  return command === undefined ? NOTHING : answerFor(command, args, current, sources);
}

const NOTHING: CompletionAnswer = { type: 'words', candidates: [] };

const HELP_FLAGS = flagCandidates('-h', '--help', 'print help');
const PROGRAM_FLAGS = [...HELP_FLAGS, ...flagCandidates('-V', '--version', 'print the version')];

async function answerFor(
  command: Command,
  args: readonly string[],
  current: string,
  sources: Sources,
): Promise<CompletionAnswer> {
  const { awaiting, operands, dashesAt, options } = typedArguments(command, args);
  const offer = (kind: CompletionKind | undefined, head: string): Promise<CompletionAnswer> =>
    offered(kind, head, current, options, sources);
  if (dashesAt !== undefined && command.takesCommand === true) return { type: 'command', at: dashesAt + 3 };
  if (awaiting !== undefined) return offer(valueKind(awaiting), '');
  if (dashesAt === undefined && current.startsWith('-')) {
    const option = optionIn(command, current);
    if (option?.value !== undefined) return offer(valueKind(option.spec), option.head);
    return matching(current, allFlags(command));
  }
  const kind = operands < command.operands.max ? operandKind(command) : undefined;
  if (kind !== undefined || dashesAt !== undefined || current !== '') return offer(kind, '');
  return matching('--', allFlags(command));
}

async function offered(
  kind: CompletionKind | undefined,
  head: string,
  current: string,
  options: OptionValues,
  sources: Sources,
): Promise<CompletionAnswer> {
  const beginningWith = (candidates: readonly Candidate[]): CompletionAnswer =>
    matching(
      current,
      candidates.map(({ value, description }) => ({ value: head + value, description })),
    );
  switch (kind?.type) {
    case undefined:
      return NOTHING;
    case 'choices':
      return beginningWith(kind.choices.map((value) => ({ value, description: '' })));
    case 'backend':
      return beginningWith(await sources.backends());
    case 'task':
      return beginningWith(await sources.tasks(options));
    case 'file':
      return { type: 'files' };
    case 'folder':
      return { type: 'folders' };
  }
}

function allFlags({ options }: Command): readonly Candidate[] {
  const own = options.flatMap((option) => {
    const { short, long } = optionFlags(option);
    return flagCandidates(short === undefined ? undefined : `-${short}`, `--${long}`, option.description);
  });
  return [...own, ...HELP_FLAGS];
}

function flagCandidates(short: string | undefined, long: string, description: string): readonly Candidate[] {
  return [...(short === undefined ? [] : [{ value: short, description }]), { value: long, description }];
}

function commandCandidate({ name, summary }: CommandEntry): Candidate {
  return { value: name, description: summary };
}

function matching(prefix: string, candidates: readonly Candidate[]): CompletionAnswer {
  return { type: 'words', candidates: candidates.filter(({ value }) => value.startsWith(prefix)) };
}
