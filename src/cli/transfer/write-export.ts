import { resolve } from 'node:path';
import { errors } from '../../core/errors.js';
import { ExitCode } from '../../core/exit-status.js';
import type { TaskEntry } from '../../store/task/task-reader.js';
import type { ExportFormat } from '../../view/export/export-format.js';
import { openExport } from '../../view/export/open-export.js';
import { resolvePlace, type ResolvedPlace } from '../../view/places/place.js';
import { RecordedTask } from '../../view/lines/recorded-task.js';
import type { OptionValues } from '../options/command.js';
import type { CliContext } from '../options/context.js';
import { ExportNotes } from './export-notes.js';
import { openFiles, toStdout } from './export-outputs.js';
import { interruptOf } from '../output/interrupt.js';
import { Progress } from '../output/progress.js';
import { readPlace } from '../options/read-place.js';
import { readValue } from '../options/read-value.js';
import { duration } from '../../settings/value-kind.js';

interface ExportRequest {
  readonly entry: TaskEntry;
  readonly format: ExportFormat;
  /** Undefined: stdout. */
  readonly file: string | undefined;
  readonly options: OptionValues;
}

/** Exit code 4 where something was missing or could not be kept; what could is exported. */
export async function runExport(request: ExportRequest, context: CliContext): Promise<number> {
  const { entry, format, file, options } = request;
  const [from, to, idleLimitMs] = [
    readPlace(options, 'from'),
    readPlace(options, options.has('at') ? 'at' : 'to'),
    readValue(options, 'idle-limit', duration),
  ];
  using interrupt = interruptOf(context, ['SIGINT', 'SIGTERM', 'SIGHUP']);
  const { signal } = interrupt;
  using recording = new RecordedTask(entry);
  const begin = from === undefined ? undefined : await resolvePlace(from, recording, signal);
  const end = to === undefined ? undefined : await resolvePlace(to, recording, signal);
  refuseBackwards(begin, end);
  const said = new ExportNotes(!options.has('no-redact'));
  const total = Math.max(1, end?.endOffset ?? (entry.type === 'task' ? entry.bytes : 1));
  await using progress = new Progress(context.stderr, context.clock, `${entry.folder.id} to ${format.name}`);
  const onProgress = (share: number): void => {
    progress.at(share);
  };
  const source = openExport(recording, {
    from: begin,
    to: end?.endOffset,
    idleLimitMs,
    title: options.text('title'),
    onMasked: options.has('no-redact') || format.isWhole ? undefined : said.onMasked,
    onMissing: said.onMissing,
    onRead: (offset) => {
      onProgress(offset / total);
    },
    signal,
  });
  const write = await format.load();
  await using outputs =
    file === undefined ? toStdout(context.stdout) : await openFiles(resolve(context.cwd, file), format.beside);
  const isStill = options.has('at');
  for await (const bytes of write(source, { onReplaced: said.onReplaced, onProgress, isStill, signal })) {
    if (signal.aborted) break;
    await outputs.write(bytes);
  }
  if (signal.aborted) return interrupt.exitCode;
  await outputs.finish();
  await progress[Symbol.asyncDispose]();
  for (const line of said.lines(recording, format)) await context.stderr.write(`${line}\n`);
  return said.isWhole(recording) ? ExitCode.ok : ExitCode.damaged;
}

/** @throws OrchError BAD_ARGUMENT */
function refuseBackwards(from: ResolvedPlace | undefined, to: ResolvedPlace | undefined): void {
  if (from === undefined || to === undefined || from.offset < to.endOffset) return;
  const places = `--from is at byte ${from.offset}, --to at ${to.endOffset}`;
  throw errors.badArgument(`there is nothing between the two: ${places}`, 'name an earlier --from, or a later --to');
}
