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
    expect(statuses.read()).toEqual([{ state: { status: 'working', source: 'hook' } }]);
    appendFileSync(
      join(folder.path, STATUS_FILE),
      'led","source":"stream","reason":"529","cost":0.5,"tokens":{"input":3,"output":4}}\n',
    );
    expect(statuses.read()).toEqual([
      { state: { status: 'failed', source: 'stream', reason: '529', cost: 0.5, tokens: { input: 3, output: 4 } } },
    ]);
    expect(statuses.read()).toEqual([]);
  });

  test('gives the session of an agent, alone or beside a status, and none that a program would take for an option', () => {
    using folder = temporaryFolder();
    using statuses = new StatusFile(folder.path);
    const lines = [
      '{"session":"a-1"}',
      '{"status":"idle","session":"b_2"}',
      '{"session":"-x"}',
      '{"session":"a b"}',
      '{"session":7}',
    ];
    writeFileSync(join(folder.path, STATUS_FILE), lines.map((line) => `${line}\n`).join(''));
    expect(statuses.read()).toEqual([
      { session: 'a-1' },
      { state: { status: 'idle', source: 'hook' }, session: 'b_2' },
    ]);
  });

  test('passes over what is no status, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.constantFrom('{"status":7}', '{"status":"lost"}')), (line) => {
        using folder = temporaryFolder();
        using statuses = new StatusFile(folder.path);
        writeFileSync(join(folder.path, STATUS_FILE), `${line.replaceAll('\n', ' ')}\n${TOLD}`);
        expect(statuses.read().at(-1)).toEqual({ state: { status: 'waiting', source: 'hook' } });
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
    expect([statuses.read(), statuses.read(), statuses.read()].flat()).toEqual([
      { state: { status: 'waiting', source: 'hook' } },
    ]);
  });
});
