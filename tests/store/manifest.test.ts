import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Manifest, writeManifest } from '../../src/store/layout/manifest.js';
import { readManifest } from '../../src/store/layout/manifest-reader.js';
import { finishedManifest } from '../fixtures/recorded-task.js';
import { runs } from '../fixtures/runs.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

describe('task.json', () => {
  test('what was written is read back, whatever it holds', () => {
    using folder = temporaryFolder();
    fc.assert(
      fc.property(manifests, (manifest) => {
        writeManifest(folder.path, manifest);
        expect(readManifest(folder.path)).toEqual(manifest);
      }),
      { numRuns: runs(200) },
    );
    expect(readdirSync(folder.path)).toEqual(['task.json']);
    expect(statSync(join(folder.path, 'task.json')).mode & 0o777).toBe(0o600);
  });

  test('torn at any byte it is an error that says so, never half a manifest', () => {
    using folder = temporaryFolder();
    const whole = JSON.stringify(finishedManifest());
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(join(folder.path, 'task.json'), whole.slice(0, length));
      expect(() => readManifest(folder.path)).toThrow(
        expect.objectContaining({ code: 'MANIFEST_UNREADABLE', exitCode: 4 }),
      );
    }
  });

  test('keys that a later orch added are passed over', () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'task.json'), JSON.stringify({ ...finishedManifest(), mood: 'good' }));
    expect(readManifest(folder.path)).toEqual(finishedManifest());
  });

  test.each([
    [
      'a later format',
      { ...finishedManifest(), v: 2 },
      /task\.json .*: its format is version 2, and this orch reads up to 1$/,
    ],
    ['no version', { ...finishedManifest(), v: undefined }, /: v: must be 1$/],
    ['an unknown status', { ...finishedManifest(), status: 'paused' }, /: status: must be running, done or failed$/],
    ['a text for a number', { ...finishedManifest(), bytes: '12' }, /: bytes: must be a whole number$/],
    ['a negative number', { ...finishedManifest(), bytes: -1 }, /: bytes: must be 0 or more$/],
    ['a size of nothing', { ...finishedManifest(), size: { cols: 0, rows: 24 } }, /: size\.cols: must be 1 to 65535$/],
    ['a wrong argument', { ...finishedManifest(), argv: ['a', 1] }, /: argv\.1: must be a text$/],
    ['a time that is none', { ...finishedManifest(), started: 'yesterday' }, /: started: must be a time such as /],
    [
      'a gap without a reason',
      { ...finishedManifest(), gaps: [{ offset: 1, bytes: 2 }] },
      /: gaps\.0\.reason: must be a text$/,
    ],
    ['a short hash', { ...finishedManifest(), sha256: 'abc' }, /: sha256: must be 64 hexadecimal digits$/],
    ['another value', [], /: the whole: /],
  ])('%s is named with its key and what is allowed', (_, value, message) => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'task.json'), JSON.stringify(value));
    expect(() => readManifest(folder.path)).toThrow(message);
  });

  test('a missing one is said to be missing', () => {
    using folder = temporaryFolder();
    expect(() => readManifest(folder.path)).toThrow(/: there is none$/);
  });
});

const count = fc.nat();
const time = fc
  .date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());
const cells = fc.integer({ min: 1, max: 65_535 });
const text = fc.string({ unit: 'binary' });

const manifests: fc.Arbitrary<Manifest> = fc.record(
  {
    v: fc.constant(1 as const),
    id: text,
    name: text,
    backend: text,
    argv: fc.array(text),
    shown: fc.array(text),
    cwd: text,
    size: fc.record({ cols: cells, rows: cells }),
    pid: count,
    pidStart: text,
    status: fc.constantFrom('running' as const, 'done' as const, 'failed' as const),
    started: time,
    ended: time,
    exit: fc.record({ code: count, signal: count }),
    bytes: fc.maxSafeNat(),
    sha256: fc.string({ unit: fc.nat(15).map((digit) => digit.toString(16)), minLength: 64, maxLength: 64 }),
    gaps: fc.array(fc.record({ offset: fc.maxSafeNat(), bytes: count, reason: text })),
    orch: text,
  },
  {
    requiredKeys: [
      'v',
      'id',
      'backend',
      'argv',
      'cwd',
      'size',
      'pid',
      'pidStart',
      'status',
      'started',
      'bytes',
      'gaps',
      'orch',
    ],
    noNullPrototype: true,
  },
);
