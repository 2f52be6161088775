import { fileURLToPath } from 'node:url';
import { expect, describe, test } from 'vitest';
import { runPiped } from '../fixtures/run-orch.js';

const PROGRAM = fileURLToPath(new URL('../fixtures/capture-many.ts', import.meta.url));

interface Report {
  readonly results: readonly { bytes: number; exitCode: number }[];
  readonly runs: number;
  readonly leakedFds: number;
  readonly active: readonly string[];
  readonly children: readonly string[];
}

/** Captures `count` runs of a script in one process, `atOnce` of them at a time; same results are reported once. */
async function captureMany(script: string, count: number, atOnce = 1, trouble = ''): Promise<Report> {
  const args = ['--import', 'tsx', PROGRAM, script, `${count}`, `${atOnce}`, trouble];
  const { code, stdout, stderr } = await runPiped(process.execPath, args, { deadlineMs: 55_000 });
  if (code !== 0) throw new Error(`${code}: ${stderr}`);
  return JSON.parse(stdout.toString()) as Report;
}

// 20,000 bytes that differ, and the end at once: what is lost by a capture that takes the hangup for the end.
const PRINTS = 'stty raw; seq -w 0 4999 | head -c 20000';

describe('many runs in one process', () => {
  test.each([
    ['on an idle event loop', ''],
    ['on a busy event loop', 'busy'],
    ['with a slow disk', 'slow'],
  ])('500 of a child that prints 20,000 bytes and exits lose no byte, %s', async (_, trouble) => {
    const { results, runs } = await captureMany(PRINTS, 500, trouble === 'slow' ? 4 : 2, trouble);
    expect(runs).toBe(500);
    expect(results).toEqual([{ bytes: 20_000, exitCode: 0, sum: expect.any(Number) as number }]);
  });

  test('1,000 leak no descriptor, no child and no timer', async () => {
    const { results, runs, leakedFds, active, children } = await captureMany('echo x; exit 3', 1000, 2);
    expect({ runs, leakedFds, active, children }).toEqual({ runs: 1000, leakedFds: 0, active: [], children: [] });
    expect(results).toEqual([{ bytes: 3, exitCode: 3, sum: expect.any(Number) as number }]);
  });

  test('50 at once, each of 1 MB, are all exact', async () => {
    const { results, runs } = await captureMany('stty raw; seq -w 0 200000 | head -c 1000000', 50, 50);
    expect(runs).toBe(50);
    expect(results).toEqual([{ bytes: 1_000_000, exitCode: 0, sum: expect.any(Number) as number }]);
  });
});
