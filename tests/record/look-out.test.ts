import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LookOut } from '../../src/record/run/look-out.js';
import { eventually } from '../fixtures/eventually.js';
import { ManualClock } from '../fixtures/manual-clock.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

function lookOut(folder: string): { clock: ManualClock; lookOut: LookOut; looks: () => number } & Disposable {
  const clock = new ManualClock();
  let looks = 0;
  const made = new LookOut({
    clock,
    folder,
    look: () => {
      looks += 1;
    },
  });
  return {
    clock,
    lookOut: made,
    looks: () => looks,
    [Symbol.dispose]: () => {
      made[Symbol.dispose]();
    },
  };
}

describe('a task is looked after', () => {
  test('twice a second while it does anything', () => {
    using folder = temporaryFolder();
    using it = lookOut(folder.path);
    for (let at = 0; at < 20; at++) {
      it.lookOut.stir();
      it.clock.advance(250);
    }
    expect(it.looks()).toBe(10);
  });

  test('seldom while it does nothing', () => {
    using folder = temporaryFolder();
    using it = lookOut(folder.path);
    it.clock.advance(2000);
    const before = it.looks();
    it.clock.advance(9000);
    expect([before, it.looks()]).toEqual([4, 4]);
  });

  test('again and again, however long it does nothing', async () => {
    using folder = temporaryFolder();
    using it = lookOut(folder.path);
    it.clock.advance(2000);
    for (let looks = it.looks(); looks < 10; looks = it.looks()) {
      it.clock.advance(10_000);
      await eventually(() => it.looks() > looks && it.clock.waiting > 0, 'another look');
    }
  });

  test('at once when a hook reports, or its log changes, while it does nothing', async () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'backend.log'), 'printed');
    using it = lookOut(folder.path);
    it.clock.advance(2000);
    const changes = [
      () => {
        appendFileSync(join(folder.path, 'status.jsonl'), '{"status":"waiting"}\n');
      },
      () => {
        rmSync(join(folder.path, 'backend.log'));
      },
    ];
    for (const change of changes) {
      const before = it.looks();
      change();
      await eventually(() => it.looks() > before, 'a look after the change');
    }
  });

  test('before it does anything after a silence, and then twice a second again', () => {
    using folder = temporaryFolder();
    using it = lookOut(folder.path);
    it.clock.advance(5000);
    const before = it.looks();
    it.lookOut.stir();
    expect(it.looks()).toBe(before + 1);
    it.clock.advance(1000);
    expect(it.looks()).toBe(before + 3);
  });

  test('twice a second where its folder cannot be watched', () => {
    using it = lookOut('/no/such/folder');
    it.clock.advance(20_000);
    expect(it.looks()).toBe(40);
  });

  test('no more once that is over, and no timer waits', () => {
    using folder = temporaryFolder();
    for (const after of [0, 5000]) {
      const it = lookOut(folder.path);
      it.clock.advance(after);
      const before = it.looks();
      it.lookOut[Symbol.dispose]();
      it.lookOut.stir();
      it.clock.advance(60_000);
      expect([it.looks(), it.clock.waiting]).toEqual([before, 0]);
    }
  });
});
