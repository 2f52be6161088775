import { constants } from 'node:os';
import { expect, test } from 'vitest';
import { judge } from '../../src/backends/agent-stream/verdict.js';

const { SIGINT, SIGTERM, SIGKILL } = constants.signals;

/** A session without a result line, whose agent ended by `signal`. */
function ended(signal: number, interrupted: number): ReturnType<typeof judge> {
  return judge({ result: undefined, program: { exitCode: 0, signal }, interrupted });
}

test.each([SIGINT, SIGTERM])('signal %d is an interruption, whether the agent or its drawer saw it first', (signal) => {
  const expected = { type: 'failed', exitCode: 128 + signal };
  expect(ended(signal, 0)).toMatchObject(expected);
  expect(ended(signal, 0)).toEqual(ended(signal, signal));
  expect(ended(0, signal)).toEqual(ended(signal, signal));
});

test('what kills the agent without a word is none', () => {
  expect(ended(SIGKILL, 0)).toEqual({ type: 'failed', exitCode: 137, words: 'ended without a result: SIGKILL' });
});
