import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ReadLogOptions, readLog } from '../../src/store/task/log-reader.js';
import { writeManifest } from '../../src/store/layout/manifest.js';
import { processStart } from '../../src/store/layout/process-identity.js';
import { sealedLogName } from '../../src/store/log/segment-names.js';
import type { LogChunk } from '../../src/store/log/segment-cursor.js';
import { listSegments, recordedEnd } from '../../src/store/log/segments.js';
import type { TaskFolder } from '../../src/store/layout/task-folder.js';
import { finishedManifest, writeTask } from '../fixtures/recorded-task.js';
import { eventually } from '../fixtures/eventually.js';
import { ManualClock } from '../fixtures/manual-clock.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const running = { status: 'running', pid: process.pid, pidStart: processStart(process.pid) ?? '' } as const;

describe('reading a recording', () => {
  test('gives its exact bytes in chunks of at most 64 KiB, each with its offset', async () => {
    using agent = temporaryFolder();
    const bytes = randomBytes(200_000);
    const chunks = await chunksOf(writeTask(agent.path, { log: bytes }));
    expect(joined(chunks)).toEqual(bytes);
    expect(chunks.map(({ offset }) => offset)).toEqual([0, 65_536, 131_072, 196_608]);
  });

  test('any range of any segments gives the bytes of that range', async () => {
    using agent = temporaryFolder();
    const folder = writeTask(agent.path, {});
    const cases = fc.record({
      sizes: fc.array(fc.nat(300), { minLength: 1, maxLength: 5 }),
      from: fc.nat(1600),
      to: fc.option(fc.nat(1600), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ sizes, from, to }) => {
        const whole = writeSegments(folder, sizes);
        const chunks = await chunksOf(folder, to === undefined ? { from } : { from, to });
        expect(joined(chunks)).toEqual(whole.subarray(from, Math.max(from, to ?? whole.length)));
        expect(recordedEnd(folder.path)).toBe(whole.length);
      }),
    );
  });

  test('bytes that could not be recorded are jumped over, and the offset tells', async () => {
    using agent = temporaryFolder();
    const folder = writeTask(agent.path, {
      log: 'after',
      events: [{ type: 'rotate', offset: 50, reason: 'ENOSPC: no space left on device' }],
    });
    writeFileSync(join(folder.path, sealedLogName(0)), 'before');
    expect((await chunksOf(folder)).map(({ offset, bytes }) => [offset, text(bytes)])).toEqual([
      [0, 'before'],
      [50, 'after'],
    ]);
    expect((await chunksOf(folder, { from: 20, to: 53 })).map(({ offset, bytes }) => [offset, text(bytes)])).toEqual([
      [50, 'aft'],
    ]);
  });

  test('what is appended after reading began is not waited for', async () => {
    using agent = temporaryFolder();
    const folder = writeTask(agent.path, { log: 'x'.repeat(100_000), manifest: running });
    let bytes = 0;
    for await (const chunk of readLog(folder)) {
      bytes += chunk.bytes.length;
      appendFileSync(join(folder.path, 'backend.log'), 'more');
    }
    expect(bytes).toBe(100_000);
  });

  test('a log that is missing is an error, not an empty recording', async () => {
    using agent = temporaryFolder();
    const folder = writeTask(agent.path, {});
    await expect(chunksOf(folder)).rejects.toMatchObject({ code: 'LOG_UNREADABLE', exitCode: 4 });
    await expect(chunksOf(folder, { follow: true })).rejects.toMatchObject({ code: 'LOG_UNREADABLE' });
    writeFileSync(join(folder.path, 'backend.log'), '');
    expect(await chunksOf(folder)).toEqual([]);
  });

  test('stopping anywhere leaves no file open', async () => {
    using agent = temporaryFolder();
    const folder = writeTask(agent.path, { log: 'x'.repeat(200_000), manifest: running });
    const before = openFiles();
    for await (const chunk of readLog(folder, { follow: true })) {
      if (chunk.offset > 0) break;
    }
    await chunksOf(folder, { follow: true, signal: AbortSignal.abort() });
    await expect.poll(openFiles).toBe(before);
  });
});

describe('following a recording', () => {
  test('gives what is written meanwhile, and ends when the task has ended', async () => {
    using agent = temporaryFolder();
    const folder = writeTask(agent.path, { log: 'one ', manifest: running });
    const path = join(folder.path, 'backend.log');
    let seen = '';
    for await (const { offset, bytes } of readLog(folder, { follow: true })) {
      expect(offset).toBe(seen.length);
      seen += text(bytes);
      if (seen === 'one ') appendFileSync(path, 'two ');
      if (seen === 'one two ') {
        appendFileSync(path, 'three');
        writeManifest(folder.path, finishedManifest());
      }
    }
    expect(seen).toBe('one two three');
  });

  test('ends when the recorder was killed', async () => {
    using agent = temporaryFolder();
    const folder = writeTask(agent.path, { log: 'all', manifest: running });
    let seen = '';
    for await (const { bytes } of readLog(folder, { follow: true })) {
      seen += text(bytes);
      writeManifest(folder.path, finishedManifest({ ...running, pidStart: 'another boot:1' }));
    }
    expect(seen).toBe('all');
  });

  test('ends at once when it is aborted, and before the offset it was asked for', async () => {
    using agent = temporaryFolder();
    const folder = writeTask(agent.path, { log: 'abcdef', manifest: running });
    const controller = new AbortController();
    const read: LogChunk[] = [];
    for await (const chunk of readLog(folder, { follow: true, signal: controller.signal })) {
      read.push(chunk);
      // It goes on to wait for more before this is done.
      setImmediate(() => {
        controller.abort();
      });
    }
    expect(joined(read).toString()).toBe('abcdef');
    expect(joined(await chunksOf(folder, { follow: true, from: 1, to: 4 })).toString()).toBe('bcd');
  });

  test('waits for the log of a task that has only just begun', async () => {
    using agent = temporaryFolder();
    const folder = writeTask(agent.path, { manifest: running });
    const clock = new ManualClock();
    const reading = chunksOf(folder, { follow: true, clock });
    await eventually(() => clock.waiting > 0, 'the wait for a log');
    writeFileSync(join(folder.path, 'backend.log'), 'late');
    writeManifest(folder.path, finishedManifest());
    expect(joined(await reading).toString()).toBe('late');
  });

  test('crosses seals without a byte twice or missing', async () => {
    using agent = temporaryFolder();
    const folder = writeTask(agent.path, { log: '', manifest: running });
    const path = join(folder.path, 'backend.log');
    const reading = chunksOf(folder, { follow: true });
    let written = '';
    let sealed = 0;
    for (let line = 0; line < 3000; line++) {
      appendFileSync(path, `${line}\n`);
      written += `${line}\n`;
      if (line % 150 === 149) {
        renameSync(path, join(folder.path, sealedLogName(sealed)));
        writeFileSync(path, '');
        sealed = written.length;
      }
      if (line % 40 === 0) await turn();
    }
    writeManifest(folder.path, finishedManifest());
    expect(joined(await reading).toString()).toBe(written);
    expect(listSegments(folder.path)).toHaveLength(21);
  });
});

async function chunksOf(folder: TaskFolder, options: ReadLogOptions = {}): Promise<LogChunk[]> {
  const chunks: LogChunk[] = [];
  for await (const chunk of readLog(folder, options)) chunks.push(chunk);
  return chunks;
}

function joined(chunks: readonly LogChunk[]): Buffer {
  return Buffer.concat(chunks.map(({ bytes }) => bytes));
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}

/** Random bytes as sealed segments of these sizes, the last one as backend.log; returns the whole. */
function writeSegments(folder: TaskFolder, sizes: readonly number[]): Buffer {
  for (const name of readdirSync(folder.path)) {
    if (name.endsWith('.log')) rmSync(join(folder.path, name));
  }
  const whole = randomBytes(sizes.reduce((sum, size) => sum + size, 0));
  let start = 0;
  sizes.forEach((size, at) => {
    const name = at === sizes.length - 1 ? 'backend.log' : sealedLogName(start);
    appendFileSync(join(folder.path, name), whole.subarray(start, start + size));
    start += size;
  });
  return whole;
}

function openFiles(): number {
  return existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : 0;
}
