// Makes docs/commands.md, and the tables between `<!-- generated: … -->` and `<!-- end -->` on the other pages, from the source.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { commandTable } from '../src/cli/command-table.js';
import { commandsPage, withTables } from './docs/generated-pages.js';

void Promise.all(commandTable.map(({ load }) => load())).then((commands) => {
  writeFileSync('docs/commands.md', commandsPage(commands));
  for (const name of readdirSync('docs').filter((file) => file.endsWith('.md'))) {
    const page = readFileSync(`docs/${name}`, 'utf8');
    const made = withTables(page);
    if (made !== page) writeFileSync(`docs/${name}`, made);
  }
});
