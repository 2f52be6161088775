import { describe, expect, test } from 'vitest';
import { sumOf } from '../../src/core/agent-state.js';
import type { RecordingResult } from '../../src/record/run/task-notes.js';
import { jumpMark, verdict } from '../../src/cli/run/run-words.js';

const RESULT: RecordingResult = {
  status: { exitCode: 0, signal: 0 },
  bytes: 2048,
  gaps: [],
  durationMs: 61_000,
  digest: undefined,
  account: sumOf([]),
  left: false,
  diedAtStart: false,
};
const BEHIND = 'to read it: orch logs 1-1';

describe('the last line of a run', () => {
  test.each([
    ['a command that went well', {}, 'orch: done (exit 0) after 1m 01s, 2.0 kB recorded; '],
    ['one that failed', { status: { exitCode: 7, signal: 0 } }, 'orch: failed (exit 7) after'],
    ['one that was killed', { status: { exitCode: 0, signal: 15 } }, 'orch: failed (SIGTERM, exit 143) after'],
    [
      'an agent that was judged',
      { verdict: { result: 'timeout', reason: 'it took too long', iterations: 1 } },
      'orch: timeout (it took too long) after',
    ],
    [
      'an agent that was run again',
      { verdict: { result: 'done', reason: 'it said so', iterations: 3 } },
      'orch: done (it said so; iteration 3) after',
    ],
    [
      'a recording with gaps',
      {
        gaps: [
          { offset: 0, bytes: 1024, reason: 'why' },
          { offset: 9, bytes: 1024, reason: 'why' },
        ],
      },
      '2.0 kB recorded (2.0 kB of it missing); ',
    ],
  ] as const)('of %s says so', (_, changes, expected) => {
    const line = verdict('1-1', { ...RESULT, ...changes });
    expect(line).toContain(expected);
    expect(line.endsWith(BEHIND)).toBe(true);
  });
});

test('the mark of what was left out stands on a line of its own, in no colour', () => {
  expect(Buffer.from(jumpMark(3 * 1024 * 1024)).toString()).toMatch(/^\x1b\[m\r\n… 3\.\d MB left out here .*\r\n$/);
});
