import { execFileSync } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STATUS_FILE } from '../../src/core/agent-state.js';
import { StatusFile } from '../../src/store/layout/status-file.js';
import { runs } from '../fixtures/runs.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const TOLD = '{"status":"waiting","source":"hook"}\n';

describe('the status file', () => {
  test('gives each status once, and what came with it', () => {
    using folder = temporaryFolder();
    using statuses = new StatusFile(folder.path);
    expect(statuses.read()).toEqual([]);
    writeFileSync(join(folder.path, STATUS_FILE), '{"status":"working"}\n{"status":"fai');
    expect(statuses.read()).toEqual([{ status: 'working', source: 'hook' }]);
    appendFileSync(
      join(folder.path, STATUS_FILE),
      'led","source":"stream","reason":"529","cost":0.5,"tokens":{"input":3,"output":4}}\n',
    );
    expect(statuses.read()).toEqual([
      { status: 'failed', source: 'stream', reason: '529', cost: 0.5, tokens: { input: 3, output: 4 } },
    ]);
    expect(statuses.read()).toEqual([]);
  });

  test('passes over what is no status, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.constantFrom('{"status":7}', '{"status":"lost"}')), (line) => {
        using folder = temporaryFolder();
        using statuses = new StatusFile(folder.path);
        writeFileSync(join(folder.path, STATUS_FILE), `${line.replaceAll('\n', ' ')}\n${TOLD}`);
        expect(statuses.read().at(-1)).toEqual({ status: 'waiting', source: 'hook' });
      }),
      { numRuns: runs(50) },
    );
  });

  test('is not waited for where it is a FIFO, and costs little memory where it is huge', () => {
    using folder = temporaryFolder();
    execFileSync('mkfifo', [join(folder.path, STATUS_FILE)]);
    using fifo = new StatusFile(folder.path);
    expect(fifo.read()).toEqual([]);
    using other = temporaryFolder();
    writeFileSync(join(other.path, STATUS_FILE), `${'x'.repeat(600_000)}\n${TOLD}`);
    using statuses = new StatusFile(other.path);
    expect([statuses.read(), statuses.read(), statuses.read()].flat()).toEqual([{ status: 'waiting', source: 'hook' }]);
  });
});
