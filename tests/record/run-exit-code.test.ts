import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../src/core/agent-state.js';
import { runExitCode } from '../../src/record/run/run-exit-code.js';
import type { RecordingResult } from '../../src/record/run/task-notes.js';
import { NOTHING_GIVEN, runSettings } from '../../src/settings/run-settings.js';

const { log } = runSettings(NOTHING_GIVEN, false);
const CONTINUE = { log: { ...log, onError: 'continue' } } as const;
const STOP = { log: { ...log, onError: 'stop' } } as const;

const whole: RecordingResult = {
  status: { exitCode: 0, signal: 0 },
  bytes: 0,
  gaps: [],
  durationMs: 1,
  digest: { sha256: 'a', chain: 'b' },
  account: {},
  left: false,
  diedAtStart: false,
};
const verdict = (result: Outcome): Partial<RecordingResult> => ({ verdict: { result, reason: 'why', iterations: 1 } });
const ends = (exitCode: number, signal = 0): Partial<RecordingResult> => ({ status: { exitCode, signal } });
const gaps = [{ offset: 0, bytes: 1, reason: 'ENOSPC' }];

describe('the exit code of a run', () => {
  test.each<[string, Partial<RecordingResult>, number]>([
    ["is a command's own", ends(7), 7],
    ['is 128 and the signal', ends(0, 15), 143],
    ['is 0 where all is done, whatever the last agent ended with', { ...ends(1), ...verdict('done') }, 0],
    ['is 124 after a time-out', { ...ends(143), ...verdict('timeout') }, 124],
    ['is 5 where it never said that it was done', verdict('unfinished'), 5],
    ["is the agent's own where it failed by that", { ...ends(7), ...verdict('failed') }, 7],
    ['is 1 where it failed and ended with 0', verdict('failed'), 1],
    ['is 1 where it failed and ended as it was asked to', { ...ends(7), left: true, ...verdict('failed') }, 1],
    ['is 128 and the signal that orch got', { interruptedBy: 'SIGHUP', ...verdict('failed') }, 129],
    ['is 4 where bytes are missing', { gaps }, 4],
    ['is 4 where nothing proves that it is whole', { digest: undefined }, 4],
    ['is the failure where bytes are missing as well', { ...ends(7), gaps }, 7],
    ['is 4 where all is done and bytes are missing', { ...verdict('done'), gaps }, 4],
  ])('%s', (_, result, code) => {
    expect(runExitCode({ ...whole, ...result }, CONTINUE)).toBe(code);
  });

  test('is 1 where bytes are missing and the agent was to be ended by that', () => {
    expect(runExitCode({ ...whole, ...ends(7), gaps }, STOP)).toBe(1);
    expect(runExitCode({ ...whole, ...ends(7) }, STOP)).toBe(7);
  });
});
