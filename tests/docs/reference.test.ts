import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { commandsPage, withTables } from '../../scripts/docs/generated-pages.js';
import { commandTable } from '../../src/cli/command-table.js';
import { pages, readProjectFile } from './words.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

test('docs/commands.md is what the commands say of themselves: npm run docs makes it again', async () => {
  const commands = await Promise.all(commandTable.map(({ load }) => load()));
  const page = commandsPage(commands);
  expect(readProjectFile('docs/commands.md')).toBe(page);
  for (const { name, options } of commands) {
    expect(page).toContain(`\n## orch ${name}\n`);
    for (const { flags } of options) expect(page).toContain(`| \`${flags}\``);
  }
});

test('the summary of a command is the same in the list and in its own help', async () => {
  for (const { name, summary, load } of commandTable) expect([name, (await load()).summary]).toEqual([name, summary]);
});

test('tables made from the source are up to date: npm run docs makes them again', () => {
  const made = pages().filter((page) => readProjectFile(page).includes('<!-- generated: '));
  expect(made.length).toBeGreaterThan(4);
  for (const page of made) expect([page, readProjectFile(page)]).toEqual([page, withTables(readProjectFile(page))]);
});

test('every link inside of the docs leads to a page and a heading that are there', () => {
  const broken = pages().flatMap((page) =>
    [...readProjectFile(page).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, address = '']) => {
      if (/^https?:/.test(address)) return [];
      const [path = '', anchor] = address.split('#');
      const target = path === '' ? page : normalize(join(dirname(page), path));
      if (!existsSync(join(ROOT, target))) return [`${page}: ${address}`];
      return anchor === undefined || anchorsOf(target).has(anchor) ? [] : [`${page}: ${address}`];
    }),
  );
  expect(broken).toEqual([]);
});

test('every page is reached from the README', () => {
  const linked: readonly string[] = readProjectFile('README.md').match(/docs\/[\w-]+\.md/g) ?? [];
  const own = pages().filter((page) => page.startsWith('docs/') && !page.startsWith('docs/decisions/'));
  expect(own.filter((page) => !linked.includes(page))).toEqual([]);
});

/** As GitHub makes them of headings. */
function anchorsOf(page: string): ReadonlySet<string> {
  const headings = readProjectFile(page).match(/^#+ .*$/gm) ?? [];
  return new Set(
    headings.map((heading) =>
      heading
        .replace(/^#+ /, '')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}
