import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { FolderWatcher } from '../../src/store/files/folder-watcher.js';
import { ManualClock } from '../fixtures/manual-clock.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const everything = (): boolean => true;

describe('watching a folder', () => {
  test('a change is told without any time passing, also when it came before the wait', async () => {
    using folder = temporaryFolder();
    const clock = new ManualClock();
    using watcher = new FolderWatcher(folder.path, everything, clock);
    const waiting = watcher.wait(1000);
    writeFileSync(join(folder.path, 'a'), '');
    await waiting;
    expect(clock.waiting).toBe(0);
  });

  test('what does not matter is not told', async () => {
    using folder = temporaryFolder();
    const clock = new ManualClock();
    using watcher = new FolderWatcher(folder.path, (name) => name === 'wanted', clock);
    let told = false;
    const waiting = watcher.wait(1000).then(() => {
      told = true;
    });
    using another = new FolderWatcher(folder.path, everything, clock);
    writeFileSync(join(folder.path, 'other'), '');
    // By then the first watcher was told of it, too, or it never will be.
    await another.wait(1000);
    await turn();
    expect(told).toBe(false);
    clock.advance(1000);
    await waiting;
  });

  test('where the system cannot watch, the folder is looked at every 50 ms', async () => {
    using folder = temporaryFolder();
    const clock = new ManualClock();
    using watcher = new FolderWatcher(join(folder.path, 'absent'), everything, clock);
    const waiting = watcher.wait(1000);
    clock.advance(50);
    await waiting;
    expect(clock.waiting).toBe(0);
  });

  test('an abort, and the end of the watching, end a wait and leave nothing behind', async () => {
    using folder = temporaryFolder();
    const clock = new ManualClock();
    const watcher = new FolderWatcher(folder.path, everything, clock);
    const controller = new AbortController();
    const aborted = watcher.wait(1000, controller.signal);
    controller.abort();
    await aborted;
    await watcher.wait(1000, controller.signal);
    const disposed = watcher.wait(1000);
    watcher[Symbol.dispose]();
    await disposed;
    expect(clock.waiting).toBe(0);
  });
});
