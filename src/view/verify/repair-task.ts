import { OrchError } from '../../core/errors.js';
import { checkKeyframes } from '../../keyframes/check-keyframes.js';
import { makeKeyframes } from '../../keyframes/make-keyframes.js';
import { engineName } from '../../keyframes/packed-state.js';
import { removeKeyframes, trimKeyframes } from '../../keyframes/keyframe-file.js';
import { repairIndex } from '../../store/times/repair-index.js';
import { finishHash } from '../../store/task/finish-hash.js';
import { type Sealing, type SealOptions, sealTask } from '../../store/task/seal-task.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
import { recordingEnd, gatherFacts } from './facts.js';
import { type Finding, grouped, note } from './finding.js';
import { quickFindings } from './verify-task.js';

/**
 * Rebuilds derived data where it is damaged: the end in task.json of a lost task, the hash of one that has ended, backend.idx of one that has ended.
 * Never writes to the recording itself, backend.log and events.jsonl. Returns what was done.
 *
 * Throws the system's error where the folder cannot be written.
 */
export async function repairTask(folder: TaskFolder, options: SealOptions): Promise<readonly Finding[]> {
  const sealed = await seal(folder, options);
  return [
    ...sealed,
    ...(await repairHash(folder, options)),
    ...repairTaskIndex(folder),
    ...(await repairKeyframes(folder, options.signal)),
  ];
}

/** Computes the hash that a process was to compute, which has gone before it was done. */
async function repairHash(folder: TaskFolder, { clock }: SealOptions): Promise<readonly Finding[]> {
  const { entry } = gatherFacts(folder);
  const hashing = entry.type === 'task' ? entry.manifest.hashing : undefined;
  if (hashing === undefined) return [];
  try {
    const isHashed = await finishHash({ folder, sync: false }, hashing, clock);
    return isHashed ? [{ check: 'sha256', result: 'mended', text: 'computed, as its recorder would have' }] : [];
  } catch (error) {
    // The checks report it.
    if (error instanceof OrchError) return [];
    throw error;
  }
}

/**
 * Cuts off torn keyframes; where one is wrong, rebuilds all, as far as they went: more keyframes are what
 * `orch index` makes, which takes as long as rendering.
 */
async function repairKeyframes(folder: TaskFolder, signal?: AbortSignal): Promise<readonly Finding[]> {
  const { phase, segments } = gatherFacts(folder);
  if (phase !== 'ended' || segments.type === 'unreadable') return [];
  try {
    const checked = await checkKeyframes(folder, signal);
    if (checked === undefined || (checked.wrong.length === 0 && checked.problems.length === 0)) return [];
    const [why = 'one was not what rendering finds'] = checked.problems;
    trimKeyframes(folder.path, engineName());
    if (checked.wrong.length > 0) {
      removeKeyframes(folder.path);
      await makeKeyframes(folder, { until: checked.end, ...(signal && { signal }) });
    }
    return [{ check: 'keyframes', result: 'mended', text: `rebuilt, because: ${why}` }];
  } catch (error) {
    // The checks report it.
    if (error instanceof OrchError) return [];
    throw error;
  }
}

async function seal(folder: TaskFolder, options: SealOptions): Promise<readonly Finding[]> {
  const { entry, phase, events } = gatherFacts(folder);
  if (phase !== 'lost' || entry.type === 'unreadable') return [];
  const noted = events.type === 'read' ? events.events : [];
  const sealing = await trySeal(folder, { manifest: entry.manifest, events: noted }, options);
  switch (sealing.type) {
    case 'unreadable':
      return [{ check: 'manifest', ...note(`not repaired: ${sealing.why}`) }];
    case 'aborted':
      return [];
    case 'written':
      return [{ check: 'manifest', ...note('not repaired: another process still writes to the recording') }];
    case 'sealed':
      return [
        {
          check: 'manifest',
          result: 'mended',
          text: `the task failed at ${sealing.ended}, with ${grouped(sealing.bytes)} bytes`,
        },
      ];
  }
}

async function trySeal(
  ...args: Parameters<typeof sealTask>
): Promise<Sealing | { readonly type: 'unreadable'; readonly why: string }> {
  try {
    return await sealTask(...args);
  } catch (error) {
    if (error instanceof OrchError) return { type: 'unreadable', why: error.message };
    throw error;
  }
}

/** Rebuilds a damaged backend.idx of a task that has ended. Throws the system's error. */
export function repairTaskIndex(folder: TaskFolder): readonly Finding[] {
  const facts = gatherFacts(folder);
  const { entry, phase, index, events } = facts;
  if (phase !== 'ended' || entry.type === 'unreadable') return [];
  const damaged = quickFindings(facts).filter(({ check, result }) => INDEX_CHECKS.has(check) && result === 'failed');
  const [why] = damaged;
  if (why === undefined) return [];
  repairIndex(folder.path, { manifest: entry.manifest, index, events, end: recordingEnd(facts) });
  return [{ check: 'index', result: 'mended', text: `rebuilt, because: ${why.text}` }];
}

const INDEX_CHECKS: ReadonlySet<Finding['check']> = new Set(['index', 'resizes']);
