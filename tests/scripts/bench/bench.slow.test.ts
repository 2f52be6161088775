import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { benches } from '../../../scripts/bench/benches.js';
import { readRunRecord } from '../../../scripts/bench/run-record.js';
import { targets } from '../../../scripts/bench/targets.js';
import { type PipedRun, runPiped } from '../../fixtures/run-orch.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const MINUTES = 60_000;

function bench(args: readonly string[], tmp: string): Promise<PipedRun> {
  const argv = ['--import', 'tsx', join(ROOT, 'scripts/bench/main.ts'), ...args];
  return runPiped(process.execPath, argv, { cwd: ROOT, env: { TMPDIR: tmp }, deadlineMs: 10 * MINUTES });
}

test('a quick run of everything ends well, has a value for each line whose peer is here, and leaves nothing', {
  timeout: 11 * MINUTES,
}, async () => {
  using folder = temporaryFolder();
  const tmp = join(folder.path, 'tmp');
  mkdirSync(tmp);
  const json = join(folder.path, 'run.json');
  const { code, stdout, stderr } = await bench(['--quick', '--json', json], tmp);
  const run = readRunRecord(json);
  expect(run.lines.filter(({ verdict }) => verdict === 'failed')).toEqual([]);
  expect([code, stderr]).toEqual([0, '']);
  expect(run.lines.map(({ name }) => name)).toEqual(targets.map(({ name }) => name));
  expect(run.benches.map(({ name }) => name)).toEqual(benches.map(({ name }) => name));
  for (const { name, value, reason, orch } of run.lines) {
    // Of another system than Linux there are fewer.
    if (reason?.includes('installed') === true || reason?.includes('Linux only') === true) continue;
    expect([name, value !== undefined && value.median >= 0, orch !== undefined]).toEqual([name, true, true]);
    expect(stdout.toString()).toContain(`| ${name} `);
  }
  expect(readdirSync(tmp).filter((name) => name.startsWith('orch-bench-'))).toEqual([]);
});

test('another build takes turns with this one, and the result can be compared', { timeout: 5 * MINUTES }, async () => {
  using folder = temporaryFolder();
  const json = join(folder.path, 'run.json');
  const args = ['--only', 'render-plain', '--mb', '1', '--rounds', '3', '--quick', '--against', ROOT, '--json', json];
  expect((await bench(args, folder.path)).code).toBe(0);
  const [line] = readRunRecord(json).lines;
  expect(line).toMatchObject({ name: 'render-plain', orch: { n: 3 }, ofOther: { n: 3 } });
  const compared = await bench(['--compare', json, json], folder.path);
  // A figure of one quick run may be spread too widely to be compared, even with itself.
  expect([compared.code, compared.stdout.toString()]).toEqual([
    0,
    expect.stringMatching(/render-plain .* (same|unclear) /),
  ]);
});

describe('what cannot be done is one line, and the code 2', () => {
  test.each([
    [['--only', 'nothing-of-it'], /^There is no bench or line "nothing-of-it"/],
    [['--against', 'absent'], /^There is no folder .*absent: give a checkout of orch that is built\.$/],
    [['--against', 'other'], /^.*other is not a checkout of orch: its package\.json is not orch's\.$/],
    [['--against', 'unbuilt'], /^.*unbuilt is not built: there is no .*bin\.js\. Run npm run build there\.$/],
    [['--json', 'absent/run.json'], /^The results cannot be written: .*absent/],
    [['--compare', 'absent', 'absent'], /^.*absent cannot be read: /],
    [['--compare', 'unbuilt/package.json', 'unbuilt/package.json'], /is not what --json writes/],
  ])('%j', { timeout: MINUTES }, async (args, message) => {
    using folder = temporaryFolder();
    mkdirSync(join(folder.path, 'other'));
    mkdirSync(join(folder.path, 'unbuilt'));
    const bin = { orch: 'dist/command/bin.js' };
    writeFileSync(join(folder.path, 'unbuilt/package.json'), JSON.stringify({ name: 'orch-pty', bin }));
    const [flag = '', ...operands] = args;
    const placed = flag === '--only' ? operands : operands.map((operand) => join(folder.path, operand));
    const { code, stdout, stderr } = await bench([flag, ...placed], folder.path);
    expect([code, stdout.toString(), stderr.trim().split('\n').length]).toEqual([2, '', 1]);
    expect(stderr.trim()).toMatch(message);
  });
});
