import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runPiped } from '../fixtures/run-orch.js';
import { rowsAfter } from '../fixtures/screen.js';
import { openTerminal } from '../fixtures/terminal.js';
import type { TerminalOptions, TestTerminal } from '../fixtures/terminal.js';

const AGENT = fileURLToPath(new URL('../../dist/command/demo-agent.js', import.meta.url));
const argv = (...args: string[]): string[] => [AGENT, ...args];
const openDemo = (args: string[], options?: TerminalOptions): TestTerminal =>
  openTerminal(process.execPath, argv(...args), options);

describe('the demo agent', () => {
  test.each([40, 80])('looks right in %i columns', async (cols) => {
    await using terminal = openDemo(['--speed=0'], { cols });
    expect(await terminal.end()).toEqual({ code: 0 });
    const machine = execFileSync('uname', ['-sm'], { encoding: 'utf8' }).trim();
    const rows = (await rowsAfter(terminal.bytes, cols, 24)).map((row) => row.replace(machine, 'SYSTEM MACHINE'));
    await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot(`demo-${cols}.txt`);
  });

  test('prints the same bytes at any speed', async () => {
    await using fast = openDemo(['--speed=0']);
    await using slower = openDemo(['--speed=100']);
    await Promise.all([fast.end(), slower.end()]);
    expect(slower.bytes.equals(fast.bytes)).toBe(true);
  });

  test('follows a resize', async () => {
    await using terminal = openDemo(['--speed=8'], { cols: 100 });
    await terminal.waitFor('Thinking');
    terminal.resize(40, 24);
    await terminal.end();
    const after = terminal.bytes.subarray(terminal.bytes.indexOf('A session'));
    for (const row of await rowsAfter(after, 200, 24)) expect(row.length).toBeLessThanOrEqual(40);
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('shows the cursor again and says so by its exit code when %s ends it', async (signal, code) => {
    await using terminal = openDemo(['--speed=0.1']);
    await terminal.waitFor('\x1b[?25l');
    terminal.kill(signal);
    expect(await terminal.end()).toEqual({ code });
    expect(terminal.bytes.toString()).toMatch(/\x1b\[\?25h\n?\r?\n$/);
  });

  test('stops at Ctrl-C', async () => {
    await using terminal = openDemo(['--speed=0.1']);
    await terminal.waitFor('Thinking');
    await terminal.type('\x03');
    expect(await terminal.end()).toEqual({ code: 130 });
  });

  test('shows the prompt it was given, and works in a pipe', async () => {
    const { code, stdout } = await runPiped(process.execPath, argv('--speed=0', '--', '--speed is "fine"'));
    expect(code).toBe(0);
    expect(stdout.toString()).toContain('--speed is "fine"');
    expect(stdout.toString()).toMatch(/\nLOOP_COMPLETE\n$/);
  });
});
