/**
 * Measures orch beside its peers on this machine, and holds the figures against what the project promises; docs/performance.md says how,
 * `npm run bench -- --help` what can be asked for.
 */
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HELP, type MeasureRequest, readArguments } from './arguments.js';
import { benches } from './benches.js';
import { type Build, otherBuild, thisBuild } from './builds.js';
import { choose } from './choose.js';
import { compareRuns, differences } from './compare.js';
import { descendants } from './descendants.js';
import { isKept, judge } from './judge.js';
import { busyWarning, machineLine, thisMachine } from './machine.js';
import { measure } from './measure.js';
import { changesTable, measuredTable, outcomesTable, targetsTable } from './report.js';
import { runBench } from './run-bench.js';
import { type BenchRecord, readRunRecord, type RunRecord } from './run-record.js';
import { targets } from './targets.js';
import { UsageError } from './usage-error.js';

const MISSED = 1;
const USAGE = 2;

try {
  // What a measurement that failed may still wait for does not count.
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exit(USAGE);
}

async function main(argv: readonly string[]): Promise<number> {
  const request = readArguments(argv);
  switch (request.type) {
    case 'help':
      console.log(HELP);
      return 0;
    case 'list':
      console.log(targetsTable(targets));
      return 0;
    case 'compare':
      compare(readRunRecord(request.before), readRunRecord(request.after));
      return 0;
    case 'measure':
      return measureAll(request);
  }
}

function compare(before: RunRecord, after: RunRecord): void {
  for (const difference of differences(before, after)) console.log(`Not alike in ${difference}`);
  console.log(changesTable(compareRuns(before, after)));
}

async function measureAll(request: MeasureRequest): Promise<number> {
  const chosen = choose(request.only, { benches, targets });
  const builds = [thisBuild(), ...(request.against === undefined ? [] : [otherBuild(request.against)])];
  if (request.json !== undefined) assertWritable(request.json);
  const machine = thisMachine();
  const warning = busyWarning(machine);
  const started = new Date().toISOString();
  console.log(machineLine(machine));
  for (const { name, commit, bin } of builds) console.log(`${name}: ${commit ?? 'no commit'}, ${bin}`);
  if (warning !== undefined) console.log(warning);

  const records: BenchRecord[] = [];
  await inOwnFolder(async (folder) => {
    await warmUp(builds, folder);
    for (const bench of chosen.benches) {
      console.log(`\n## ${bench.name}\n\n${bench.what}\n`);
      const record = await runBench(bench, { builds, folder, ...request });
      records.push(record);
      console.log(measuredTable(record));
    }
  });
  const lines = chosen.targets.flatMap((target) => {
    const record = records.find(({ name }) => name === target.bench);
    return record === undefined ? [] : [judge(target, record, request.quick)];
  });
  console.log(`\n## Beside the targets\n\n${outcomesTable(lines)}`);
  if (warning !== undefined) console.log(`\n${warning}`);
  const [orch, other] = builds.map(({ commit }) => commit);
  if (request.json !== undefined)
    keep(request.json, {
      v: 1,
      started,
      ended: new Date().toISOString(),
      machine,
      mb: request.mb,
      rounds: request.rounds,
      quick: request.quick,
      ...(orch !== undefined && { orch }),
      ...(other !== undefined && { other }),
      lines,
      benches: records,
    });
  return isKept(lines) ? 0 : MISSED;
}

/** All that the benches and what they start write goes there, the caches of a home too; it is removed at the end, and on Ctrl-C. */
async function inOwnFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'orch-bench-'));
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      // Else they go on, and write into the folder again.
      for (const pid of descendants()) killNow(pid);
      remove();
      process.kill(process.pid, signal);
    });
  }
  process.env['HOME'] = join(folder, 'home');
  process.env['TMPDIR'] = folder;
  mkdirSync(process.env['HOME']);
  try {
    await use(folder);
  } finally {
    remove();
  }
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

/** What is made at the first start is not a part of what is measured; and a build that does not start cannot be measured. */
async function warmUp(builds: readonly Build[], folder: string): Promise<void> {
  const dir = join(folder, 'warm-up');
  for (const { bin } of builds) {
    try {
      await measure({ argv: [process.execPath, bin, 'run', '-q', '--dir', dir, '--', 'true'] });
    } catch (error) {
      throw new UsageError(`A build does not run: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** Before hours of measuring rather than behind them. */
function assertWritable(path: string): void {
  try {
    closeSync(openSync(path, 'a'));
  } catch (error) {
    throw new UsageError(`The results cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function keep(path: string, record: RunRecord): void {
  writeFileSync(path, `${JSON.stringify(record, null, 2)}\n`);
}
