import { makeKeyframes, type Made } from '../../keyframes/make-keyframes.js';
import { removeKeyframes } from '../../keyframes/keyframe-file.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
import type { Finding } from './finding.js';
import { repairTaskIndex } from './repair-task.js';

export interface MadeIndex extends Made {
  /** What was done to backend.idx; nothing where that was whole. */
  readonly repaired: readonly Finding[];
}

/**
 * Rebuilds what lets views begin in the middle of a recording: the time index where it is damaged, and the keyframes.
 * An abort leaves the work done so far. `onReached` gets the absolute offset reached.
 *
 * @throws OrchError LOG_UNREADABLE; the system's error where the folder cannot be written
 */
export async function makeIndex(
  folder: TaskFolder,
  { signal, onReached }: { readonly signal: AbortSignal; readonly onReached: (offset: number) => void },
): Promise<MadeIndex> {
  const repaired = repairTaskIndex(folder);
  removeKeyframes(folder.path);
  const made = await makeKeyframes(folder, { signal, onPiece: onReached });
  return { ...made, repaired };
}
