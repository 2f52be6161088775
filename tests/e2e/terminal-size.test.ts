import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onlyTask } from '../fixtures/agent-folder.js';
import { ORCH, runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openTerminal } from '../fixtures/terminal.js';

const SIZE = { cols: 60, rows: 20 };
const VARIABLES = { COLUMNS: '99', LINES: '33' };

/** Runs `orch run FLAGS -- stty size` in a shell on a terminal of 60x20, with these redirections; what was recorded. */
async function recorded(flags: string, redirections: string, env: Record<string, string> = {}) {
  using folder = temporaryFolder();
  const agentDir = join(folder.path, 'a');
  const line = `'${process.execPath}' '${ORCH}' run --dir '${agentDir}' ${flags} -- stty size ${redirections}`;
  await using shell = openTerminal('/bin/sh', ['-c', `${line}; echo ended`], { ...SIZE, env });
  await shell.waitFor('ended');
  const { log, manifest, events } = onlyTask(agentDir);
  const start = events.find(({ type }) => type === 'task.start');
  return {
    told: log.toString().trim(),
    size: manifest.size,
    start: `${String(start?.['cols'])}x${String(start?.['rows'])}`,
  };
}

describe("the size of the agent's terminal", () => {
  test.concurrent.each([
    ['-q', ''],
    ['-o none', ''],
    ['-o clean', ''],
    ['-o raw', ''],
    ['', '| cat'],
    ['', '> /dev/null'],
    ['', '< /dev/null'],
    ['', '< /dev/null | cat'],
    ['-q', '> /dev/null 2>&1'],
    ['-q', '< /dev/null 2> /dev/null'],
  ])('is yours as long as anything of it is on your terminal: %s %s', async (flags, redirections) => {
    const { told, size, start } = await recorded(flags, redirections, VARIABLES);
    expect([told, size, start]).toEqual(['20 60', SIZE, '60x20']);
  });

  test.concurrent('is that of COLUMNS and LINES where nothing is', async () => {
    const { told } = await recorded('-q', '< /dev/null > /dev/null 2>&1', VARIABLES);
    expect(told).toBe('33 99');
  });

  test.concurrent('is 120x40 where they do not say it', async () => {
    const { told } = await recorded('-q', '< /dev/null > /dev/null 2>&1', { COLUMNS: '99' });
    expect(told).toBe('40 120');
  });

  test.concurrent('is --size before all others', async () => {
    expect((await recorded('-q --size 70x21', '', VARIABLES)).told).toBe('21 70');
  });

  test.concurrent('is yours for each of many, too', async () => {
    using folder = temporaryFolder();
    const line = `printf 'x\\n' > p; '${process.execPath}' '${ORCH}' run --dir a -b demo --speed 0 --prompts p -q; echo ended`;
    await using shell = openTerminal('/bin/sh', ['-c', line], { ...SIZE, cwd: folder.path });
    await shell.waitFor('ended');
    expect(onlyTask(join(folder.path, 'a')).manifest.size).toEqual(SIZE);
  });

  test.concurrent('without any terminal is 120x40', async () => {
    using folder = temporaryFolder();
    await runOrch(['run', '-q', '--dir', folder.path, '--', 'true']);
    expect(onlyTask(folder.path).manifest.size).toEqual({ cols: 120, rows: 40 });
  });
});
