import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readProjectFile, sources } from './words.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

interface Rule {
  readonly from: { readonly path?: string };
  readonly to: { readonly path?: string; readonly pathNot?: string };
}

/** `src/LAYER/ROOM` and the rooms of its layer that it may import, by the rules of the check. */
function roomsOfTheCheck(): ReadonlyMap<string, readonly string[]> {
  const { forbidden } = createRequire(import.meta.url)(join(ROOT, '.dependency-cruiser.cjs')) as {
    forbidden: readonly Rule[];
  };
  return new Map(
    forbidden.flatMap(({ from, to }) => {
      const [, layer, room] = /^\^src\/([\w-]+)\/([\w-]+)\/$/.exec(from.path ?? '') ?? [];
      const [, allowed] = /\/\(([\w|-]+)\)\/$/.exec(to.pathNot ?? '') ?? [];
      if (layer === undefined || allowed === undefined) return [];
      return [[`src/${layer}/${String(room)}`, allowed.split('|').filter((name) => name !== room)] as const];
    }),
  );
}

/** The same as docs/architecture.md has it. */
function roomsOfThePage(): ReadonlyMap<string, readonly string[] | 'all'> {
  let layer = '';
  const rooms = new Map<string, readonly string[] | 'all'>();
  for (const line of readProjectFile('docs/architecture.md').split('\n')) {
    if (line.startsWith('#')) layer = /^### (src\/[\w-]+)$/.exec(line)?.[1] ?? '';
    const [, name, , imports = ''] = line.split('|').map((cell) => cell.trim());
    const [, room] = /^`([\w-]+)`$/.exec(name ?? '') ?? [];
    if (layer === '' || room === undefined) continue;
    const named = [...imports.matchAll(/`([\w-]+)`/g)].map((match) => match[1] ?? '');
    rooms.set(`${layer}/${room}`, /^all\b/.test(imports) ? 'all' : named);
  }
  return rooms;
}

describe('docs/architecture.md', () => {
  test('says of every room what it may import, as the check has it', () => {
    const page = roomsOfThePage();
    const check = roomsOfTheCheck();
    expect(check.size).toBeGreaterThan(30);
    for (const [room, imports] of check) {
      const own = page.get(room);
      const layer = room.slice(0, room.lastIndexOf('/'));
      const others = [...check.keys()].filter((other) => other.startsWith(`${layer}/`) && other !== room);
      const named = own === 'all' ? others.map((other) => other.slice(layer.length + 1)) : (own ?? ['missing']);
      expect([room, [...named].sort()]).toEqual([room, [...imports].sort()]);
    }
  });

  test('has every room that there is a folder for, and no other', () => {
    for (const room of roomsOfThePage().keys()) expect([room, existsSync(join(ROOT, room))]).toEqual([room, true]);
  });
});

test.each(['docs/architecture.md', 'CONTRIBUTING.md'])('every file that %s names is there', (page) => {
  const named = [...readProjectFile(page).matchAll(/`((?:src|tests|scripts|docs)\/[\w./-]+)`/g)].map(
    ([, path = '']) => path,
  );
  expect(named.length).toBeGreaterThan(20);
  const missing = named.filter((path) => !/NAME/.test(path) && !existsSync(join(ROOT, path)));
  expect(missing).toEqual([]);
});

test('no folder of the source is a crowd', () => {
  const counts = new Map<string, number>();
  for (const file of sources()) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  expect(counts.size).toBeGreaterThan(50);
  expect([...counts].filter(([, count]) => count > MAX_FILES)).toEqual([]);
});

/** What is seen of a folder at once. */
const MAX_FILES = 20;
