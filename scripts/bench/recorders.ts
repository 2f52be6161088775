import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Peer } from './bench.js';
import type { Build } from './builds.js';

/** A program that records a command under a pseudo-terminal. */
export interface Recorder {
  readonly name: string;
  /** The shell command that records `command` (a shell command itself) below `folder`, and ends when it ended. */
  record(command: string, folder: string): string;
}

export const ANSI2TXT: Peer = { name: 'ansi2txt', programs: ['ansi2txt'], debian: 'colorized-logs' };

/** `flags`: those of `orch run`. */
export function orchRecorder({ name, bin }: Build, flags: readonly string[]): Recorder {
  return {
    name,
    record: (command, folder) =>
      `${quote(process.execPath)} ${quote(bin)} run --dir ${quote(folder)} ${flags.join(' ')} -- sh -c ${quote(command)}`,
  };
}

export const script: Recorder & { readonly peer: Peer } = {
  name: 'script',
  peer: { name: 'script', programs: ['script'], debian: 'bsdutils' },
  record: (command, folder) => `script -q -c ${quote(command)} ${quote(join(folder, 'script.log'))}`,
};

/** Recorders that are slower, to see by how much. */
export const others: readonly (Recorder & { readonly peer: Peer })[] = [
  {
    name: 'tmux pipe-pane',
    peer: { name: 'tmux pipe-pane', programs: ['tmux'] },
    record: (command, folder) => {
      const tmux = `tmux -f /dev/null -S ${quote(join(folder, 'socket'))}`;
      return [
        `${tmux} new-session -d -x 80 -y 24 ${quote(`${tmux} wait-for go; ${command}; ${tmux} wait-for -S done`)}`,
        `${tmux} pipe-pane ${quote(`cat > ${quote(join(folder, 'tmux.log'))}`)}`,
        `${tmux} wait-for -S go`,
        `${tmux} wait-for done`,
      ].join('; ');
    },
  },
  {
    name: 'unbuffer',
    peer: { name: 'unbuffer', programs: ['unbuffer'], debian: 'expect' },
    record: (command, folder) => `unbuffer sh -c ${quote(command)} > ${quote(join(folder, 'unbuffer.log'))}`,
  },
  {
    name: 'asciinema',
    peer: { name: 'asciinema', programs: ['asciinema'] },
    record: (command, folder) => `asciinema rec -q -c ${quote(command)} ${quote(join(folder, 'asciinema.cast'))}`,
  },
];

/** Whether there is such a program in PATH. */
export function isHere(program: string): boolean {
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
