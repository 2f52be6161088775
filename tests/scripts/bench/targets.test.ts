import { describe, expect, test } from 'vitest';
import { benches } from '../../../scripts/bench/benches.js';
import { choose } from '../../../scripts/bench/choose.js';
import { performanceRows } from '../../../scripts/bench/report.js';
import { targets, unitOf } from '../../../scripts/bench/targets.js';

const all = { benches, targets };
const names = (things: readonly { readonly name: string }[]): readonly string[] => things.map(({ name }) => name);

describe('the table of targets', () => {
  test('names each line once, by the name of its bench', () => {
    expect(new Set(names(targets)).size).toBe(targets.length);
    for (const { name, bench } of targets)
      expect([bench, `${name}-`]).toEqual([bench, expect.stringMatching(`^${bench}-|^follow`)]);
  });

  test('has lines of each bench, and no others', () => {
    expect(new Set(targets.map(({ bench }) => bench))).toEqual(new Set(names(benches)));
    expect(new Set(names(benches)).size).toBe(benches.length);
  });

  test('has a positive target for each, and peers that the bench knows', () => {
    for (const { name, target, beside, bench } of targets) {
      expect([name, target > 0]).toEqual([name, true]);
      if (beside === undefined) continue;
      const { peers = [] } = benches.find((one) => one.name === bench) ?? {};
      // Those that need no program but Node.
      const known = [...names(peers), 'itself', 'node -e 0', 'idle node', 'a bare timer'];
      expect(known).toContain(beside.peer);
    }
  });

  test('says in which unit a line is judged', () => {
    const units = Object.fromEntries(targets.map((target) => [target.name, unitOf(target)]));
    expect(units).toMatchObject({
      'render-plain': '×',
      'idle-memory': 'MB PSS',
      'idle-threads': '',
      'replay-late': 'ms',
      'capture-raw-end': 'ms',
    });
  });

  test('is the table of docs/performance.md, empty where nothing was measured', () => {
    const [head, ...rows] = performanceRows(targets, undefined);
    expect(head).toHaveLength(5);
    expect(rows).toHaveLength(targets.length);
    expect(rows[0]).toEqual(['render, plain', 'ansi2txt', '≥ 2.5 ×', '', '']);
  });
});

describe('--only', () => {
  test('takes everything where it names nothing', () => {
    expect(choose([], all)).toEqual(all);
  });

  test('of a line runs its bench, and judges that line alone', () => {
    const chosen = choose(['capture-raw-end'], all);
    expect(names(chosen.benches)).toEqual(['capture-raw']);
    expect(names(chosen.targets)).toEqual(['capture-raw-end']);
  });

  test('of a bench judges all of its lines', () => {
    expect(names(choose(['keyframes'], all).targets)).toEqual(['keyframes', 'keyframes-size']);
  });

  test('of the first word of names takes all of those', () => {
    expect(names(choose(['capture'], all).benches)).toEqual(['capture-raw', 'capture-cooked', 'capture-80-byte']);
    // A word, not some letters.
    expect(names(choose(['follow'], all).benches)).not.toContain('followers');
  });

  test('refuses a name that is none', () => {
    expect(() => choose(['start', 'stat', 'cap'], all)).toThrow(
      'There is no bench or line "stat", "cap": npm run bench -- --list has them.',
    );
  });
});
