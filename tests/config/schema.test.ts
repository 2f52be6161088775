import Ajv from 'ajv';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { configSchema } from '../../src/config/config-shape.js';
import { runs } from '../fixtures/runs.js';
import { configOf } from './read.js';

/** As an editor checks it. */
const accepts = new Ajv({ formats: { regex: isRegex } }).compile(configSchema());

function isRegex(source: string): boolean {
  try {
    return new RegExp(source, 'u').source !== '';
  } catch {
    return false;
  }
}

/** What orch says to the document; undefined where it takes it. */
function refusalOf(document: unknown): string | undefined {
  try {
    configOf(JSON.stringify(document));
    return undefined;
  } catch (error) {
    return String(error);
  }
}

/** What only orch can know: which backends and modes there are, and what a command has places for. */
const BEYOND_A_SCHEMA = /there is no backend|has no mode|is not a placeholder|place for one/;

test('editors accept what orch accepts, and nothing else', () => {
  const scalar = fc.constantFrom<unknown>(
    ...[
      'demo',
      'play',
      '10m',
      '1.5',
      'x\ny',
      ' ',
      '',
      'a\0',
      '80x24',
      '0x1',
      '65536x1',
      '65535x65535',
      '080x24',
      'stop',
    ],
    ...['done', 'timeout', 'raw', 'required', 'none', '{prompt}', '{promt}', '^a$', '(', '\\-', 'loud', 'true'],
    ...[true, false, null, 0, 1, -1, 2.5, 999_999_999, 1_000_000_000, [], {}],
  );
  const keys = (known: readonly string[], value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
    fc.oneof(
      { weight: 9, arbitrary: fc.dictionary(fc.constantFrom(...known), value, { maxKeys: 3 }) },
      { weight: 1, arbitrary: scalar },
      { weight: 1, arbitrary: fc.dictionary(fc.constantFrom('x', 'Defaults', ''), value, { minKeys: 1, maxKeys: 1 }) },
    );
  const list = fc.oneof({ weight: 9, arbitrary: fc.array(scalar, { maxLength: 3 }) }, { weight: 1, arbitrary: scalar });
  const scalarKeys = ['backend', 'mode', 'output', 'size', 'killAfter', 'linger', 'onLogError', 'until'];
  const counts = ['maxIterations', 'stopAfterFailures', 'delay', 'iterationTimeout', 'idleTimeout'];
  const backend = fc.record(
    {
      command: list,
      summary: scalar,
      env: keys(['A', '_b1', '1A', 'A-B'], scalar),
      prompt: scalar,
      install: scalar,
      done: list,
      failed: list,
      exitCodes: keys(['0', '9', '10', '99', '100', '199', '200', '249', '255', '256', '00', '-1'], scalar),
      idleTimeout: scalar,
      leave: scalar,
      comand: list,
    },
    { requiredKeys: ['command'] },
  );
  // Most have few keys, or all would be refused.
  const few = backend.chain((whole) =>
    fc.subarray(Object.keys(whole), { maxLength: 3 }).map((names) => pick(whole, ['command', ...names])),
  );
  const backends = keys(['mine', 'a.b-c', 'claude', 'command', '-x', 'ä'], fc.oneof(few, few, few, backend, scalar));
  const limit = fc.oneof(scalar, fc.constantFrom<unknown>('7d', '10GB', '1.5gib', '10G', 'GB', '1.GB', '9iB', 30));
  const redact = fc.oneof(scalar, keys(['patterns'], list));
  const document = fc.oneof(
    fc.record({ defaults: keys([...scalarKeys, ...counts], scalar) }),
    fc.record({ backends }),
    fc.record({ redact, notify: list }, { requiredKeys: [] }),
    fc.record({ retention: fc.oneof(scalar, keys(['maxAge', 'maxTasks', 'maxTotalSize', 'maxage'], limit)) }),
    keys(['defaults', 'backends', 'redact', 'notify', 'retention', '$schema'], scalar),
  );
  const seen = { accepted: 0, refused: 0 };
  fc.assert(
    fc.property(document, (found) => {
      const why = refusalOf(found);
      if (why !== undefined && BEYOND_A_SCHEMA.test(why)) return;
      seen[why === undefined ? 'accepted' : 'refused']++;
      expect(accepts(found), `${JSON.stringify(found)}\n${why ?? 'taken'}\n${JSON.stringify(accepts.errors)}`).toBe(
        why === undefined,
      );
    }),
    { numRuns: runs(2000) },
  );
  expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(runs(200));
});

function pick(whole: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(whole).filter(([name]) => names.includes(name)));
}
