import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { commandTable } from '../../src/cli/command-table.js';
import { manPage } from '../../src/cli/man/man-page.js';
import { orchVersion } from '../../src/core/version.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

test('the page that is published is the one the commands make', async () => {
  // A list: of a text npm 10 and 11 make a link that does not lead there.
  const { man } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { man: readonly string[] };
  expect(man).toEqual(['./dist/man/orch.1']);
  const commands = await Promise.all(commandTable.map(({ load }) => load()));
  expect(readFileSync(join(ROOT, man[0] ?? ''), 'utf8')).toBe(manPage(commands, orchVersion()));
});
