import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { errors, isSystemError } from '../../core/errors.js';
import { ExitCode } from '../../core/exit-status.js';
import { orchVersion } from '../../core/version.js';
import { pipedInput } from '../../pty/input/piped-input.js';
import { importRecording, type ImportSetting } from '../../record/import/import-recording.js';
import { unpackTask } from '../../record/import/unpack-task.js';
import { peek } from '../../core/async/peek.js';
import { openTimedRecording } from '../../formats/open-timed-recording.js';
import { isArchive } from '../../store/archive/read-archive.js';
import { type OpenedAgentDir, openForNew } from '../../store/layout/agent-dir.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
import { gunzipped } from '../../view/input/gunzipped.js';
import { inputBytes, openInput } from '../../view/input/open-input.js';
import { agentDirQuery } from '../options/agent-dir-option.js';
import type { ParsedLine, OptionValues } from '../options/command.js';
import type { CliContext } from '../options/context.js';
import { interruptOf } from '../output/interrupt.js';
import { Progress } from '../output/progress.js';
import { readCells } from '../options/read-cells.js';
import { readValue } from '../options/read-value.js';
import { taskName } from '../../settings/value-kind.js';

/** Prints the id of the task. Exit code 4 where lines of the recording were damaged, and left out. */
export async function runImport(file: string, line: ParsedLine, context: CliContext): Promise<number> {
  const { options } = line;
  const { cols, rows } = { cols: readCells(options, 'cols'), rows: readCells(options, 'rows') };
  const size = { ...(cols === undefined ? {} : { cols }), ...(rows === undefined ? {} : { rows }) };
  const wantedName = readValue(options, 'name', taskName);
  const name = file === '-' ? 'stdin' : file;
  const about = aboutOf(file, context);
  await using input = openNamed(file, name, context);
  const timing = options.text('timing');
  await using timingInput = timing === undefined ? undefined : openNamed(timing, timing, context);
  using interrupt = interruptOf(context, ['SIGINT', 'SIGTERM', 'SIGHUP']);
  interrupt.signal.addEventListener('abort', input.stop);
  await using progress = new Progress(context.stderr, context.clock, `importing ${basename(name)}`);
  const watched = counted(input.bytes, (bytes) => {
    progress.at(about.bytes === 0 ? 0 : bytes / about.bytes);
  });
  const { found, bytes } = await peek(await gunzipped(watched, name), tellContent);
  if (interrupt.signal.aborted) return interrupt.exitCode;
  if (found === 'nothing') throw errors.inputEmpty(name);
  if (found === 'tar') refuseBesideTar(options);
  const agentDir = openForNew(agentDirQuery(line, context));
  const setting: ImportSetting = {
    agentDir: agentDir.path,
    clock: context.clock,
    importer: { pid: context.pid, version: orchVersion() },
    source: name,
    signal: interrupt.signal,
  };
  let damaged = 0;
  const importIt = async (): Promise<TaskFolder | undefined> => {
    if (found === 'tar') return unpackTask(bytes, setting);
    const recording = await openTimedRecording(bytes, {
      onDamage: () => damaged++,
      timing: timingInput && (await gunzipped(timingInput.bytes, timingInput.name)),
    });
    const { modified } = about;
    return importRecording(recording, setting, { name: wantedName, size, modified, cwd: context.cwd });
  };
  const task = await orNothing(importIt, agentDir);
  if (task === undefined) return interrupt.exitCode;
  await progress[Symbol.asyncDispose]();
  await context.stdout.write(`${task.id}\n`);
  if (damaged === 0) return ExitCode.ok;
  await context.stderr.write(`orch: damaged records of ${name} were left out: ${damaged}\n`);
  return ExitCode.damaged;
}

interface NamedInput extends AsyncDisposable {
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly stop: () => void;
}

/** `file`: `-` is stdin. @throws OrchError INPUT_UNREADABLE */
function openNamed(file: string, name: string, { cwd, stdin }: CliContext): NamedInput {
  const stream = file === '-' ? (pipedInput(stdin.fd) ?? Readable.from([])) : openInput(resolve(cwd, file)).stream;
  const stop = (): void => {
    stream.destroy();
  };
  return {
    name,
    bytes: inputBytes(stream, name),
    stop,
    [Symbol.asyncDispose]: () => {
      stop();
      return Promise.resolve();
    },
  };
}

/** When a file was last written, and how long it is; a pipe is being written now. @throws OrchError INPUT_UNREADABLE */
function aboutOf(file: string, { cwd, clock }: CliContext): { readonly modified: number; readonly bytes: number } {
  if (file === '-') return { modified: clock.now(), bytes: 0 };
  try {
    const stats = statSync(resolve(cwd, file));
    return stats.isFile() ? { modified: stats.mtimeMs, bytes: stats.size } : { modified: clock.now(), bytes: 0 };
  } catch (error) {
    throw errors.inputUnreadable(file, error);
  }
}

async function* counted(
  bytes: AsyncIterable<Uint8Array>,
  onRead: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void, void> {
  let read = 0;
  for await (const chunk of bytes) {
    read += chunk.length;
    onRead(read);
    yield chunk;
  }
}

/** Runs `make` in a folder; where that makes nothing, removes the folder if it was not there before. */
async function orNothing(
  make: () => Promise<TaskFolder | undefined>,
  agentDir: OpenedAgentDir,
): Promise<TaskFolder | undefined> {
  let task: TaskFolder | undefined;
  try {
    task = await make();
  } catch (error) {
    // The reader's own errors pass through.
    throw isSystemError(error) ? errors.agentDirUnwritable(agentDir.path, error) : error;
  } finally {
    if (task === undefined) agentDir.takeBack();
  }
  return task;
}

function tellContent(head: Buffer, ended: boolean): 'tar' | 'nothing' | 'other' | undefined {
  const isTar = isArchive(head, ended);
  if (isTar === undefined) return undefined;
  if (head.length === 0) return 'nothing';
  return isTar ? 'tar' : 'other';
}

/** @throws OrchError BAD_ARGUMENT */
function refuseBesideTar(options: OptionValues): void {
  const given = ['timing', 'name', 'cols', 'rows'].find((option) => options.has(option));
  if (given !== undefined)
    throw errors.badArgument(`--${given} does not go with a tar, which holds a task unchanged`, 'leave it out');
}
