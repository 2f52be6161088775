import { takesAnothersPlace } from '../../core/text/task-name.js';
import type { Clock } from '../../core/clock.js';
import { type TerminalSize, UNKNOWN_SIZE } from '../../core/terminal/size.js';
import type { TimedRecording } from '../../formats/model/timed-recording.js';
import { makeStagingFolder } from '../../store/layout/staging-folder.js';
import { IMPORT_BACKEND, MANIFEST_VERSION, type Manifest, writeManifest } from '../../store/layout/manifest.js';
import { processStart } from '../../store/layout/process-identity.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
import { TaskLog } from '../../store/layout/task-log.js';
import { renameTask } from './rename-task.js';
import { TaskWriter, type WrittenTask } from './task-writer.js';

export interface ImportSetting {
  readonly agentDir: string;
  readonly clock: Clock;
  /** This process, and the orch it is. */
  readonly importer: { readonly pid: number; readonly version: string };
  /** Its source for messages: a file's name. */
  readonly source: string;
  readonly signal: AbortSignal;
}

export interface ImportOptions {
  readonly name: string | undefined;
  /** Overrides the recording's own size. */
  readonly size: Partial<TerminalSize>;
  /** The start where the recording gives none, in milliseconds of Unix time. */
  readonly modified: number;
  readonly cwd: string;
}

/**
 * Makes a task of a recording. The task appears complete, in one step; after a failure nothing is
 * left. Undefined: it was aborted.
 *
 * @throws OrchError AGENT_DIR_UNWRITABLE; errors of the recording; the system's error
 */
export async function importRecording(
  recording: TimedRecording,
  setting: ImportSetting,
  options: ImportOptions,
): Promise<TaskFolder | undefined> {
  const { clock, signal } = setting;
  const folder = makeStagingFolder(setting.agentDir, { clock, pid: setting.importer.pid });
  try {
    const { cols = UNKNOWN_SIZE.cols, rows = UNKNOWN_SIZE.rows } = { ...recording.size, ...options.size };
    const id = `task-${Math.floor(clock.now() / 1000)}-1`;
    const stated = recording.started ?? Infinity;
    const started = Math.round(stated <= MAX_STARTED ? stated : options.modified);
    const beginning = { id, argv: argvOf(recording, setting), size: { cols, rows }, started };
    const written = await writeChunks(recording, new TaskWriter(folder.path, beginning), signal);
    if (written === undefined) return undefined;
    const ended = new Date(started + written.ms).toISOString();
    const name = options.name ?? titleOf(recording);
    const status = written.exit === undefined || isZero(written.exit) ? 'done' : 'failed';
    const manifest: Manifest = {
      v: MANIFEST_VERSION,
      id,
      ...(name === undefined ? {} : { name }),
      backend: IMPORT_BACKEND,
      argv: beginning.argv,
      cwd: options.cwd,
      size: beginning.size,
      pid: setting.importer.pid,
      pidStart: processStart(setting.importer.pid) ?? '',
      status,
      activity: { status, source: 'exit', since: ended },
      started: new Date(started).toISOString(),
      ended,
      durationMs: written.ms,
      ...(written.exit === undefined ? {} : { exit: written.exit }),
      bytes: written.bytes,
      ...(written.digest.sha256 && { sha256: written.digest.sha256 }),
      chain: written.digest.chain,
      gaps: written.gaps,
      orch: setting.importer.version,
    };
    writeManifest(folder.path, manifest);
    using log = new TaskLog({ id, path: folder.path }, clock, () => undefined);
    log.info(`imported from ${setting.source} (${recording.format}), ${written.bytes} bytes`);
    return folder.become(id, renameTask);
  } finally {
    folder.discard();
  }
}

async function writeChunks(
  { chunks }: TimedRecording,
  writer: TaskWriter,
  signal: AbortSignal,
): Promise<WrittenTask | undefined> {
  using task = writer;
  for await (const chunk of chunks) {
    if (signal.aborted) return undefined;
    task.write(chunk);
  }
  return signal.aborted ? undefined : task.end();
}

/** In the year 9892: RFC 3339 has four digits for the year. */
const MAX_STARTED = 2.5e14;

/** The arguments of a command text; split at blanks where a shell would do only that. */
function argvOf({ command }: TimedRecording, { source }: ImportSetting): readonly string[] {
  if (command === undefined || command.trim() === '') return [source];
  return /^[\w@%+=:,./ -]+$/.test(command) ? command.trim().split(/ +/) : [command];
}

function isZero({ code, signal }: NonNullable<WrittenTask['exit']>): boolean {
  return code === 0 && signal === 0;
}

/** The recording's title, unless it is blank, or would be read as another task. */
function titleOf({ title, command }: TimedRecording): string | undefined {
  return title === undefined || title === '' || title === command || takesAnothersPlace(title) ? undefined : title;
}
