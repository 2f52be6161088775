import { lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EventLog } from '../../src/store/events/event-log.js';
import { readEvents } from '../../src/store/events/event-reader.js';
import { TaskLog } from '../../src/store/layout/task-log.js';
import { ManualClock } from '../fixtures/manual-clock.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

describe('task.log', () => {
  test('has a time, a level and a text in each line', () => {
    using folder = temporaryFolder();
    const clock = new ManualClock();
    using log = new TaskLog({ id: 'task-1-1', path: folder.path }, clock, fail);
    log.info('started');
    clock.advance(1500);
    log.warn('slow');
    log.error('gone');
    expect(readFileSync(join(folder.path, 'task.log'), 'utf8')).toBe(
      '2026-01-02T03:04:05.678Z INFO  started\n2026-01-02T03:04:07.178Z WARN  slow\n2026-01-02T03:04:07.178Z ERROR gone\n',
    );
    expect(lstatSync(join(folder.path, 'task.log')).mode & 0o777).toBe(0o600);
  });

  test('a text stays one line and can do nothing to a terminal', () => {
    using folder = temporaryFolder();
    using log = new TaskLog({ id: 'task-1-1', path: folder.path }, new ManualClock(), fail);
    log.info('a\nb\r\tc\x1b[31m\x9b31m\x7f — ü');
    const text = readFileSync(join(folder.path, 'task.log'), 'utf8');
    expect(text).toBe('2026-01-02T03:04:05.678Z INFO  a\\nb\\r\\tc\\x1b[31m\\x9b31m\\x7f — ü\n');
  });
});

describe('events.jsonl', () => {
  test('gives back what was appended, stamped and named', () => {
    using folder = temporaryFolder();
    using log = new EventLog({ id: 'task-1-1', path: folder.path }, new ManualClock(), fail);
    expect(log.append({ type: 'resize', cols: 80, rows: 24, offset: 7 })).toBe(true);
    expect(log.append({ type: 'signal', signal: 'SIGTERM', from: 'user' })).toBe(true);
    const stamp = { v: 1, ts: '2026-01-02T03:04:05.678Z', task: 'task-1-1' };
    expect(readEvents(folder.path)).toEqual({
      events: [
        { ...stamp, type: 'resize', cols: 80, rows: 24, offset: 7 },
        { ...stamp, type: 'signal', signal: 'SIGTERM', from: 'user' },
      ],
      damaged: 0,
    });
  });

  test('a failure is told once, harms nobody, and the next success ends it', () => {
    using home = temporaryFolder();
    const path = join(home.path, 'task');
    const failures: unknown[] = [];
    using log = new EventLog({ id: 'task', path }, new ManualClock(), (error) => failures.push(error));
    const event = { type: 'rotate', offset: 0, reason: 'test' } as const;
    expect(log.append(event)).toBe(false);
    expect(log.append(event)).toBe(false);
    expect(failures).toHaveLength(1);
    mkdirSync(path);
    expect(log.append(event)).toBe(true);
    expect(readEvents(path).events).toHaveLength(1);
    log.close();
    expect(log.append(event)).toBe(false);
  });

  test('a reader passes over what is unknown, damaged, newer or half written', () => {
    using folder = temporaryFolder();
    const stamp = { v: 1, ts: '2026-01-02T03:04:05.678Z', task: 'task-1-1' };
    const good = JSON.stringify({ ...stamp, type: 'rotate', offset: 5, reason: 'size' });
    const lines = [
      good,
      JSON.stringify({ ...stamp, type: 'rotate', offset: 'five', reason: 'size' }),
      JSON.stringify({ ...stamp, type: 'something.new', offset: 5 }),
      JSON.stringify({ ...stamp, v: 2, type: 'rotate', offset: 5, reason: 'size' }),
      'garbage',
      good.slice(0, 20),
    ];
    writeFileSync(join(folder.path, 'events.jsonl'), lines.join('\n'));
    expect(readEvents(folder.path)).toEqual({ events: [JSON.parse(good)], damaged: 3 });
    rmSync(join(folder.path, 'events.jsonl'));
    expect(readEvents(folder.path)).toEqual({ events: [], damaged: 0 });
  });
});

function fail(error: unknown): never {
  throw error;
}
