import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TimeIndexWriter } from '../../src/store/times/time-index.js';
import { readTimeIndex } from '../../src/store/times/time-index-reader.js';
import { TimeLookup } from '../../src/store/times/time-lookup.js';
import { ManualClock } from '../fixtures/manual-clock.js';
import { runs } from '../fixtures/runs.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const HEADER = { start: '2026-01-02T03:04:05.678Z', size: { cols: 80, rows: 24 } };

function writerIn(folder: string): TimeIndexWriter {
  return new TimeIndexWriter({ id: 'task-1-1', path: folder }, new ManualClock(), HEADER, () => undefined);
}

describe('looking times up where they are asked', () => {
  test('gives what reading the whole index gives, over many blocks', () => {
    using folder = temporaryFolder();
    const steps = fc.array(fc.record({ ms: fc.nat(2000), bytes: fc.nat(100_000) }), { minLength: 0, maxLength: 6000 });
    fc.assert(
      fc.property(steps, fc.array(fc.nat(1_000_000_000), { minLength: 20, maxLength: 20 }), (outputs, asked) => {
        rmSync(join(folder.path, 'backend.idx'), { force: true });
        const writer = writerIn(folder.path);
        let ms = 0;
        let offset = 0;
        for (const step of outputs) writer.output((ms += step.ms), (offset += step.bytes));
        writer.close();
        const whole = readTimeIndex(folder.path);
        using lookup = new TimeLookup(folder.path);
        expect([lookup.start, lookup.size, lookup.problem]).toEqual([whole.start, whole.size, undefined]);
        expect(lookup.end).toBe(offset);
        for (const any of [0, offset, ms, ...asked]) {
          const at = offset === 0 ? any : any % (offset + 2);
          expect(lookup.timeAt(at)).toBe(whole.timeAt(at));
          expect(lookup.offsetAt(any % (ms + 2))).toBe(whole.offsetAt(any % (ms + 2)));
        }
      }),
      { numRuns: runs(40) },
    );
  });

  test('an index that grows is known at once', () => {
    using folder = temporaryFolder();
    using writer = writerIn(folder.path);
    writer.output(10, 100);
    writer.flush();
    using lookup = new TimeLookup(folder.path);
    expect([lookup.timeAt(50), lookup.timeAt(150)]).toEqual([10, undefined]);
    for (let at = 1; at < 1500; at++) {
      writer.output(10 + at * 10, 100 + at * 100);
      writer.flush();
      expect(lookup.timeAt(50 + at * 100)).toBe(10 + at * 10);
      expect(lookup.end).toBe(100 + at * 100);
    }
  });

  test('of any file it never fails, and says what is wrong', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'backend.idx');
    const writer = writerIn(folder.path);
    for (let at = 1; at < 3000; at++) writer.output(at * 10, at * 100);
    writer.close();
    const whole = readFileSync(path);
    const damage = fc.record({
      at: fc.nat(whole.length - 1),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 40_000 }),
    });
    fc.assert(
      fc.property(damage, fc.boolean(), ({ at, bytes }, cut) => {
        const damaged = Buffer.from(cut ? whole.subarray(0, at) : whole);
        if (!cut) damaged.set(bytes.subarray(0, whole.length - at), at);
        writeFileSync(path, damaged);
        using lookup = new TimeLookup(folder.path);
        for (const ms of [0, 5, 10_000, 20_000, 29_000, 40_000]) {
          expect(lookup.offsetAt(ms)).toBeGreaterThanOrEqual(0);
          const time = lookup.timeAt(ms * 10);
          if (time !== undefined) expect(time).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: runs(300) },
    );
    writeFileSync(path, 'torn');
    using torn = new TimeLookup(folder.path);
    expect(torn.problem).toMatch(/first line is not a header/);
    writeFileSync(path, whole);
    appendFileSync(path, 'garbage\n');
    using garbled = new TimeLookup(folder.path);
    expect([garbled.end, garbled.problem]).toEqual([299_900, expect.stringMatching(/damaged lines/)]);
  });
});
