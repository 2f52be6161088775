import type { Staying } from '../../store/prune/prunable-tasks.js';

/** Why a task is not removed, for people. */
export const STAYING: Readonly<Record<Staying, string>> = {
  spared: 'it is kept',
  runs: 'it runs',
  lives: 'its agent outlived its orch',
  written: 'it is unfinished and was written to in the last minute: it may run in another container',
  newer: 'a newer orch wrote it, and only that knows whether it runs',
};
