import type Koffi from 'koffi';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { errors } from '../errors.js';
import { otherRuntime } from './runtime.js';

/**
 * Sets close-on-exec on every descriptor of this process except the standard three: above all on each
 * pty master, which node-pty opens inheritable, and on descriptors inherited from the parent.
 *
 * Call it before each start of a program, which is enough, because one thread starts one at a time. Costs 0.4 ms where
 * nothing is to be set. Does nothing on macOS, where node-pty and Node start programs with POSIX_SPAWN_CLOEXEC_DEFAULT,
 * nor under Bun and Deno, where no pty is opened. Throws PTY_UNAVAILABLE where it cannot be done.
 */
export function closeOnExec(): void {
  const numbers = inheritableDescriptors();
  if (numbers.length === 0) return;
  setFlags ??= loadFcntl();
  for (const fd of numbers) setFlags(fd);
}

/** The descriptors from 3 on that a program started now would inherit; none where {@link closeOnExec} does nothing. */
export function inheritableDescriptors(): readonly number[] {
  return platform() !== 'linux' || otherRuntime() !== undefined ? [] : inheritable();
}

const FIRST_OF_OWN = 3;
/** O_CLOEXEC (Linux, x64 and arm64), as /proc/PID/fdinfo shows it. */
const O_CLOEXEC = 0o2000000;
const F_SETFD = 2;
const FD_CLOEXEC = 1;
/** The descriptors checked where /proc does not list them: a usual limit (ulimit -n). */
const USUAL_LIMIT = 1024;

let setFlags: ((fd: number) => void) | undefined;

function inheritable(): readonly number[] {
  let names: readonly string[];
  try {
    names = readdirSync('/proc/self/fd');
  } catch {
    return Array.from({ length: USUAL_LIMIT - FIRST_OF_OWN }, (_, at) => at + FIRST_OF_OWN);
  }
  return names.map(Number).filter((fd) => fd >= FIRST_OF_OWN && isInheritable(fd));
}

/** False for a descriptor that has been closed since, such as that of the listing itself. Text in UTF-8 Node reads in one call. */
function isInheritable(fd: number): boolean {
  try {
    const [, flags] = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8')) ?? [];
    return flags === undefined || (Number.parseInt(flags, 8) & O_CLOEXEC) === 0;
  } catch {
    return false;
  }
}

/** Node has no fcntl(2); the library that calls it takes milliseconds to load, so it is loaded only when needed. */
function loadFcntl(): (fd: number) => void {
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof Koffi;
    const fcntl = koffi.load(null).func('int fcntl(int, int, ...)');
    // One that has been closed meanwhile needs nothing.
    return (fd) => void fcntl(fd, F_SETFD, 'int', FD_CLOEXEC);
  } catch (error) {
    throw errors.ptyUnavailable(
      `the native module that keeps agents' terminals apart (koffi, for linux-${arch()}) is missing`,
      'install again without --omit=optional, on the system that is to run it (Linux glibc or macOS, x64 or arm64)',
      error,
    );
  }
}
