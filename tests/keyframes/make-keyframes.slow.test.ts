import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/core/clock.js';
import { Semaphore } from '../../src/core/async/semaphore.js';
import { checkKeyframes } from '../../src/keyframes/check-keyframes.js';
import { findKeyframes, stateOf } from '../../src/keyframes/keyframes.js';
import { makeKeyframes } from '../../src/keyframes/make-keyframes.js';
import { asPacked } from '../../src/keyframes/packed-state.js';
import { type AlternateScreen, Transcript } from '../../src/render/index.js';
import { removeKeyframes } from '../../src/keyframes/keyframe-file.js';
import type { TaskFolder } from '../../src/store/layout/task-folder.js';
import { readTask } from '../../src/store/task/task-reader.js';
import type { Beginning } from '../../src/view/lines/beginning.js';
import type { LogLine } from '../../src/view/lines/log-batch.js';
import { RecordedTask } from '../../src/view/lines/recorded-task.js';
import { TaskLines } from '../../src/view/lines/task-lines.js';
import { runCli } from '../fixtures/cli.js';
import { writeTask } from '../fixtures/recorded-task.js';
import { runs } from '../fixtures/runs.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { anyOutput, plainOutput } from '../render/generators.js';

const KEYS = 'backend.0000000000000000.keys';
const LINES = Buffer.from(
  Array.from({ length: 4000 }, (_, n) => `line ${n} \x1b[3${n % 8}mof many\x1b[m\r\n`).join(''),
);

async function view(
  folder: TaskFolder,
  begin: Beginning,
  { alt = 'final', styles = false }: { readonly alt?: AlternateScreen; readonly styles?: boolean } = {},
): Promise<readonly LogLine[]> {
  using recording = new RecordedTask(readTask(folder));
  const lines = new TaskLines(recording, {
    sources: new Set(['backend']),
    alt,
    styles,
    begin,
    to: undefined,
    follow: false,
    turns: new Semaphore(1),
    signal: new AbortController().signal,
    clock: systemClock,
    onMissing: () => undefined,
  });
  const found: LogLine[] = [];
  for await (const batch of lines.read()) found.push(...batch.lines);
  return found;
}

const agentDir = temporaryFolder();
let tasks = 0;
afterAll(() => {
  agentDir[Symbol.dispose]();
});

function task(log: Uint8Array): TaskFolder {
  const id = `task-1767323045-${++tasks}`;
  return writeTask(agentDir.path, { id, log, manifest: { bytes: log.length } });
}

const long = fc
  .record({
    parts: fc.array(fc.oneof(plainOutput, anyOutput), { minLength: 1, maxLength: 5 }),
    times: fc.integer({ min: 20, max: 120 }),
  })
  .map(({ parts, times }) => Buffer.concat(Array.from({ length: times }, () => parts).flat()));

describe('keyframes', () => {
  test('every view of a recording with them is that of the same without', async () => {
    const begin = fc.oneof(
      fc.record({ type: fc.constant('last' as const), lines: fc.integer({ min: 1, max: 400 }) }),
      fc.record({ type: fc.constant('after' as const), offset: fc.nat(200_000), noted: fc.constant(0) }),
    );
    const alts = fc.constantFrom<AlternateScreen>('final', 'diff', 'none');
    await fc.assert(
      fc.asyncProperty(long, begin, alts, fc.boolean(), async (log, where, alt, styles) => {
        const folder = task(log);
        const whole = await view(folder, { type: 'start' }, { alt, styles });
        await makeKeyframes(folder, { spacing: 4096 });
        const wanted =
          where.type === 'last' ? whole.slice(-where.lines) : whole.filter(({ endOffset }) => endOffset > where.offset);
        expect(await view(folder, where, { alt, styles })).toEqual(wanted);
      }),
      { numRuns: runs(12) },
    );
  });

  test('they are a mebibyte or more apart, of their owner alone, and none is made twice', async () => {
    const folder = task(Buffer.concat(Array.from({ length: 32 }, () => LINES)));
    const made = await makeKeyframes(folder);
    const { entries, problems } = findKeyframes(folder);
    expect(problems).toEqual([]);
    expect(entries).toHaveLength(made.keyframes);
    expect(entries.length).toBeGreaterThan(2);
    for (const [at, { offset }] of entries.entries())
      expect(offset - (entries[at - 1]?.offset ?? 0)).toBeGreaterThanOrEqual(1024 * 1024);
    expect(statSync(join(folder.path, KEYS)).mode & 0o777).toBe(0o600);
    expect(await makeKeyframes(folder)).toEqual({ keyframes: 0, bytes: 0 });
  });

  test('what is damaged counts as not there, and is made anew', async () => {
    const folder = task(LINES);
    await makeKeyframes(folder, { spacing: 16_384 });
    const whole = readFileSync(join(folder.path, KEYS));
    const before = await view(folder, { type: 'last', lines: 50 });
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, bits) => {
        const damaged = Buffer.from(whole);
        damaged[at] = (damaged[at] ?? 0) ^ bits;
        writeFileSync(join(folder.path, KEYS), damaged);
        expect(await view(folder, { type: 'last', lines: 50 })).toEqual(before);
      }),
      { numRuns: runs(30) },
    );
    writeFileSync(join(folder.path, KEYS), whole);
    truncateSync(join(folder.path, KEYS), whole.length - 100);
    expect(findKeyframes(folder).problems).toHaveLength(1);
    await makeKeyframes(folder, { spacing: 16_384 });
    expect(readFileSync(join(folder.path, KEYS))).toEqual(whole);
  });

  test('a recording that grew is gone on with, and comes out as if made in one go', async () => {
    const folder = task(LINES.subarray(0, 60_000));
    await makeKeyframes(folder, { spacing: 16_384 });
    appendFileSync(join(folder.path, 'backend.log'), LINES.subarray(60_000));
    await makeKeyframes(folder, { spacing: 16_384 });
    for (const entry of findKeyframes(folder).entries) {
      const state = await stateOf(folder, entry);
      const fresh = new Transcript({ cols: 80, rows: 24 }, { savable: true });
      fresh.push(LINES.subarray(0, entry.offset));
      expect(state).toEqual(JSON.parse(JSON.stringify(asPacked(fresh.save()))));
    }
  });

  test('each segment begins with one, and the segments left when the first are removed give the same lines', async () => {
    const folder = task(LINES.subarray(80_000));
    const half = 40_000;
    writeFileSync(join(folder.path, 'backend.0000000000000000.log'), LINES.subarray(0, half));
    writeFileSync(join(folder.path, 'backend.0000000000040000.log'), LINES.subarray(half, 80_000));
    const whole = await view(folder, { type: 'start' });
    await makeKeyframes(folder);
    expect(readdirSync(folder.path).filter((name) => name.endsWith('.keys'))).toEqual([
      'backend.0000000000040000.keys',
      'backend.0000000000080000.keys',
    ]);
    expect(await view(folder, { type: 'start' })).toEqual(whole);
    rmSync(join(folder.path, 'backend.0000000000000000.log'));
    const left = await view(folder, { type: 'start' });
    const emitted = findKeyframes(folder).entries[0]?.emitted.final ?? 0;
    expect(left).toEqual(whole.slice(emitted));
    expect(await view(folder, { type: 'last', lines: 10 })).toEqual(whole.slice(-10));
    removeKeyframes(folder.path);
    mkdirSync(join(folder.path, 'odd'));
    expect(findKeyframes(folder).entries).toEqual([]);
  });

  test('the check finds every one that another rendering would not have', async () => {
    const folder = task(Buffer.concat([LINES, LINES, LINES, LINES]));
    await makeKeyframes(folder, { spacing: 16_384 });
    const { entries } = findKeyframes(folder);
    expect(await checkKeyframes(folder)).toMatchObject({ keyframes: entries.length, wrong: [], problems: [] });
    const log = join(folder.path, 'backend.log');
    const other = readFileSync(log);
    const at = (entries[2]?.offset ?? 0) - 200;
    other.write('another text', at);
    writeFileSync(log, other);
    expect((await checkKeyframes(folder))?.wrong[0]).toBe(entries[2]?.offset);
  });

  test('orch index makes them, and orch verify says whether they are right', async () => {
    const folder = task(Buffer.concat([LINES, LINES, LINES, LINES]));
    const line = [folder.id, '--dir', agentDir.path];
    await makeKeyframes(folder, { spacing: 16_384 });
    truncateSync(join(folder.path, KEYS), statSync(join(folder.path, KEYS)).size - 10);
    expect((await runCli(['verify', ...line], { cwd: agentDir.path })).stdout).toMatch(
      /^FAIL keyframes: .*torn or damaged/m,
    );
    expect((await runCli(['verify', '--repair', ...line], { cwd: agentDir.path })).stdout).toMatch(
      /^mend keyframes: /m,
    );
    expect((await runCli(['verify', ...line], { cwd: agentDir.path })).stdout).toMatch(
      /^ok {3}keyframes: \d+, each as rendering finds it$/m,
    );
    const { code, stdout } = await runCli(['index', ...line], { cwd: agentDir.path });
    expect([code, stdout]).toEqual([0, `${folder.id}: 0 keyframes, 0 B\n`]);
  });
});
