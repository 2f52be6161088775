import { ExitCode } from './exit-status.js';

/** Every error a person can meet, by a code that scripts may rely on. */
export type ErrorCode =
  | 'AGENT_DIR_FOREIGN'
  | 'AGENT_DIR_IS_FILE'
  | 'AGENT_DIR_SYMLINK'
  | 'AGENT_DIR_UNREADABLE'
  | 'AGENT_DIR_UNWRITABLE'
  | 'ARCHIVE_REFUSED'
  | 'ASCIICAST_UNREADABLE'
  | 'BAD_ARGUMENT'
  | 'BAD_CWD'
  | 'COMMAND_NOT_EXECUTABLE'
  | 'COMMAND_NOT_FOUND'
  | 'CONFIG_FOREIGN'
  | 'CONFIG_INVALID'
  | 'CONFIG_UNREADABLE'
  | 'EXPORT_TOO_LARGE'
  | 'EXPORT_TOO_LONG'
  | 'HOST_DIED'
  | 'HOST_SPEAKS_OTHER'
  | 'HOST_UNREACHABLE'
  | 'INPUT_UNREADABLE'
  | 'LOG_UNREADABLE'
  | 'MANIFEST_UNREADABLE'
  | 'NO_AGENT_DIR'
  | 'NO_SUCH_TASK'
  | 'OUTPUT_UNWRITABLE'
  | 'PROCESS_FAILED'
  | 'PROCESS_FOREIGN'
  | 'PTY_UNAVAILABLE'
  | 'SEND_REFUSED'
  | 'SPAWN_FAILED'
  | 'TASK_AMBIGUOUS'
  | 'TASK_FOREIGN'
  | 'TASK_NOT_RESUMABLE'
  | 'TASK_NOT_RUNNING'
  | 'TASK_STAYS'
  | 'TASK_SYMLINK'
  | 'TIMING_UNREADABLE'
  | 'UNKNOWN_BACKEND';

/** An error for people: what happened and why (`message`), what to do (`fix`), and the exit code of the command. */
export class OrchError extends Error {
  override readonly name: string = 'OrchError';
  readonly code: ErrorCode;
  readonly fix: string | undefined;
  readonly exitCode: number;

  constructor(code: ErrorCode, text: { message: string; fix?: string; exitCode: number; cause?: unknown }) {
    super(text.message, text.cause === undefined ? undefined : { cause: text.cause });
    this.code = code;
    this.fix = text.fix;
    this.exitCode = text.exitCode;
  }
}

/** The catalogue: the texts that end a command; a snapshot pins them. */
export const errors = {
  agentDirForeign: (path: string): OrchError =>
    new OrchError('AGENT_DIR_FOREIGN', {
      message: `${path} belongs to another user, who could read or change what is recorded there`,
      fix: 'name a folder of your own with --dir or ORCH_DIR, or this one if you trust its owner',
      exitCode: ExitCode.usage,
    }),
  agentDirIsFile: (path: string): OrchError =>
    new OrchError('AGENT_DIR_IS_FILE', {
      message: `${path} is a file, but recordings need a folder there`,
      fix: 'move it away, or name another folder with --dir or ORCH_DIR',
      exitCode: ExitCode.usage,
    }),
  agentDirSymlink: (path: string): OrchError =>
    new OrchError('AGENT_DIR_SYMLINK', {
      message: `${path} is a symbolic link, and recordings are never written through one`,
      fix: 'name the folder it points to with --dir or ORCH_DIR',
      exitCode: ExitCode.usage,
    }),
  agentDirUnreadable: (path: string, cause: unknown): OrchError =>
    new OrchError('AGENT_DIR_UNREADABLE', {
      message: `${path} cannot be read: ${reason(cause)}`,
      fix: 'fix its permissions, or name another folder with --dir or ORCH_DIR',
      exitCode: ExitCode.io,
      cause,
    }),
  agentDirUnwritable: (path: string, cause: unknown): OrchError =>
    new OrchError('AGENT_DIR_UNWRITABLE', {
      message: `${path} cannot be written: ${reason(cause)}`,
      fix: 'fix its permissions or free space, or name another folder with --dir or ORCH_DIR',
      exitCode: ExitCode.io,
      cause,
    }),
  archiveRefused: (why: string): OrchError =>
    new OrchError('ARCHIVE_REFUSED', {
      message: `the archive was not imported: ${why}`,
      fix: 'make it with orch export --format tar, and copy it whole',
      exitCode: ExitCode.damaged,
    }),
  asciicastUnreadable: (why: string): OrchError =>
    new OrchError('ASCIICAST_UNREADABLE', {
      message: `this asciicast cannot be read: ${why}`,
      fix: 'asciinema convert can convert it to version 2',
      exitCode: ExitCode.damaged,
    }),
  badArgument: (message: string, fix?: string): OrchError =>
    new OrchError('BAD_ARGUMENT', { message, ...(fix === undefined ? {} : { fix }), exitCode: ExitCode.usage }),
  badCwd: (path: string, cause: unknown): OrchError =>
    new OrchError('BAD_CWD', {
      message: `cannot work in ${path}: ${reason(cause)}`,
      fix: 'start it in a folder that exists and that you may enter',
      exitCode: ExitCode.io,
      cause,
    }),
  commandNotExecutable: (command: string, why: string): OrchError =>
    new OrchError('COMMAND_NOT_EXECUTABLE', {
      message: `${command} cannot be executed: ${why}`,
      fix: 'chmod +x it, or name its interpreter in front of it',
      exitCode: ExitCode.notExecutable,
    }),
  commandNotFound: (command: string, fix = 'check the spelling, or give its whole path'): OrchError =>
    new OrchError('COMMAND_NOT_FOUND', {
      message: `${command}: no such command`,
      fix,
      exitCode: ExitCode.noSuchCommand,
    }),
  configForeign: (path: string): OrchError =>
    new OrchError('CONFIG_FOREIGN', {
      message: `${path} belongs to another user, who could make you run anything`,
      fix: 'if you trust them, chown it or copy it nearer to here; an empty orch.yml nearer to here also ends the search',
      exitCode: ExitCode.usage,
    }),
  configInvalid: (place: string, what: string, fix: string): OrchError =>
    new OrchError('CONFIG_INVALID', { message: `${place}: ${what}`, fix, exitCode: ExitCode.usage }),
  configUnreadable: (path: string, cause: unknown): OrchError =>
    new OrchError('CONFIG_UNREADABLE', {
      message: `${path} cannot be read: ${reason(cause)}`,
      fix: 'fix it, or move it away',
      exitCode: ExitCode.usage,
      cause,
    }),
  exportTooLarge: (what: string): OrchError =>
    new OrchError('EXPORT_TOO_LARGE', {
      message: `${what} would be too large a picture`,
      fix: 'use --format svg or html',
      exitCode: ExitCode.usage,
    }),
  exportTooLong: (what: string): OrchError =>
    new OrchError('EXPORT_TOO_LONG', {
      message: what,
      fix: 'export less with --from and --to, or shorten pauses with --idle-limit',
      exitCode: ExitCode.usage,
    }),
  inputDamaged: (name: string, why: string): OrchError =>
    new OrchError('INPUT_UNREADABLE', {
      message: `${name} is damaged: ${why}`,
      fix: 'copy it again, or recover what is readable with gzip -dc',
      exitCode: ExitCode.damaged,
    }),
  inputEmpty: (name: string): OrchError =>
    new OrchError('INPUT_UNREADABLE', {
      message: `${name} is empty`,
      fix: 'name a recording, or pipe in what a program printed',
      exitCode: ExitCode.damaged,
    }),
  inputUnreadable: (path: string, cause: unknown): OrchError =>
    new OrchError('INPUT_UNREADABLE', {
      message: `${path} cannot be read: ${reason(cause)}`,
      fix: 'name a raw log, a typescript or an asciicast, or pipe one in',
      exitCode: ExitCode.io,
      cause,
    }),
  hostDied: (task: string, how: string, exitCode: number): OrchError =>
    new OrchError('HOST_DIED', {
      message: `the host of ${task} ${how}: nothing more is recorded, and the agent has lost its terminal`,
      fix: `read it with orch logs ${task}; orch stop ${task} ends what is left of it`,
      exitCode: exitCode === 0 ? ExitCode.io : exitCode,
    }),
  hostSpeaksOther: (task: string, its: number, ours: number, version: string): OrchError =>
    new OrchError('HOST_SPEAKS_OTHER', {
      message: `${task} is run by orch ${version}, which speaks version ${its} of the protocol of hosts; this one speaks ${ours}`,
      fix: `watch it with orch logs -f ${task}, or attach with that version`,
      exitCode: ExitCode.io,
    }),
  hostEndedAtStart: (signal: string): OrchError =>
    new OrchError('SPAWN_FAILED', {
      message: `the host of a task was ended by ${signal} before its agent ran`,
      fix: 'start it again; SIGKILL may have come from a system without memory',
      exitCode: ExitCode.io,
    }),
  hostUnreachable: (task: string, why: string): OrchError =>
    new OrchError('HOST_UNREACHABLE', {
      message: `the host of ${task} cannot be reached: ${why}`,
      fix: `watch it with orch logs -f ${task}; orch stop ${task} ends it`,
      exitCode: ExitCode.io,
    }),
  logMissing: (folder: string): OrchError =>
    new OrchError('LOG_UNREADABLE', {
      message: `${folder} holds no recording: backend.log is missing`,
      fix: 'orch show prints what else the task holds',
      exitCode: ExitCode.damaged,
    }),
  logRemoved: (folder: string): OrchError =>
    new OrchError('LOG_UNREADABLE', {
      message: `${folder} was removed while orch read it`,
      fix: 'orch ls prints what is left',
      exitCode: ExitCode.damaged,
    }),
  logUnreadable: (path: string, cause: unknown): OrchError =>
    new OrchError('LOG_UNREADABLE', {
      message: `${path} cannot be read: ${reason(cause)}`,
      fix: 'orch show prints what else the task holds',
      exitCode: ExitCode.damaged,
      cause,
    }),
  manualUnreadable: (path: string, cause: unknown): OrchError =>
    new OrchError('INPUT_UNREADABLE', {
      message: `${path} cannot be read: ${reason(cause)}`,
      fix: 'install orch again; orch COMMAND --help has the same text',
      exitCode: ExitCode.io,
      cause,
    }),
  manifestUnreadable: (path: string, why: string): OrchError =>
    new OrchError('MANIFEST_UNREADABLE', {
      message: `${path} is not a manifest that this orch can read: ${why}`,
      fix: 'the recording beside it is untouched; a newer orch may be able to read it',
      exitCode: ExitCode.damaged,
    }),
  noAgentDir: (from: string): OrchError =>
    new OrchError('NO_AGENT_DIR', {
      message: `no .agent folder in ${from} or above it`,
      fix: 'record something first (orch run -b demo), or name the folder with --dir or ORCH_DIR',
      exitCode: ExitCode.noSuchTask,
    }),
  noSuchAgentDir: (path: string): OrchError =>
    new OrchError('NO_AGENT_DIR', {
      message: `${path} does not exist`,
      fix: 'check --dir and ORCH_DIR: orch run makes the folder, the other commands only read it',
      exitCode: ExitCode.noSuchTask,
    }),
  noSuchTask: (task: string, known: readonly string[]): OrchError =>
    new OrchError('NO_SUCH_TASK', {
      message: known.length === 0 ? `no task ${task}: nothing is recorded here yet` : `no task ${task}`,
      fix:
        known.length === 0
          ? 'record something first: orch run -b demo'
          : `orch ls lists tasks; the newest: ${known.join(', ')}`,
      exitCode: ExitCode.noSuchTask,
    }),
  outputUnwritable: (path: string, cause: unknown): OrchError =>
    new OrchError('OUTPUT_UNWRITABLE', {
      message: `${path} cannot be written: ${reason(cause)}`,
      fix: 'fix its permissions or free space, or name another file with -o',
      exitCode: ExitCode.io,
      cause,
    }),
  processForeign: (pid: number, cause: unknown): OrchError =>
    new OrchError('PROCESS_FOREIGN', {
      message: `process ${pid} belongs to another user, and only that user may end it`,
      fix: 'run orch stop as that user, or as root',
      exitCode: ExitCode.io,
      cause,
    }),
  promptCutOff: (): OrchError =>
    new OrchError('SPAWN_FAILED', {
      message: 'a prompt did not arrive whole: the orch that handed it over has ended',
      fix: 'start it again',
      exitCode: ExitCode.io,
    }),
  ptyUnavailable: (why: string, fix: string, cause?: unknown): OrchError =>
    new OrchError('PTY_UNAVAILABLE', {
      message: `no pseudo-terminal can be opened: ${why}`,
      fix,
      exitCode: ExitCode.io,
      cause,
    }),
  sendRefused: (task: string, reason: string, detail = ''): OrchError => {
    const [message, fix] = refusalOfMessage(task, reason, detail);
    return new OrchError('SEND_REFUSED', { message: `nothing was sent: ${message}`, fix, exitCode: ExitCode.usage });
  },
  sendCutOff: (task: string): OrchError =>
    new OrchError('SEND_REFUSED', {
      message: `${task} ended while the text was being typed`,
      fix: `read what it made of it with orch logs ${task}`,
      exitCode: ExitCode.io,
    }),
  spawnFailed: (command: string, cause: unknown): OrchError =>
    new OrchError('SPAWN_FAILED', {
      message: `${command} could not be started: ${reason(cause)}`,
      fix: 'check the limits on processes, memory and open files (ulimit -a)',
      exitCode: ExitCode.io,
      cause,
    }),
  taskAmbiguous: (task: string, candidates: readonly string[]): OrchError =>
    new OrchError('TASK_AMBIGUOUS', {
      message: `${task} could mean any of: ${candidates.join(', ')}`,
      fix: 'give more of the id',
      exitCode: ExitCode.usage,
    }),
  taskForeign: (path: string): OrchError =>
    new OrchError('TASK_FOREIGN', {
      message: `${path} belongs to another user, and only that user may remove it`,
      fix: 'remove it as that user',
      exitCode: ExitCode.io,
    }),
  taskHalfRemoved: (task: string, rest: string, cause: unknown): OrchError =>
    new OrchError('TASK_STAYS', {
      message: `${task} could not be removed whole: ${reason(cause)}`,
      fix: `fix the permissions in what is left, ${rest}, and remove that`,
      exitCode: ExitCode.io,
      cause,
    }),
  taskNotHosted: (task: string): OrchError =>
    new OrchError('HOST_UNREACHABLE', {
      message: `${task} takes no clients: its socket could not be made (its task.log says why), or it is recorded by a program that uses the library, or by an orch before this`,
      fix: `watch it with orch logs -f ${task}`,
      exitCode: ExitCode.usage,
    }),
  taskNotResumable: (task: string, why: string, fix: string): OrchError =>
    new OrchError('TASK_NOT_RESUMABLE', {
      message: `${task} cannot be resumed: ${why}`,
      fix,
      exitCode: ExitCode.usage,
    }),
  taskNotRunning: (task: string, how: string): OrchError =>
    new OrchError('TASK_NOT_RUNNING', {
      message: `${task} does not run: ${how}`,
      fix: `read it with orch logs ${task} or orch replay ${task}`,
      exitCode: ExitCode.usage,
    }),
  taskStays: (task: string, why: string, fix: string): OrchError =>
    new OrchError('TASK_STAYS', { message: `${task} stays: ${why}`, fix, exitCode: ExitCode.io }),
  taskSymlink: (path: string): OrchError =>
    new OrchError('TASK_SYMLINK', {
      message: `${path} is a symbolic link, and nothing is removed through one`,
      fix: 'remove the link with rm, or the task it points to where that is recorded, with --dir',
      exitCode: ExitCode.usage,
    }),
  timingUnreadable: (why: string): OrchError =>
    new OrchError('TIMING_UNREADABLE', {
      message: `this timing file cannot be read: ${why}`,
      fix: 'name the one that script(1) wrote with the typescript, or leave --timing out',
      exitCode: ExitCode.damaged,
    }),
  unknownBackend: (name: string, known: readonly string[]): OrchError =>
    new OrchError('UNKNOWN_BACKEND', {
      message: `there is no backend ${name === '' ? "''" : name}`,
      fix: `use one of: ${known.join(', ')}; or run any command with: orch run -- COMMAND`,
      exitCode: ExitCode.usage,
    }),
} as const;

/** What a host refuses to type, and what to do. A newer host may have reasons that are not known here. */
function refusalOfMessage(task: string, reason: string, detail: string): readonly [message: string, fix: string] {
  switch (reason) {
    case 'empty':
      return ['there is no text', 'to press Enter alone: --keys enter'];
    case 'character':
      return [
        `the text holds ${detail}, which a terminal takes for a key`,
        'keys are pressed by --keys; orch render makes plain text of what a program has coloured',
      ];
    case 'key':
      return [`a terminal has no bytes for the key ${detail}`, 'the names of keys are in orch send --help'];
    case 'too-long':
      return ['the text is longer than 16 MiB', 'put it into a file, and send the name of that'];
    case 'full':
      return [`${task} has not taken yet what others have sent`, 'send it again when it has read more'];
    case 'long-line':
      return [
        `a line of it has ${detail} bytes, and the terminal of ${task} cuts longer ones than it can hold`,
        'break the line, or put the text into a file, and send the name of that',
      ];
    case 'question':
      return [
        `${task} waits for your answer`,
        `read its question with orch logs --screen ${task}; to answer it: orch send --answer ${task}`,
      ];
    case 'no-question':
      return [`${task} waits for no answer: it is ${detail}`, 'what is no answer is sent without --answer'];
    case 'ended':
      return [`the run of ${task} has ended`, `read it with orch logs ${task}`];
    default:
      return [`its host says ${reason} ${detail}`.trimEnd(), `orch show ${task} says which version of orch it is of`];
  }
}

/** A system error in the words of its code (`ENOSPC: no space left on device`), without the call and the path. */
export function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const match = /^([A-Z][A-Z0-9]+: [^,]+)/.exec(cause.message);
  return match?.[1] ?? cause.message;
}

/** The code of a Node system error, such as `ENOENT`; undefined for anything else. */
export function errnoCode(cause: unknown): string | undefined {
  if (!(cause instanceof Error) || cause instanceof OrchError) return undefined;
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
}

/** Whether the system refused something, such as `ENOSPC`. */
export function isSystemError(cause: unknown): boolean {
  return /^E(?!RR_)[A-Z0-9]+$/.test(errnoCode(cause) ?? '');
}
