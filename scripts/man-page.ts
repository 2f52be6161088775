// Prints the man page of orch; scripts/build.mjs keeps it as dist/man/orch.1.
import { commandTable } from '../src/cli/command-table.js';
import { manPage } from '../src/cli/man/man-page.js';
import { orchVersion } from '../src/core/version.js';

void Promise.all(commandTable.map(({ load }) => load())).then((commands) => {
  process.stdout.write(manPage(commands, orchVersion()));
});
