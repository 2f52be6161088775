import { statSync } from 'node:fs';
import { COMMAND, findBackend } from '../../backends/index.js';
import { loadConfig } from '../../config/load-config.js';
import { isSessionId } from '../../core/agent-state.js';
import { errors } from '../../core/errors.js';
import { compilePattern, type PatternSpec } from '../../core/pattern/pattern.js';
import type { ResumedSession } from '../../record/run/recording.js';
import { flagsOf } from '../../settings/flag.js';
import { optionFlags } from '../../settings/option-flags.js';
import { runFlags } from '../../settings/run-flags.js';
import { findOwnAgentDir } from '../../store/layout/agent-dir.js';
import { IMPORT_BACKEND } from '../../store/layout/manifest.js';
import { resolveTask } from '../../store/task/resolve-task.js';
import { readTask, type TaskEntry } from '../../store/task/task-reader.js';
import { searchTask } from '../../view/places/search.js';
import { agentDirQuery } from '../options/agent-dir-option.js';
import { type GivenOptions, OptionValues, type ParsedLine } from '../options/command.js';
import type { CliContext } from '../options/context.js';
import { type LineShape, parse } from '../options/parse.js';
import { interruptOf } from '../output/interrupt.js';

type ReadableTask = Extract<TaskEntry, { type: 'task' }>;

/** A line of `orch run --resume`, with all that it takes over from the task it names. */
export interface Resumption {
  readonly line: ParsedLine;
  /** In the folder that the task was started in. */
  readonly context: CliContext;
  readonly resumes: ResumedSession;
}

/**
 * Completes a line of `orch run` that has `--resume` by what the task was started with: its backend and mode, its settings, each unless
 * the line has its own, and its folders.
 *
 * @throws OrchError TASK_NOT_RESUMABLE, with the reason; errors of the name and of the folders
 */
export async function resumption(line: ParsedLine, context: CliContext): Promise<Resumption> {
  if (line.options.has('prompts'))
    throw errors.badArgument('--resume and --prompts exclude each other', 'leave one out');
  const agentDir = findOwnAgentDir(agentDirQuery(line, context));
  const entry = readTask(resolveTask(agentDir, line.options.text('resume') ?? ''));
  if (entry.type === 'unreadable') throw entry.problem;
  const { manifest, folder } = entry;
  refuseWithoutAgent(entry);
  const named = line.options.text('backend');
  if (named !== undefined && named !== manifest.backend)
    throw errors.badArgument(
      `${folder.id} was of ${manifest.backend}, and ${named} does not know its session`,
      'leave -b out',
    );
  const there = { ...context, cwd: manifest.cwd, env: { ...context.env, PWD: manifest.cwd } };
  if (statSync(manifest.cwd, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw errors.badCwd(manifest.cwd, 'it was removed');
  const session = await sessionOf(entry, there);
  const before = parse(RUN, manifest.options ?? []);
  if (before === undefined)
    throw errors.taskNotResumable(
      folder.id,
      'its options are those of another version of orch',
      'start a new one: orch run',
    );
  const values: GivenOptions = new Map([['backend', [manifest.backend]]]);
  if (manifest.mode !== undefined) values.set('mode', [manifest.mode]);
  for (const layer of [before.options, line.options])
    for (const { long } of RUN.options.map(optionFlags)) if (layer.has(long)) values.set(long, [...layer.given(long)]);
  // Absolute: the line's own is relative to another folder.
  values.set('dir', [agentDir]);
  const options = new OptionValues(values);
  return { line: { ...line, options }, context: there, resumes: { task: folder.id, session } };
}

/** What a line of options alone is read by. */
const RUN: LineShape = { name: 'run', usage: '[options]', operands: { min: 0, max: 0 }, options: flagsOf(runFlags) };

function refuseWithoutAgent({ folder: { id }, manifest: { backend, argv }, status, living }: ReadableTask): void {
  if (status === 'running') throw errors.taskNotResumable(id, 'it still runs', `orch attach ${id}, or orch stop ${id}`);
  if (living !== undefined)
    throw errors.taskNotResumable(id, `it was lost, and its process ${living.pid} lives`, `orch stop ${id} ends it`);
  if (backend === COMMAND)
    throw errors.taskNotResumable(
      id,
      'it ran a command, which has no session',
      `start it again: orch run -- ${argv.join(' ')}`,
    );
  if (backend === IMPORT_BACKEND)
    throw errors.taskNotResumable(id, 'it was imported from another recorder', `orch replay ${id} plays it`);
}

/** The agent's own id of the session: as it reported it, or else from what it printed. */
async function sessionOf(entry: ReadableTask, context: CliContext): Promise<string> {
  const { folder, manifest } = entry;
  const { backends: custom } = await loadConfig(context.cwd);
  const { modes } = findBackend(manifest.backend, custom);
  const { behaviour } = modes.find(({ name }) => name === manifest.mode) ?? modes[0] ?? {};
  using interrupt = interruptOf(context);
  const session = manifest.session ?? (await printedSession(entry, behaviour?.session ?? [], interrupt.signal));
  if (session !== undefined && isSessionId(session)) return session;
  const mode = manifest.mode === undefined ? '' : ` in mode ${manifest.mode}`;
  throw errors.taskNotResumable(
    folder.id,
    `the id of its session is not known: ${manifest.backend}${mode} did not tell it`,
    'start a new one: orch run',
  );
}

/** The last word of the first line that a pattern matches, in the last run of the agent. */
async function printedSession(
  entry: ReadableTask,
  patterns: readonly PatternSpec[],
  signal: AbortSignal,
): Promise<string | undefined> {
  let found: { readonly iteration: number | undefined; readonly session: string } | undefined;
  for (const spec of patterns) {
    const options = { pattern: compilePattern(spec), signal, onMissing: () => undefined };
    for await (const { line, iteration } of searchTask(entry, options)) {
      if (found !== undefined && found.iteration === iteration) continue;
      found = { iteration, session: line.text.trim().split(/\s+/).at(-1) ?? '' };
    }
  }
  return found?.session;
}
