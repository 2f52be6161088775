import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ORCH } from '../../tests/fixtures/run-orch.js';

/** A program that records a command under a pseudo-terminal. */
export interface Recorder {
  readonly name: string;
  /** The shell command that records `command` (a shell command itself) below `folder`, and ends when it ended. */
  record(command: string, folder: string): string;
  /** Whether its work is done by its own children, so that their CPU time is its own. */
  readonly countsCpu: boolean;
}

export const orch: Recorder = {
  name: 'orch',
  record: (command, folder) =>
    `${quote(process.execPath)} ${quote(ORCH)} run --dir ${quote(folder)} --output raw -- sh -c ${quote(command)}`,
  countsCpu: true,
};

const peers: readonly (Recorder & { readonly program: string })[] = [
  {
    name: 'script',
    program: 'script',
    record: (command, folder) => `script -q -c ${quote(command)} ${quote(join(folder, 'script.log'))}`,
    countsCpu: true,
  },
  {
    name: 'tmux pipe-pane',
    program: 'tmux',
    record: (command, folder) => {
      const tmux = `tmux -f /dev/null -S ${quote(join(folder, 'socket'))}`;
      return [
        `${tmux} new-session -d -x 80 -y 24 ${quote(`${tmux} wait-for go; ${command}; ${tmux} wait-for -S done`)}`,
        `${tmux} pipe-pane ${quote(`cat > ${quote(join(folder, 'tmux.log'))}`)}`,
        `${tmux} wait-for -S go`,
        `${tmux} wait-for done`,
      ].join('; ');
    },
    countsCpu: false,
  },
  {
    name: 'unbuffer',
    program: 'unbuffer',
    record: (command, folder) => `unbuffer sh -c ${quote(command)} > ${quote(join(folder, 'unbuffer.log'))}`,
    countsCpu: true,
  },
  {
    name: 'asciinema',
    program: 'asciinema',
    record: (command, folder) => `asciinema rec -q -c ${quote(command)} ${quote(join(folder, 'asciinema.cast'))}`,
    countsCpu: true,
  },
];

/** The peers that are on this machine, of those that `wanted` names (all, when it names none). */
export function peersHere(wanted: readonly string[]): Recorder[] {
  return peers.filter(({ name, program }) => isHere(program) && (wanted.length === 0 || wanted.includes(name)));
}

function isHere(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** As one word for a POSIX shell. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
