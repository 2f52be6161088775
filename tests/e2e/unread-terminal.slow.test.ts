import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onlyTask, taskFolders } from '../fixtures/agent-folder.js';
import { eventually } from '../fixtures/eventually.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch } from '../fixtures/terminal.js';
import type { TestTerminal } from '../fixtures/terminal.js';

const openScript = (folder: string, script: string): TestTerminal =>
  openOrch(['run', '--dir', folder, '--', 'sh', '-c', script]);

/** The log of the only task so far. */
function logOf(agentDir: string): Buffer {
  const log = join(agentDir, taskFolders(agentDir)[0] ?? '', 'backend.log');
  return existsSync(log) ? readFileSync(log) : Buffer.alloc(0);
}

describe('a terminal that nobody reads', () => {
  test('keeps neither the agent nor its recording, nor orch from ending', async () => {
    using folder = temporaryFolder();
    await using terminal = openScript(folder.path, 'seq 1 100000');
    terminal.stopReading();
    expect(await terminal.end(15_000)).toEqual({ code: 0 });
    const { log, manifest } = onlyTask(folder.path);
    expect(log.length).toBe(688_895);
    expect(manifest).toMatchObject({ status: 'done', bytes: 688_895 });
  });

  test('costs no memory, however much is printed, and is shown the end behind a mark when it reads again', async () => {
    using folder = temporaryFolder();
    await using terminal = openScript(folder.path, 'stty raw -echo; echo ready; seq 1 4000000; echo over; head -c 1');
    await terminal.waitFor('ready');
    terminal.stopReading();
    await eventually(() => logOf(folder.path).subarray(-5).toString() === 'over\n', 'the agent to have printed it all');
    const peak = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${terminal.pid}/status`, 'utf8'))?.[1]);
    expect(peak).toBeLessThan(150_000);
    terminal.readAgain();
    await terminal.waitFor('over');
    await terminal.type('x');
    await terminal.end();
    const { log } = onlyTask(folder.path);
    const shown = terminal.bytes.toString('latin1');
    // A mark that was half shown when the agent ran away once more is followed by a second one.
    const parts = shown.split(/\x1b\[m\r\n[^\n]* left out here [^\n]*\r\n/);
    expect(parts.length).toBeGreaterThanOrEqual(2);
    expect(parts.length).toBeLessThanOrEqual(3);
    // Up to the mark the beginning, from there on whole lines to the end.
    const text = log.toString('latin1');
    expect(text.startsWith(parts[0] ?? '?')).toBe(true);
    const after = parts.at(-1) ?? '';
    const tail = after.slice(0, after.indexOf('over\nx') + 6);
    expect(text.endsWith(`\n${tail}`)).toBe(true);
    expect(tail.length).toBeGreaterThan(200_000);
  });

  test('is shown everything it missed when that is less than 8 MiB', async () => {
    using folder = temporaryFolder();
    await using terminal = openScript(folder.path, 'stty raw -echo; echo ready; seq 1 500000; echo over; head -c 1');
    await terminal.waitFor('ready');
    terminal.stopReading();
    await eventually(() => logOf(folder.path).subarray(-5).toString() === 'over\n', 'the agent to have printed it all');
    terminal.readAgain();
    await terminal.waitFor('over');
    await terminal.type('x');
    await terminal.end();
    const { log } = onlyTask(folder.path);
    expect(terminal.bytes.subarray(0, log.length).equals(log)).toBe(true);
  });
});
