import { shellExitCode, signalName } from '../../core/exit-status.js';
import type { RecordingResult } from '../../record/run/task-notes.js';
import { formatBytes, formatDuration } from '../../view/print/format.js';

/** The last line of a run: how it ended, how long it took, and where to read on. */
export function verdict(
  task: string,
  {
    status,
    bytes,
    gaps,
    durationMs,
    verdict: found,
  }: Pick<RecordingResult, 'status' | 'bytes' | 'gaps' | 'durationMs' | 'verdict'>,
): string {
  const how = found?.result ?? (status.signal === 0 && status.exitCode === 0 ? 'done' : 'failed');
  const code = `exit ${shellExitCode(status)}`;
  const own = status.signal === 0 ? code : `${signalName(status.signal) ?? `signal ${status.signal}`}, ${code}`;
  const times = found === undefined || found.iterations === 1 ? '' : `; iteration ${found.iterations}`;
  const why = found === undefined ? own : `${found.reason}${times}`;
  const missing = gaps.reduce((sum, gap) => sum + gap.bytes, 0);
  const damage = missing === 0 ? '' : ` (${formatBytes(missing)} of it missing)`;
  return `orch: ${how} (${why}) after ${formatDuration(durationMs)}, ${formatBytes(bytes)} recorded${damage}; to read it: orch logs ${task}`;
}

/** Shown in place of what a terminal that was not read has missed; the colours of what was left out are reset. */
export function jumpMark(bytes: number): Uint8Array {
  return Buffer.from(`\x1b[m\r\n… ${formatBytes(bytes)} left out here (see orch logs) …\r\n`);
}
