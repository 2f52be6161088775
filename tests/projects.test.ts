import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { createVitest } from 'vitest/node';
import { commandTable } from '../src/cli/command-table.js';

const ROOT = join(import.meta.dirname, '..');
/** Each file of tests/, as `tests/store/x.test.ts`. */
const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.[cm]?tsx?$/.test(name))
  .map((name) => `tests/${name}`);
/** Have configurations, and scripts, of their own. */
const isApart = (file: string): boolean => /^tests\/(?:agents|programs)\//.test(file);
const text = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** The projects of vitest.config.ts that run each file. */
async function projectsOf(): Promise<ReadonlyMap<string, readonly string[]>> {
  const vitest = await createVitest('test', { root: ROOT, watch: false });
  try {
    const found = new Map<string, string[]>();
    for (const { moduleId, project } of await vitest.globTestSpecifications()) {
      const file = relative(ROOT, moduleId);
      found.set(file, [...(found.get(file) ?? []), project.name]);
    }
    return found;
  } finally {
    await vitest.close();
  }
}

test('each file of tests is run by one project, that of its folder and name', async () => {
  const expected = files.flatMap((file): [string, string[]][] => {
    if (!file.endsWith('.test.ts') || isApart(file)) return [];
    if (file.endsWith('.slow.test.ts')) return [[file, ['slow']]];
    return [[file, [file.startsWith('tests/e2e/') || file.endsWith('.built.test.ts') ? 'e2e' : 'unit']]];
  });
  expect(Object.fromEntries(await projectsOf())).toEqual(Object.fromEntries(expected));
});

test('whatever has tests is called so, or is a part of what is', () => {
  const others = files.filter((file) => !file.endsWith('.test.ts') && /from 'vitest'/.test(text(file)));
  const tests = files.filter((file) => file.endsWith('.test.ts')).map(text);
  const unused = others.filter((file) => !tests.some((other) => other.includes(`/${basename(file, '.ts')}.js'`)));
  expect(unused).toEqual([]);
});

test('unit tests want nothing built', () => {
  const built = /^import .*\b(?:runOrch|openOrch|startOrch|ORCH)\b|\.\.\/dist\//m;
  const wanting = files.filter(
    (file) =>
      file.endsWith('.test.ts') &&
      !isApart(file) &&
      !/^tests\/e2e\/|\.(?:slow|built)\.test\.ts$/.test(file) &&
      built.test(text(file)),
  );
  expect(wanting).toEqual([]);
});

test('npm test has each command in a test of the built orch', () => {
  const core = files
    .filter((file) => file.startsWith('tests/e2e/') && file.endsWith('.test.ts') && !file.endsWith('.slow.test.ts'))
    .map(text)
    .join('\n');
  const missing = commandTable.map(({ name }) => name).filter((name) => !new RegExp(`'${name}[' ]`).test(core));
  expect(missing).toEqual([]);
});
