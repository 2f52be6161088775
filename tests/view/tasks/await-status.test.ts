import { rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { AgentStatus } from '../../../src/core/agent-state.js';
import { type Manifest, writeManifest } from '../../../src/store/layout/manifest.js';
import { processStart } from '../../../src/store/layout/process-identity.js';
import { awaitStatus } from '../../../src/view/tasks/await-status.js';
import { eventually } from '../../fixtures/eventually.js';
import { ManualClock } from '../../fixtures/manual-clock.js';
import { finishedManifest, writeTask } from '../../fixtures/recorded-task.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

const running = { status: 'running', pid: process.pid, pidStart: processStart(process.pid) ?? '' } as const;
const doing = (status: AgentStatus): Partial<Manifest> => ({
  ...running,
  activity: { status, source: 'hook', since: '2026-01-02T03:04:05.678Z' },
});

describe('waiting for a task', () => {
  test.each([
    ['done', {}, 'done', 'reached'],
    ['failed', { status: 'failed' }, 'done', 'missed'],
    ['done', {}, 'waiting', 'missed'],
    ['lost', { status: 'running' }, 'idle', 'missed'],
    ['waiting already', doing('waiting'), 'waiting', 'reached'],
  ] as const)('that is %s %#', async (_, manifest, wanted, type) => {
    using folder = temporaryFolder();
    const task = writeTask(folder.path, { manifest });
    const { signal } = new AbortController();
    expect(await awaitStatus(task, wanted, { clock: new ManualClock(), signal })).toMatchObject({ type });
  });

  test('ends when its status comes, whatever came before', async () => {
    using folder = temporaryFolder();
    const task = writeTask(folder.path, { manifest: doing('working') });
    const clock = new ManualClock();
    const waiting = awaitStatus(task, 'waiting', { clock, signal: new AbortController().signal });
    for (const status of ['idle', 'working', 'waiting'] as const) {
      await eventually(() => clock.waiting > 0, 'the wait');
      writeManifest(task.path, finishedManifest(doing(status)));
    }
    expect((await waiting).type).toBe('reached');
    expect(clock.waiting).toBe(0);
  });

  test('looks by itself whether its recorder lives, for one that was killed tells nobody', async () => {
    using folder = temporaryFolder();
    const task = writeTask(folder.path, { manifest: { ...doing('working'), pidStart: 'another boot:1' } });
    const waiting = await awaitStatus(task, 'done', { clock: new ManualClock(), signal: new AbortController().signal });
    expect(waiting.type).toBe('missed');
  });

  test('ends when nobody waits any longer', async () => {
    using folder = temporaryFolder();
    const task = writeTask(folder.path, { manifest: doing('working') });
    const [clock, stop] = [new ManualClock(), new AbortController()];
    const waiting = awaitStatus(task, 'done', { clock, signal: stop.signal });
    await eventually(() => clock.waiting > 0, 'the wait');
    stop.abort();
    expect((await waiting).type).toBe('aborted');
    expect(clock.waiting).toBe(0);
  });

  test('fails when the task is removed', async () => {
    using folder = temporaryFolder();
    const task = writeTask(folder.path, { manifest: doing('working') });
    const clock = new ManualClock();
    const waiting = awaitStatus(task, 'done', { clock, signal: new AbortController().signal });
    const seen = expect(waiting).rejects.toThrow(expect.objectContaining({ code: 'MANIFEST_UNREADABLE' }));
    await eventually(() => clock.waiting > 0, 'the wait');
    rmSync(task.path, { recursive: true });
    await eventually(() => {
      clock.advance(60_000);
      return clock.waiting === 0;
    }, 'the end of the wait');
    await seen;
  });
});
