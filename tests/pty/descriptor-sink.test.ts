import { execFileSync } from 'node:child_process';
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { descriptorSink } from '../../src/pty/terminal/descriptor-sink.js';
import { systemClock } from '../../src/core/clock.js';
import { ManualClock } from '../fixtures/manual-clock.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

describe('a sink for a descriptor', () => {
  test('never waits for a pipe that nobody reads, and gives the rest to whoever reads again', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'pipe');
    execFileSync('mkfifo', [path]);
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(path, constants.O_WRONLY);
    const clock = new ManualClock();
    const sink = descriptorSink(writer, clock);
    const flood = Buffer.alloc(1_000_000, 'x');
    let taken = 0;
    for (let count = sink.write(flood); count > 0; count = sink.write(flood)) taken += count;
    expect(taken).toBeGreaterThan(1000);
    let again = 0;
    sink.whenWritable(() => {
      again = sink.write(flood);
    });
    readSync(reader, Buffer.alloc(30_000));
    clock.advance(16);
    expect(again).toBeGreaterThan(1000);
    // The description others share is as it was: it still waits.
    const flags = /flags:\s+(\d+)/.exec(readFileSync(`/proc/self/fdinfo/${writer}`, 'utf8'))?.[1];
    expect(parseInt(flags ?? '', 8) & constants.O_NONBLOCK).toBe(0);
    closeSync(reader);
    expect(() => sink.write(flood)).toThrow('EPIPE');
    sink[Symbol.dispose]();
    expect(clock.waiting).toBe(0);
    closeSync(writer);
  });

  test('writes a file in its place, whoever else writes to it', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'out');
    const fd = openSync(path, 'w');
    const sink = descriptorSink(fd, systemClock);
    expect(sink.write(Buffer.from('one '))).toBe(4);
    execFileSync('sh', ['-c', 'printf "two "'], { stdio: ['ignore', fd, 'inherit'] });
    expect(sink.write(Buffer.from('three'))).toBe(5);
    expect(readFileSync(path, 'utf8')).toBe('one two three');
    sink[Symbol.dispose]();
    expect(() => fstatSync(fd)).toThrow('EBADF');
  });

  test('throws at a full device what the system says', () => {
    const fd = openSync('/dev/full', 'w');
    const sink = descriptorSink(fd, systemClock);
    expect(() => sink.write(Buffer.from('x'))).toThrow('ENOSPC');
    sink[Symbol.dispose]();
    closeSync(fd);
  });
});
