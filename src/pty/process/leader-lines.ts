import type { ExitStatus } from '../../core/exit-status.js';

/** The order to a session leader, as one line of JSON: the program to start, resolved. */
export interface LedProgram {
  readonly file: string;
  readonly args: readonly string[];
  /** All of the program's environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** The leader's messages, a line each: that the program runs, and how it ended. */
export type LeaderLine =
  | { readonly type: 'started'; readonly pid: number }
  | { readonly type: 'ended'; readonly status: ExitStatus };

export function startedLine(pid: number): string {
  return `started ${pid}\n`;
}

export function endedLine({ exitCode, signal }: ExitStatus): string {
  return `ended ${exitCode} ${signal}\n`;
}

/** Parses a message; undefined where it is none. */
export function readLeaderLine(line: string): LeaderLine | undefined {
  const [, started, code, signal] = /^(?:started (\d+)|ended (\d+) (\d+))$/.exec(line) ?? [];
  if (started !== undefined) return { type: 'started', pid: Number(started) };
  if (code === undefined) return undefined;
  return { type: 'ended', status: { exitCode: Number(code), signal: Number(signal) } };
}
