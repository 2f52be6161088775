import { constants } from 'node:os';
import { ExitCode, shellExitCode } from '../../core/exit-status.js';
import type { RunSettings } from '../../settings/run-settings.js';
import type { RecordingResult } from './task-notes.js';

/** The exit code of a run; an incomplete recording is no success. */
export function runExitCode(result: RecordingResult, { log }: Pick<RunSettings, 'log'>): number {
  const { gaps } = result;
  const code = verdictCode(result);
  if (gaps.length > 0 && log.onError === 'stop') return ExitCode.io;
  const isProven = result.digest !== undefined || result.hashing !== undefined;
  const isWhole = gaps.length === 0 && isProven;
  return !isWhole && code === 0 ? ExitCode.damaged : code;
}

/** A verdict outranks the agent's own code, which may be 0 after a failure. */
function verdictCode({ status, verdict, interruptedBy, left }: RecordingResult): number {
  const own = shellExitCode(status);
  switch (verdict?.result) {
    case undefined:
      return own;
    case 'done':
      return ExitCode.ok;
    case 'timeout':
      return ExitCode.timeout;
    case 'unfinished':
      return ExitCode.iterationsUsedUp;
    case 'failed':
      if (own !== 0 && !left) return own;
      return interruptedBy === undefined
        ? ExitCode.io
        : shellExitCode({ exitCode: 0, signal: constants.signals[interruptedBy] });
  }
}
