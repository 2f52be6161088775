/**
 * Runs the tests that have properties, each time with other input: `npm run test:new-seeds -- [SEEDS] [FILE OR FOLDER…]`, ten seeds
 * and all such tests unless told. Says which failed with which seed, and ends with 1 where any did. It is a report, and
 * no condition of a change: what it finds was there before.
 */
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const report = z.object({
  numTotalTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      message: z.string(),
      status: z.string(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullish() }),
      ),
    }),
  ),
});

function main([count = '10', ...wanted]: readonly string[]): number {
  const seeds = Number(count);
  if (!Number.isInteger(seeds) || seeds < 1) throw new Error(`${count} is no number of seeds`);
  const files = testsWithProperties().filter(
    (file) => wanted.length === 0 || wanted.some((part) => file.includes(part)),
  );
  if (files.length === 0) throw new Error(`no test with properties is in ${wanted.join(', ')}`);
  console.log(`${seeds} seeds, ${files.length} files`);
  let failures = 0;
  for (let turn = 0; turn < seeds; turn++) {
    const seed = randomInt(2 ** 31);
    const failed = runWith(seed, files);
    failures += failed.length;
    console.log(`seed ${seed}: ${failed.length === 0 ? 'all passed' : `${failed.length} failed`}`);
    for (const { file, test, why } of failed)
      console.log(`  FAIL ${file}: ${test}\n  ${why}\n  again: TEST_SEED=${seed} TEST_EFFORT=1 npx vitest run ${file}`);
  }
  console.log(failures === 0 ? 'Nothing was found.' : `${failures} failed.`);
  return failures === 0 ? 0 : 1;
}

interface Failed {
  readonly file: string;
  readonly test: string;
  readonly why: string;
}

function runWith(seed: number, files: readonly string[]): readonly Failed[] {
  const folder = mkdtempSync(join(tmpdir(), 'orch-seeds-'));
  const output = join(folder, 'report.json');
  try {
    const { stderr } = spawnSync('npx', ['vitest', 'run', '--reporter=json', `--outputFile=${output}`, ...files], {
      env: { ...process.env, TEST_SEED: String(seed), TEST_EFFORT: '1' },
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
    });
    const { numTotalTests, testResults } = readReport(output, stderr);
    if (numTotalTests === 0) throw new Error(`no test was run with seed ${seed}`);
    return testResults.flatMap(({ name, message, status, assertionResults }) => {
      const file = name.slice(process.cwd().length + 1);
      const failed = assertionResults.filter((result) => result.status === 'failed');
      if (failed.length === 0) return status === 'failed' ? [{ file, test: 'the file itself', why: message }] : [];
      return failed.map(({ fullName, failureMessages }) => ({
        file,
        test: fullName,
        why: (failureMessages?.[0] ?? '').slice(0, MAX_MESSAGE),
      }));
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readReport(path: string, stderr: string): z.infer<typeof report> {
  try {
    return report.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new Error(`vitest left no report: ${stderr.slice(-MAX_MESSAGE)}`, { cause: error });
  }
}

function testsWithProperties(): readonly string[] {
  return readdirSync('tests', { recursive: true, encoding: 'utf8' })
    .map((name) => join('tests', name))
    .filter((file) => file.endsWith('.test.ts') && readFileSync(file, 'utf8').includes("from 'fast-check'"))
    .filter((file) => !file.startsWith(join('tests', 'agents')))
    .sort();
}

/** Of a counterexample; the test itself prints all of it. */
const MAX_MESSAGE = 1500;

process.exitCode = main(process.argv.slice(2));
