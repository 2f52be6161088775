import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { KeptStream } from '../../src/backends/agent-stream/kept-stream.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const kept = (path: string, failures: string[] = []): KeptStream =>
  new KeptStream(path, (why) => {
    failures.push(why);
  });

describe('the kept JSON', () => {
  test("is appended to a file of its owner's alone", () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'kept.jsonl');
    for (const text of ['{"a":1}\n', '{"b":2}\n']) {
      const stream = kept(path);
      stream.append(Buffer.from(text));
      stream.end();
    }
    expect(readFileSync(path, 'utf8')).toBe('{"a":1}\n{"b":2}\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('begins on a new line behind one that was cut off', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'kept.jsonl');
    writeFileSync(path, '{"a":');
    kept(path).append(Buffer.from('{"b":2}\n'));
    expect(readFileSync(path, 'utf8')).toBe('{"a":\n{"b":2}\n');
  });

  test('is masked to its end', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'kept.jsonl');
    const stream = new KeptStream(path, () => undefined, {
      secrets: [{ name: 'TOKEN', value: 'sesame-open-4711' }],
      shapes: [],
    });
    stream.append(Buffer.from('sesame-'));
    stream.append(Buffer.from('open-4711'));
    stream.end();
    expect(readFileSync(path, 'utf8')).toBe('*'.repeat(16));
  });

  test.each([
    [
      'a link',
      (path: string) => {
        symlinkSync('elsewhere', path);
      },
    ],
    [
      'a folder',
      (path: string) => {
        mkdirSync(path);
      },
    ],
  ])('says once that it cannot be kept where %s has its name, and harms nobody', (_, put) => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'kept.jsonl');
    put(path);
    const failures: string[] = [];
    const stream = kept(path, failures);
    stream.append(Buffer.from('x'));
    stream.end();
    expect(failures).toHaveLength(1);
  });
});
