import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { descriptorSink } from '../../src/pty/descriptor-sink.js';
import { systemClock } from '../../src/core/clock.js';
import { eventually } from '../fixtures/eventually.js';
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

  test('gives a socket one piece after the other, copied, and knows when all has left', async () => {
    using folder = temporaryFolder();
    const received: Buffer[] = [];
    const path = join(folder.path, 'socket');
    const server = createServer((connection) => {
      connection.on('data', (bytes) => received.push(bytes));
    });
    await new Promise<void>((resolve) => {
      server.listen(path, resolve);
    });
    // A program with a socket for its stdout, as under a service manager.
    const child = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { connect } from 'node:net';
         import { descriptorSink } from ${JSON.stringify(new URL('../../dist/pty/descriptor-sink.js', import.meta.url).href)};
         import { systemClock } from ${JSON.stringify(new URL('../../dist/core/clock.js', import.meta.url).href)};
         const socket = connect(${JSON.stringify(path)}, async () => {
           const sink = descriptorSink(socket._handle.fd, systemClock);
           const bytes = Buffer.alloc(100_000);
           for (let at = 0; at < 20; ) {
             bytes.fill(97 + at);
             const taken = sink.write(bytes);
             if (taken === 0) await new Promise((resolve) => sink.whenWritable(resolve));
             else at += 1;
           }
           bytes.fill(0);
           await sink.flush();
           process.exit(0);
         });`,
      ],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect(code).toBe(0);
    await eventually(() => Buffer.concat(received).length === 2_000_000, 'everything');
    const text = Buffer.concat(received).toString();
    for (let at = 0; at < 20; at += 1)
      expect(text.slice(at * 100_000, (at + 1) * 100_000)).toBe(String.fromCharCode(97 + at).repeat(100_000));
    server.close();
  });
});
