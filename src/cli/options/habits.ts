/** Commands of docker, tmux and the shell, and what orch has in their place; only where that is certain. */
export const COMMAND_HABITS: readonly CommandHabit[] = [
  {
    words: ['ps', 'list', 'list-sessions', 'status'],
    instead: 'orch ls lists the tasks and how they are doing',
  },
  { words: ['kill', 'kill-session', 'kill-server', 'terminate', 'cancel'], instead: 'orch stop TASK ends a task' },
  { words: ['tail', 'follow'], instead: 'orch logs -f TASK prints what a task prints, live' },
  { words: ['cat', 'log'], instead: 'orch logs TASK prints what a task has printed' },
  { words: ['capture-pane'], instead: 'orch logs --screen TASK prints the screen of a task' },
  { words: ['send-keys'], instead: 'orch send TASK TEXT types to a task; --keys presses keys' },
  { words: ['attach-session'], instead: 'orch attach TASK shows a task on this terminal' },
  { words: ['detach-client'], instead: 'orch detach TASK has every terminal leave a task' },
  { words: ['new', 'new-session'], instead: 'orch run -d "PROMPT" starts an agent in the background' },
  { words: ['inspect'], instead: 'orch show TASK shows the details of a task' },
  { words: ['remove', 'delete', 'del'], instead: 'orch rm TASK removes a task' },
  { words: ['gc', 'clean', 'cleanup'], instead: 'orch prune removes old tasks' },
  { words: ['grep', 'find'], instead: 'orch search PATTERN finds lines in all tasks' },
  { words: ['play'], instead: 'orch replay TASK plays a recording' },
  { words: ['rec', 'record'], instead: 'orch run -- COMMAND records a command' },
  { words: ['version'], instead: 'orch --version prints the version' },
];

interface CommandHabit {
  readonly words: readonly string[];
  readonly instead: string;
}

interface OptionHabit {
  /** The whole option, without a value behind `=`. */
  readonly option: RegExp;
  readonly instead: string;
}

/** The same for options, by the command they are given to. */
export const OPTION_HABITS: ReadonlyMap<string, readonly OptionHabit[]> = new Map([
  [
    'run',
    [
      {
        option: /^(-[dit]*[it][dit]*|--interactive|--tty)$/,
        instead:
          'leave it out: an agent always has a terminal, and in yours takes your keys; to type to one of run -d: orch attach',
      },
      {
        option: /^--rm$/,
        instead: 'leave it out: a recording stays until orch rm TASK, orch prune, or retention in orch.yml removes it',
      },
      { option: /^(-e|--env)$/, instead: 'the agent has your variables: NAME=value orch run …' },
      { option: /^(-w|--workdir|--cwd)$/, instead: 'the agent works where orch run is started: cd FOLDER first' },
    ],
  ],
  ['ls', [{ option: /^(-a|-A|--all)$/, instead: 'leave it out: orch ls lists all tasks' }]],
  [
    'stop',
    [
      { option: /^(-t|--time|--timeout)$/, instead: '--kill-after TIME is the time between SIGTERM and SIGKILL' },
      { option: /^(-f|--force)$/, instead: '--kill-after 0 kills at once' },
    ],
  ],
  [
    'rm',
    [
      { option: /^(-f|--force)$/, instead: '--stop ends those that run first' },
      { option: /^(-a|-A|--all)$/, instead: 'orch prune --keep 0 removes all that have ended' },
      { option: /^(-r|-rf|-fr|--recursive)$/, instead: 'leave it out: a task is removed with all that is in it' },
    ],
  ],
  ['attach', [{ option: /^-t$/, instead: 'name the task alone: orch attach TASK' }]],
  ['detach', [{ option: /^-[st]$/, instead: 'name the task alone: orch detach TASK' }]],
]);

/** What orch has in place of another program's command; undefined where that is not certain. */
export function instead(command: string): string | undefined {
  return COMMAND_HABITS.find(({ words }) => words.includes(command))?.instead;
}

/** What an orch command has in place of another program's option, which may have a value behind `=`. */
export function insteadOfOption(command: string, option: string): string | undefined {
  const name = option.replace(/=.*$/s, '');
  return OPTION_HABITS.get(command)?.find((habit) => habit.option.test(name))?.instead;
}
