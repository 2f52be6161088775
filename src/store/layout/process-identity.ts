import { readdirSync } from 'node:fs';
import { spawnSync } from '../../core/process/spawn.js';
import { readTextIfPossible } from '../files/text-file.js';

/**
 * When a process started, as a text that no other process with the same pid will ever have; undefined where no
 * such process lives (a zombie does not live: it has ended and runs no more).
 *
 * Linux: boot id and start time in clock ticks since boot (proc_pid_stat(5), field 22). Elsewhere: `ps -o lstart=`.
 * Pids are those of the caller's pid namespace: a process in another container is not seen.
 */
export function processStart(pid: number): string | undefined {
  const boot = bootId();
  return boot === undefined ? startByPs(pid) : startByProc(pid, boot);
}

/** Whether the process that had `pid` when `start` was noted is the one that has it now, and still lives. */
export function isSameProcess(pid: number, start: string): boolean {
  return processStart(pid) === start;
}

/** Whether a process has been stopped (SIGSTOP, SIGTSTP; not by a debugger); false when it is gone. */
export function isStopped(pid: number): boolean {
  const state = bootId() === undefined ? psFields(pid)[0] : statFields(pid)?.[0];
  return state?.startsWith('T') ?? false;
}

/**
 * The session of a living process, by its number: agents have one each, which they lead themselves or which was begun for them.
 * Where there is no Linux /proc it is the process group that stands for it. Undefined where no such process lives.
 */
export function sessionOf(pid: number): number | undefined {
  const session = bootId() === undefined ? ps('-o', 'pgid=', '-p', `${pid}`).trim() : statFields(pid)?.[3];
  return session === undefined || session === '' ? undefined : Number(session);
}

/** The living processes of a session that {@link sessionOf} gave. */
export function sessionMembers(session: number): readonly number[] {
  if (bootId() === undefined) return groupByPs(session);
  return readdirSync('/proc').flatMap((name) => {
    const [state, , , of] = /^\d+$/.test(name) ? (statFields(Number(name)) ?? []) : [];
    return of === `${session}` && !hasEnded(state) ? [Number(name)] : [];
  });
}

function startByProc(pid: number, boot: string): string | undefined {
  const [state, ...rest] = statFields(pid) ?? [];
  const ticks = rest[18];
  return ticks === undefined || hasEnded(state) ? undefined : `${boot}:${ticks}`;
}

function startByPs(pid: number): string | undefined {
  const [state, ...start] = psFields(pid);
  return start.length === 0 || hasEnded(state) ? undefined : start.join(' ');
}

/** /proc/PID/stat from field 3, the state, on. Field 2 is the name in parentheses, which may hold any byte: count from the last. */
function statFields(pid: number): readonly string[] | undefined {
  const stat = readTextIfPossible(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** State and start, from ps(1). */
function psFields(pid: number): readonly string[] {
  return ps('-o', 'stat=,lstart=', '-p', `${pid}`).trim().split(/\s+/);
}

function groupByPs(group: number): readonly number[] {
  const processes = ps('-A', '-o', 'pid=,pgid=,stat=')
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  return processes.flatMap(([pid, of, state]) => (of === `${group}` && !hasEnded(state) ? [Number(pid)] : []));
}

function ps(...args: readonly string[]): string {
  const env = { PATH: '/bin:/usr/bin', LC_ALL: 'C', TZ: 'UTC' };
  return spawnSync('ps', args, { env, encoding: 'utf8' }).stdout;
}

/** Differs from boot to boot; undefined where there is no Linux /proc. */
function bootId(): string | undefined {
  boot ??= { id: readTextIfPossible('/proc/sys/kernel/random/boot_id')?.trim() };
  return boot.id;
}

/** It outlives this process. */
let boot: { readonly id: string | undefined } | undefined;

function hasEnded(state: string | undefined): boolean {
  return state === undefined || /^[ZX]/.test(state);
}
