import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { onlyTask } from '../fixtures/agent-folder.js';
import { eventually } from '../fixtures/eventually.js';
import { runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

/** Is idle, and, at each line, after the milliseconds it says, works as many milliseconds, notes that in `turns`, and is idle again. */
const AGENT = String.raw`
const { appendFileSync } = require('node:fs');
const report = (status) => appendFileSync(process.env.ORCH_TASK_DIR + '/status.jsonl', JSON.stringify({ status }) + '\n');
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const [thinks, works] = line.split(' ').map(Number);
  setTimeout(() => {
    report('working');
    setTimeout(() => {
      appendFileSync(process.argv[1], 'x');
      report('idle');
    }, works);
  }, thinks);
});
report('idle');
console.log('ready');
`;
const AGENTS = 8;
const ROUNDS = 25;

test('200 times orch send --wait idle ends behind the turn that it has begun, to an agent that was idle before', {
  timeout: 600_000,
}, async () => {
  await Promise.all(
    Array.from({ length: AGENTS }, async (_, agent) => {
      using folder = temporaryFolder();
      const turns = join(folder.path, 'turns');
      const dir = join(folder.path, 'a');
      const started = await runOrch(['run', '-d', '--dir', dir, '--', process.execPath, '-e', AGENT, turns]);
      expect(started.code).toBe(0);
      try {
        await eventually(() => onlyTask(dir).manifest.activity?.status === 'idle', 'idle');
        for (let round = 1; round <= ROUNDS; round++) {
          // Some take longer to begin than a status has to hold, some are over before it has.
          const [thinks, works] = [
            (agent + round) % 4 === 0 ? 1300 : round,
            (agent + round) % 3 === 0 ? 0 : 40 * round,
          ];
          const sent = await runOrch(['send', '--dir', dir, 'latest', `${thinks} ${works}`, '--wait', 'idle']);
          const done = existsSync(turns) ? readFileSync(turns, 'utf8').length : 0;
          expect([agent, round, sent.code, done]).toEqual([agent, round, 0, round]);
        }
      } finally {
        await runOrch(['stop', '--dir', dir, '--kill-after', '0.1', 'latest']);
      }
    }),
  );
});
