import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { platform } from 'node:os';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { startFolder } from '../../core/process/current-folder.js';
import { errnoCode, errors, reason } from '../../core/errors.js';

/** What execvp(3) searches where PATH is not set (confstr(_CS_PATH)). */
const DEFAULT_PATH = '/bin:/usr/bin';
/** execve(2): a single argument may have 128 KiB with its NUL (MAX_ARG_STRLEN); macOS knows only the total. */
const LINUX_ARGUMENT_BYTES = 128 * 1024;
/** execve(2): arguments and environment together; a quarter of the usual 8 MiB stack on Linux, ARG_MAX on macOS. */
const TOTAL_BYTES = platform() === 'linux' ? 2 * 1024 * 1024 : 1024 * 1024;
/** execve(2): how much of a script's first line the kernel looks at. */
const SHEBANG_BYTES = 256;

export interface CommandRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/**
 * The absolute path of the program that execvp(3) would run, so that everything that can go wrong is said before a
 * process, a pty or a task exists. Throws the catalogue's errors for a missing or forbidden program (127, 126), a
 * folder that cannot be entered (1), a NUL byte or arguments longer than the kernel takes (2). `install` says what to do
 * where the program is missing.
 */
export function resolveCommand(line: CommandRequest, install?: string): string {
  checkCwd(startFolder(line.cwd));
  checkArguments(line);
  const file = find(line, install);
  checkInterpreter(file, line.command);
  return file;
}

function checkCwd(cwd: string): void {
  try {
    if (!statSync(cwd).isDirectory()) throw new Error('ENOTDIR: not a directory');
    accessSync(cwd, constants.X_OK);
  } catch (error) {
    throw errors.badCwd(cwd, error);
  }
}

function checkArguments({ command, args, env }: CommandRequest): void {
  if (command === '') throw errors.badArgument('the command is empty', 'orch run -- COMMAND [ARGUMENT…]');
  const words = [command, ...args];
  let total = 0;
  for (const [place, word] of words.entries()) {
    if (word.includes('\0')) {
      throw errors.badArgument(`argument ${place} holds a NUL byte, which programs cannot receive`, 'remove it');
    }
    const bytes = Buffer.byteLength(word) + 1;
    total += bytes;
    if (platform() === 'linux' && bytes > LINUX_ARGUMENT_BYTES)
      throw tooLong(`argument ${place} has ${bytes - 1} bytes`);
  }
  for (const [name, value] of Object.entries(env)) total += Buffer.byteLength(name) + Buffer.byteLength(value) + 2;
  if (total > TOTAL_BYTES) throw tooLong(`arguments and environment have ${total} bytes`);
}

function tooLong(what: string): Error {
  return errors.badArgument(
    `${what}, and the system takes at most ${LINUX_ARGUMENT_BYTES - 1} for one and ${TOTAL_BYTES} for all`,
    'put the text into a file, and have the agent read the file',
  );
}

function find({ command, env, cwd }: CommandRequest, install: string | undefined): string {
  if (command.includes('/')) {
    const problem = problemWith(isAbsolute(command) ? command : resolve(cwd, command));
    if (problem === undefined) return isAbsolute(command) ? command : resolve(cwd, command);
    if (problem === 'missing') throw errors.commandNotFound(command, install);
    throw errors.commandNotExecutable(command, problem);
  }
  let forbidden: string | undefined;
  for (const folder of (env['PATH'] ?? DEFAULT_PATH).split(delimiter)) {
    const candidate = join(resolve(cwd, folder), command);
    const problem = problemWith(candidate);
    if (problem === undefined) return candidate;
    // As execvp(3): the search goes on past a forbidden one, which is named only when nothing else is found.
    if (problem !== 'missing' && problem !== 'it is a folder') forbidden ??= `${candidate}: ${problem}`;
  }
  if (forbidden !== undefined) throw errors.commandNotExecutable(command, forbidden);
  throw errors.commandNotFound(command, install);
}

function problemWith(file: string): string | undefined {
  try {
    const found = statSync(file);
    if (found.isDirectory()) return 'it is a folder';
    // execve(2): EACCES. Opening a pipe to look for its interpreter would wait for a writer, too.
    if (!found.isFile()) return 'it is not a regular file';
    // access(2) answers yes to root for any file; execve(2) wants one execute bit even then.
    if ((found.mode & 0o111) === 0) return 'permission denied';
    accessSync(file, constants.X_OK);
    return undefined;
  } catch (error) {
    const code = errnoCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'missing';
    return code === 'EACCES' ? 'permission denied' : reason(error);
  }
}

/** A script whose interpreter is missing fails with ENOENT, which would read as if the script were missing. */
function checkInterpreter(file: string, command: string): void {
  const interpreter = /^#![ \t]*([^ \t\n\0]+)/.exec(head(file))?.[1];
  if (interpreter?.startsWith('/') && problemWith(interpreter) !== undefined) {
    throw errors.commandNotExecutable(command, `its interpreter ${interpreter} is not there`);
  }
}

function head(file: string): string {
  let opened: number;
  try {
    opened = openSync(file, 'r');
  } catch {
    return ''; // Executable without being readable: the kernel will know.
  }
  try {
    const bytes = Buffer.alloc(SHEBANG_BYTES);
    return bytes.toString('latin1', 0, readSync(opened, bytes, 0, SHEBANG_BYTES, 0));
  } finally {
    closeSync(opened);
  }
}
