import { closeSync, openSync, writeSync } from 'node:fs';
import { Readable } from 'node:stream';
import { systemClock } from '../../core/clock.js';
import { closeOnExec } from '../../core/process/close-on-exec.js';
import { currentFolder, startFolder } from '../../core/process/current-folder.js';
import { definedOnly } from '../../core/process/environment.js';
import { errors, OrchError } from '../../core/errors.js';
import { ExitCode, type ExitStatus, shellExitCode, signalName } from '../../core/exit-status.js';
import { DEFAULT_SIZE, terminalSize } from '../../core/terminal/size.js';
import { feedInput, type InputTarget } from '../input/agent-input.js';
import { Capture } from '../process/capture.js';
import { endWith } from '../process/end-with.js';
import { runWithPipes } from './exec-pipes.js';
import type { ExecLine, ExecOptions, ExecResult } from './exec-options.js';
import { InputQueue } from '../input/input-queue.js';
import { loadPty } from '../process/load-pty.js';
import { resolveCommand } from '../process/resolve-command.js';
import { TextCollector } from './text-collector.js';

/** A command that failed; the error is the result, too. */
export class ExecError extends OrchError {
  override readonly name = 'ExecError';
  readonly result: ExecResult;

  constructor(command: string, result: ExecResult, cause?: unknown) {
    const how = result.signal === undefined ? `exit code ${result.exitCode}` : result.signal;
    super('PROCESS_FAILED', { message: `${command} ended with ${how}`, exitCode: result.exitCode, cause });
    this.result = result;
  }
}

/**
 * Runs a command to its end and returns all it printed.
 *
 * @throws ExecError when it fails, unless `reject` is false; OrchError BAD_ARGUMENT or BAD_CWD for what no command can
 * be given; what a callback throws, after killing the command.
 */
export async function exec(
  command: string,
  args: readonly string[] = [],
  options: ExecOptions = {},
): Promise<ExecResult> {
  const started = systemClock.monotonic();
  const env = definedOnly(options.env ?? process.env);
  const cwd = startFolder(options.cwd ?? currentFolder());
  const stdout = new TextCollector(options.onStdout);
  const stderr = new TextCollector(options.onStderr);
  using log = openLog(options.logFile);
  let bytes = 0;
  const take = (text: TextCollector, chunk: Uint8Array): void => {
    bytes += chunk.length;
    log.write(chunk);
    options.onData?.(chunk);
    text.push(chunk);
  };
  let status: ExitStatus;
  let failure: unknown;
  try {
    const line = { file: resolveCommand({ command, args, env, cwd }), args, env, cwd };
    const run = options.tty === false ? runWithPipes : runInTerminal;
    status = await run(
      line,
      options,
      (chunk) => {
        take(stdout, chunk);
      },
      (chunk) => {
        take(stderr, chunk);
      },
    );
  } catch (error) {
    if (!(error instanceof OrchError) || error.exitCode < ExitCode.notExecutable) throw error;
    stderr.push(Buffer.from(`${error.message}\n`));
    status = { exitCode: error.exitCode, signal: 0 };
    failure = error;
  }
  const result: ExecResult = {
    stdout: stdout.end(),
    stderr: stderr.end(),
    exitCode: shellExitCode(status),
    signal: signalName(status.signal),
    bytes,
    durationMs: systemClock.monotonic() - started,
    truncated: stdout.truncated || stderr.truncated,
  };
  if (result.exitCode !== 0 && options.reject !== false) {
    throw new ExecError(command, result, options.signal?.aborted === true ? options.signal.reason : failure);
  }
  return result;
}

async function runInTerminal(
  line: ExecLine,
  { cols, rows, input, signal }: ExecOptions,
  onOutput: (bytes: Uint8Array) => void,
): Promise<ExitStatus> {
  const size = terminalSize(cols ?? DEFAULT_SIZE.cols, rows ?? DEFAULT_SIZE.rows);
  if (size === undefined)
    throw errors.badArgument(`${cols} by ${rows} is not a terminal size`, 'whole numbers from 1 on');
  const pty = (await loadPty())({ ...line, size });
  // Descriptors of the program that embeds orch are set here, and not for its own starts.
  closeOnExec();
  using queue = new InputQueue({ clock: systemClock, write: (bytes) => pty.write(bytes) });
  const capture = new Capture(pty, { clock: systemClock, sink: onOutput });
  const ended = new AbortController();
  const target: InputTarget = {
    device: pty.device,
    get offset() {
      return capture.bytes;
    },
    get inputTaken() {
      return queue.empty;
    },
    type: (bytes, onDrained) => queue.push(bytes, onDrained),
  };
  const source = input === undefined ? undefined : Readable.from([Buffer.from(input)]);
  const fed = feedInput(target, source, { clock: systemClock, signal: ended.signal, onLongLine: () => undefined });
  const ending = endWith(signal, pty);
  try {
    return await capture.ended;
  } finally {
    ended.abort();
    ending[Symbol.dispose]();
    await fed;
  }
}

/** Appends to `path`, or to nothing. */
function openLog(path: string | undefined): Disposable & { write(bytes: Uint8Array): void } {
  const fd = path === undefined ? undefined : openSync(path, 'a', 0o600);
  return {
    write(bytes) {
      for (let rest = bytes; fd !== undefined && rest.length > 0; ) rest = rest.subarray(writeSync(fd, rest));
    },
    [Symbol.dispose]() {
      if (fd !== undefined) closeSync(fd);
    },
  };
}
