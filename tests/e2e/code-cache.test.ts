import { chmodSync, chownSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type PipedRun, runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

/** Node keeps compiled code from 22.1 on. */
const isKept = 'enableCompileCache' in nodeModule;
const isRoot = process.geteuid?.() === 0;
const ANOTHER_USER = 12_345;

/** What any start of orch says, whatever becomes of the code. */
const ANSWER = { code: 0, stderr: '', stdout: expect.objectContaining({ length: '0.1.0\n'.length }) as Buffer };

describe('compiled code', () => {
  test.runIf(isKept)('is kept in the cache folder by the first start, and used by the next', async () => {
    using cache = temporaryFolder();
    await version({ XDG_CACHE_HOME: cache.path });
    const kept = filesIn(cache.path);
    expect(kept).not.toEqual([]);
    const { stderr } = await version({ XDG_CACHE_HOME: cache.path, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' });
    expect(stderr).toMatch(/orch\.js was accepted/);
    expect(filesIn(cache.path)).toEqual(kept);
  });

  test.runIf(isKept)('is kept below ~/.cache where no other folder is named, for its user alone', async () => {
    using home = temporaryFolder();
    expect(await version({ HOME: home.path })).toMatchObject(ANSWER);
    expect(filesIn(join(home.path, '.cache/orch/code'))).not.toEqual([]);
    expect(statSync(join(home.path, '.cache/orch')).mode & 0o777).toBe(0o700);
  });

  test.runIf(isKept)('that is damaged is not used, and replaced', async () => {
    using cache = temporaryFolder();
    await version({ XDG_CACHE_HOME: cache.path });
    for (const file of filesIn(cache.path)) writeFileSync(file, 'not code');
    expect(await version({ XDG_CACHE_HOME: cache.path })).toMatchObject(ANSWER);
    for (const file of filesIn(cache.path)) expect(statSync(file).size).toBeGreaterThan('not code'.length);
  });

  test('that ten starts make at once is whole', async () => {
    using cache = temporaryFolder();
    const starts = Array.from({ length: 10 }, () => version({ XDG_CACHE_HOME: cache.path }));
    for (const start of await Promise.all(starts)) expect(start).toMatchObject(ANSWER);
    expect(await version({ XDG_CACHE_HOME: cache.path })).toMatchObject(ANSWER);
  });

  test('is done without where nothing can be written, or there is no home', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'file');
    writeFileSync(file, '');
    for (const place of ['/proc', join(folder.path, 'no/such/folder'), file, join(file, 'below'), 'relative'])
      expect(await version({ XDG_CACHE_HOME: place, HOME: place })).toMatchObject(ANSWER);
    expect(await version({ HOME: '' })).toMatchObject(ANSWER);
  });

  test.runIf(isKept && isRoot)('is not taken from a folder that another user has, or may write to', async () => {
    using folder = temporaryFolder();
    const cases: readonly (readonly [name: string, spoil: (orch: string, cache: string) => void])[] = [
      [
        'foreign',
        (orch) => {
          chownSync(orch, ANOTHER_USER, ANOTHER_USER);
        },
      ],
      [
        'open',
        (orch) => {
          chmodSync(orch, 0o777);
        },
      ],
      [
        'foreign-home',
        (_, cache) => {
          chownSync(cache, ANOTHER_USER, ANOTHER_USER);
        },
      ],
    ];
    for (const [name, spoil] of cases) {
      const cache = join(folder.path, name);
      mkdirSync(join(cache, 'orch'), { recursive: true });
      spoil(join(cache, 'orch'), cache);
      expect(await version({ XDG_CACHE_HOME: cache })).toMatchObject(ANSWER);
      expect(filesIn(cache)).toEqual([]);
    }
  });

  test.runIf(isKept)('of other versions is removed, the oldest first, before there is much of it', async () => {
    using cache = temporaryFolder();
    const code = join(cache.path, 'orch', 'code');
    mkdirSync(code, { recursive: true, mode: 0o700 });
    for (let at = 1; at <= 12; at++) {
      const folder = join(code, `old-${at}`);
      mkdirSync(folder);
      utimesSync(folder, at, at);
    }
    await version({ XDG_CACHE_HOME: cache.path });
    const left = readdirSync(code).filter((name) => name.startsWith('old-'));
    expect(left.sort()).toEqual([6, 7, 8, 9, 10, 11, 12].map((at) => `old-${at}`).sort());
  });
});

function version(env: Readonly<Record<string, string>>): Promise<PipedRun> {
  return runOrch(['--version'], { env });
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort();
}
