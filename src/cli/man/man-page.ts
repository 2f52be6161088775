import { codePointOf } from '../../core/items/element-at.js';
import { ExitCode } from '../../core/exit-status.js';
import { sentence } from '../options/parse-with-errors.js';
import type { Command, Example, OptionSpec } from '../options/command.js';

/** The man page orch(1): roff with the macros of man(7), from what the help of each command is made of. */
export function manPage(commands: readonly Command[], version: string): string {
  return [
    `.TH ORCH 1 "" "orch ${roff(version)}" "orch manual"`,
    // Neither hyphenated nor stretched: names of flags are to be found, and copied, as they are.
    '.nh',
    '.ad l',
    ...section('NAME', [
      roff('orch - run an AI coding agent under a pseudo-terminal, record every byte, read it back'),
    ]),
    ...section('SYNOPSIS', [
      '.nf',
      ...commands.flatMap(synopsis),
      `${bold('orch')} [${bold('-h')} | ${bold('-V')}]`,
      '.fi',
    ]),
    ...section(
      'DESCRIPTION',
      DESCRIPTION.flatMap((paragraph) => ['.PP', roff(paragraph)]),
    ),
    ...section('OPTIONS', PROGRAM_OPTIONS.flatMap(option)),
    ...section('COMMANDS', commands.flatMap(subsection)),
    ...section('ENVIRONMENT', items(ENVIRONMENT)),
    ...section('EXIT STATUS', [roff(EXIT_OF_RUN), ...items(exitMeanings())]),
    ...section('FILES', items(FILES)),
    ...section('SEE ALSO', [`${bold('script')}(1), ${bold('less')}(1), ${bold('tmux')}(1), ${bold('pty')}(7)`]),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** Text for roff: what it would take for something of its own is spelt out, so that it prints, and copies, as it is. */
export function roff(plain: string): string {
  return plain
    .replace(/\s+/g, ' ')
    .replace(/[\\'`^~"-]/g, (character) => SPELT[character] ?? character)
    .replace(/[^\x20-\x7e]/gu, (character) => `\\[u${hex(character)}]`)
    .replace(/^\./, '\\&.');
}

const SPELT: Readonly<Record<string, string>> = {
  '\\': '\\(rs',
  "'": '\\(aq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
  '"': '\\(dq',
  '-': '\\-',
};

function hex(character: string): string {
  return codePointOf(character).toString(16).toUpperCase().padStart(4, '0');
}

const DESCRIPTION = [
  'orch runs an AI coding agent, or any command, under a pseudo-terminal of its own. On a terminal it looks and behaves as if orch were not there; every byte it prints is recorded in the nearest .agent folder. You can follow a recording from another terminal, read it as clean text without redraws, and search it, while the agent runs and afterwards.',
  'TASK is the id of a task, the beginning of an id, a name given with --name, or latest. FILE may be - for standard input. After -- nothing is an option.',
  'orch completion prints a script for bash, zsh or fish that completes commands, flags and tasks.',
];

const PROGRAM_OPTIONS: readonly OptionSpec[] = [
  { flags: '-h, --help', description: 'print help; after a command, its own' },
  { flags: '-V, --version', description: 'print the version' },
];

/** Every variable orch looks at; a test compares. */
export const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ['ORCH_DIR', 'the folder of recordings, unless --dir names one'],
  ['ORCH_DEBUG', '1: print with each error where in the code it came from'],
  ['ORCH_VERBOSE', '1: agents of the library show on stdout what they print'],
  ['SUDO_UID', 'the user whose orch.yml and .agent root accepts, besides its own'],
  ['XDG_RUNTIME_DIR', 'where the sockets of tasks go whose folder has too long a path (else the temporary folder)'],
  ['NO_COLOR', 'when not empty: no colours'],
  [
    'FORCE_COLOR',
    'when not empty: colours also where stdout is no terminal, and none with 0 or false; stronger than NO_COLOR',
  ],
  [
    'PAGER',
    'the command that orch logs pipes more than a screen to (default: less, with LESS set to FRX unless it is set)',
  ],
  ['TERM', 'dumb: no colours; an agent gets xterm-256color instead, also when TERM is not set'],
  ['COLUMNS, LINES', "the size of the agent's terminal, where orch has no terminal"],
  ['PATH', 'where orch looks for the agent'],
  ['PWD', 'the path recorded for the working folder, if it leads there'],
  ['HOME', 'the meaning of ~/ after --dir while a shell completes a line'],
  [
    'XDG_CACHE_HOME',
    'where Node keeps the compiled code of orch, in orch/code, with Node 22.1 or newer (default: ~/.cache)',
  ],
  ['UV_THREADPOOL_SIZE', "threads of Node's pool (default: 2 while a recording is made)"],
  ['ORCH_TASK_ID, ORCH_TASK_DIR', 'set for the agent: the id of its task, and the folder'],
];

const EXIT_OF_RUN =
  "orch run ends with the agent's own code, or 128 and the number of the signal that killed it. Otherwise:";

const EXIT_MEANINGS: Readonly<Record<keyof typeof ExitCode, string>> = {
  ok: 'success; also when the reader of the output closed it (| head)',
  io: 'an input or output error',
  usage: 'the command line or orch.yml is wrong, or a name could mean several tasks',
  noSuchTask: 'no such task',
  damaged: 'a recording is damaged, or bytes are missing from it',
  iterationsUsedUp: 'the agent reached --max-iterations without the --until line',
  timeout: 'the agent took too long, or printed nothing for too long',
  notExecutable: 'the command cannot be executed',
  noSuchCommand: 'no such command',
  interrupted: 'interrupted',
};

/** The exit codes of orch itself, and what they mean. */
export function exitMeanings(): [code: string, meaning: string][] {
  return Object.entries(EXIT_MEANINGS).map(([name, meaning]) => [
    `${ExitCode[name as keyof typeof ExitCode]}`,
    meaning,
  ]);
}

const FILES: readonly (readonly [string, string])[] = [
  ['.agent/', 'the recordings: the nearest one from the working folder upwards, else a new one next to .git, or here'],
  ['.agent/task-SECONDS-N/task.json', 'what ran, where, when, how it ended, how many bytes, their SHA-256'],
  ['.agent/task-SECONDS-N/backend.log', 'every byte the agent printed, and nothing else'],
  ['.agent/task-SECONDS-N/backend.idx', "when each byte arrived, and the terminal's size"],
  ['.agent/task-SECONDS-N/events.jsonl', 'start, resizes, statuses, signals, gaps, end'],
  ['.agent/task-SECONDS-N/task.log', "orch's own notes"],
  ['orch.yml', 'defaults of orch run, and agents of your own: the nearest one from the working folder upwards'],
];

/** A usage has one form behind the other, with a bar between. */
function synopsis({ name, usage }: Command): string[] {
  return usage.split(' | ').map((form) => `${bold(`orch ${name}`)} ${roff(form)}`);
}

function subsection(command: Command): string[] {
  const { name, summary, options, examples } = command;
  return [
    `.SS orch ${name}`,
    roff(sentence(summary)),
    ...options.flatMap(option),
    '.PP',
    'Examples:',
    '.RS 4',
    ...examples.flatMap(example),
    '.RE',
  ];
}

function option({ flags, description, choices }: OptionSpec): string[] {
  const placeholder = /[ [].*$/;
  const spelt = flags.split(', ').map((flag) => {
    const value = placeholder.exec(flag)?.[0] ?? '';
    return (
      bold(flag.replace(placeholder, '')) + value.replace(/[^<>[\]=]+/g, (word) => (word === ' ' ? ' ' : italic(word)))
    );
  });
  const oneOf = choices === undefined ? '' : `; one of ${choices.join(', ')}`;
  return ['.TP', spelt.join(', '), roff(`${description}${oneOf}`)];
}

function example({ line, does }: Example): string[] {
  return ['.TP', bold(line), roff(does)];
}

function items(entries: readonly (readonly [string, string])[]): string[] {
  return entries.flatMap(([name, meaning]) => ['.TP', bold(name), roff(meaning)]);
}

function section(title: string, lines: readonly string[]): string[] {
  return [`.SH ${title}`, ...lines];
}

function bold(plain: string): string {
  return `\\fB${roff(plain)}\\fR`;
}

function italic(plain: string): string {
  return `\\fI${roff(plain)}\\fR`;
}
