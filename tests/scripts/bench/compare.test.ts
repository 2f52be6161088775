import { expect, test } from 'vitest';
import { compareRuns, differences } from '../../../scripts/bench/compare.js';
import { changesTable } from '../../../scripts/bench/report.js';
import type { Outcome, RunRecord } from '../../../scripts/bench/run-record.js';
import { spread } from '../../../scripts/bench/spread.js';

function run(lines: Readonly<Record<string, readonly number[]>>, changes: Partial<RunRecord> = {}): RunRecord {
  return {
    v: 1,
    started: '2026-01-02T03:04:05Z',
    ended: '2026-01-02T03:14:05Z',
    machine: { system: 'Linux', cpu: 'a processor', cpus: 2, memoryGb: 8, node: 'v20.19.0', load: 0 },
    mb: 200,
    rounds: 3,
    quick: false,
    lines: Object.entries(lines).map(([name, values]) => line(name, values)),
    benches: [],
    ...changes,
  };
}

function line(name: string, values: readonly number[]): Outcome {
  const value = values.length === 0 ? {} : { value: spread(values) };
  const direction = name.endsWith('time') ? '≤' : '≥';
  return { name, work: `work of ${name}`, direction, target: 1, unit: '×', verdict: 'met', measuredIn: '', ...value };
}

test('a line is better or worse only where no turn lies within those of the other run', () => {
  const before = run({ a: [1, 2, 3], b: [1, 2, 3], c: [4, 5, 6], time: [4, 5, 6] });
  const after = run({ a: [4, 5, 6], b: [3, 4, 5], c: [1, 2, 3], time: [1, 2, 3] });
  expect(compareRuns(before, after).map(({ name, verdict, factor }) => [name, verdict, factor])).toEqual([
    ['a', 'better', 2.5],
    ['b', 'same', 2],
    ['c', 'worse', 0.4],
    ['time', 'better', 0.4],
  ]);
});

test('a line of one run alone, without a value, or of few turns is unclear', () => {
  const before = run({ old: [1, 2, 3], few: [1], without: [] });
  const after = run({ few: [5, 6, 7], without: [1, 2, 3], new: [1, 2, 3] });
  const changes = compareRuns(before, after);
  expect(changes.map(({ name, verdict }) => [name, verdict])).toEqual([
    ['old', 'unclear'],
    ['few', 'unclear'],
    ['without', 'unclear'],
    ['new', 'unclear'],
  ]);
  expect(changesTable(changes)).toContain('work of old');
});

test('what else is not alike in two runs is said', () => {
  const before = run({});
  expect(differences(before, before)).toEqual([]);
  const after = run({}, { mb: 20, machine: { ...before.machine, node: 'v24.0.0', load: 3 } });
  expect(differences(before, after)).toEqual(['Node: v20.19.0, then v24.0.0', 'size: 200 MB, then 20 MB']);
});
