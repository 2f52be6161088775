import { constants } from 'node:os';

/** How a process ended: its code, and the number of the signal that killed it (0 when none did). */
export interface ExitStatus {
  readonly exitCode: number;
  readonly signal: number;
}

/** orch's own exit codes (`run` otherwise returns the agent's). docs/exit-codes.md is made from it. */
export const ExitCode = {
  ok: 0,
  io: 1,
  usage: 2,
  noSuchTask: 3,
  damaged: 4,
  iterationsUsedUp: 5,
  timeout: 124,
  notExecutable: 126,
  noSuchCommand: 127,
  interrupted: 130,
} as const;

/** The status of a child process as Node reports it: a code, or the name of the signal that killed it. */
export function exitStatusOf(code: number | null, killedBy: SignalName | null): ExitStatus {
  return { exitCode: code ?? 0, signal: killedBy === null ? 0 : constants.signals[killedBy] };
}

/** The shell's convention: the code, or 128 + the signal's number. */
export function shellExitCode(status: ExitStatus): number {
  return status.signal === 0 ? status.exitCode : 128 + status.signal;
}

/** `SIGTERM` for 15; undefined for 0 and for numbers that have no name here. */
export function signalName(signal: number): SignalName | undefined {
  const found = Object.entries(constants.signals).find(([, number]) => number === signal);
  return found?.[0] as SignalName | undefined;
}

/** Node's names of signals. Spelt out, so that the published types need no types of Node's. */
export type SignalName =
  | 'SIGABRT'
  | 'SIGALRM'
  | 'SIGBUS'
  | 'SIGCHLD'
  | 'SIGCONT'
  | 'SIGFPE'
  | 'SIGHUP'
  | 'SIGILL'
  | 'SIGINT'
  | 'SIGIO'
  | 'SIGIOT'
  | 'SIGKILL'
  | 'SIGPIPE'
  | 'SIGPOLL'
  | 'SIGPROF'
  | 'SIGPWR'
  | 'SIGQUIT'
  | 'SIGSEGV'
  | 'SIGSTKFLT'
  | 'SIGSTOP'
  | 'SIGSYS'
  | 'SIGTERM'
  | 'SIGTRAP'
  | 'SIGTSTP'
  | 'SIGTTIN'
  | 'SIGTTOU'
  | 'SIGUNUSED'
  | 'SIGURG'
  | 'SIGUSR1'
  | 'SIGUSR2'
  | 'SIGVTALRM'
  | 'SIGWINCH'
  | 'SIGXCPU'
  | 'SIGXFSZ'
  | 'SIGBREAK'
  | 'SIGLOST'
  | 'SIGINFO';
