import { OrchError } from '../../core/errors.js';
import type { KeyframeCheck } from '../../keyframes/check-keyframes.js';
import { hashSegments } from '../../store/log/hash-segments.js';
import type { TaskFolder } from '../../store/layout/task-folder.js';
import { CHECKS, checkSha256 } from './checks.js';
import { gatherFacts, type RecordingFacts } from './facts.js';
import { type CheckAnswer, failed, type Finding, grouped, judged, note } from './finding.js';

/**
 * Whether a recording is whole, as far as it tells: a finding for each check, the hash of its bytes and the keyframes last, because
 * those take as long as reading and rendering them. Nothing but the notes beside the log, its segments two MiB at a time, is in memory. Without the last
 * findings when `signal` aborted it.
 */
export async function* verifyTask(folder: TaskFolder, signal?: AbortSignal): AsyncGenerator<Finding, void, void> {
  let facts = gatherFacts(folder);
  let findings = quickFindings(facts);
  if (facts.phase === 'running' && findings.some(({ result }) => result === 'failed')) {
    // Between two writes of its recorder the files need not agree.
    facts = gatherFacts(folder);
    findings = quickFindings(facts);
  }
  yield* findings;
  const answer = await hashed(facts, signal);
  if (answer === undefined) return;
  yield { check: 'sha256', ...answer };
  const rendered = await keyframes(facts, signal);
  if (rendered !== undefined) yield { check: 'keyframes', ...rendered };
}

export function quickFindings(facts: RecordingFacts): readonly Finding[] {
  return CHECKS.map(({ check, answer }) => ({ check, ...answer(facts) }));
}

/** Of a task that runs they are still being made. */
async function keyframes(
  { entry, phase, segments }: RecordingFacts,
  signal?: AbortSignal,
): Promise<CheckAnswer | undefined> {
  if (phase === 'running' || segments.type === 'unreadable') return undefined;
  try {
    // The screen model takes longer to load than most checks take.
    const { checkKeyframes } = await import('../../keyframes/check-keyframes.js');
    const checked = await checkKeyframes(entry.folder, signal);
    return checked && keyframesAnswer(checked);
  } catch (error) {
    if (error instanceof OrchError) return failed(error.message);
    throw error;
  }
}

function keyframesAnswer({ keyframes: found, wrong, problems }: KeyframeCheck): CheckAnswer {
  const differ = wrong.map((offset) => `the keyframe at ${grouped(offset)} is not what rendering finds there`);
  return judged([...problems, ...differ], found === 0 ? 'none' : `${grouped(found)}, each as rendering finds it`);
}

async function hashed(facts: RecordingFacts, signal: AbortSignal | undefined): Promise<CheckAnswer | undefined> {
  const { entry, phase, segments, events } = facts;
  if (entry.type === 'unreadable') return note('not checked: without a manifest there is nothing to compare with');
  if (segments.type === 'unreadable') return failed(segments.why);
  // What is still written has no hash yet.
  const complete = phase === 'ended' ? segments.list : segments.list.filter(({ sealed }) => sealed);
  if (phase !== 'ended' && complete.length === 0)
    return note(`not checked: the task ${phase === 'running' ? 'still runs' : 'is lost'}`);
  try {
    const noted = events.type === 'read' ? events.events : [];
    const hashes = await hashSegments(complete, noted, signal);
    return hashes === undefined ? undefined : checkSha256(facts, hashes);
  } catch (error) {
    if (!(error instanceof OrchError)) throw error;
    if (phase === 'running') return note('not checked: segments were removed meanwhile to make room');
    return failed(error.message);
  }
}
