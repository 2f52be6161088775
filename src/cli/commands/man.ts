import { readFileSync } from 'node:fs';
import { errors } from '../../core/errors.js';
import { ExitCode } from '../../core/exit-status.js';
import type { Command, ParsedLine } from '../options/command.js';
import type { CliContext } from '../options/context.js';
import { MAN_PAGE_FILE } from '../man/man-page-file.js';
import { manText } from '../man/man-text.js';

/** The width of man(1) where the terminal's is not known. */
const COLUMNS = 80;

export const manCommand: Command = {
  name: 'man',
  summary: 'show the manual, wherever orch is installed',
  usage: '[options]',
  operands: { min: 0, max: 0 },
  options: [{ flags: '--roff', description: 'print the roff source, for man -l - or groff' }],
  examples: [
    { line: 'orch man', does: 'read it, with man(1) or a pager' },
    { line: 'orch man | grep -A 3 linger', does: 'as plain text' },
  ],
  run: showManual,
};

/** On a terminal by man(1), else by a pager; down a pipe as the text that these would show. */
async function showManual({ options }: ParsedLine, context: CliContext): Promise<number> {
  const { stdout } = context;
  const page = readPage();
  if (options.has('roff')) {
    await stdout.write(page);
    return ExitCode.ok;
  }
  if (!stdout.isTTY) {
    await stdout.write(manText(page, COLUMNS));
    return ExitCode.ok;
  }
  const { showWithMan } = await import('../man/man-program.js');
  if (await showWithMan(MAN_PAGE_FILE, context)) return ExitCode.ok;
  const { pagedOutput } = await import('../output/pager.js');
  const output = pagedOutput(context);
  await output.show(manText(page, stdout.columns ?? COLUMNS));
  await output.end();
  return ExitCode.ok;
}

/** @throws OrchError INPUT_UNREADABLE */
function readPage(): string {
  try {
    return readFileSync(MAN_PAGE_FILE, 'utf8');
  } catch (error) {
    throw errors.manualUnreadable(MAN_PAGE_FILE, error);
  }
}
