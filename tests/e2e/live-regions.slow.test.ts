import { describe, expect, test } from 'vitest';
import { startOrch } from '../fixtures/live-program.js';
import { runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

/** Draws two rows over and over, with a line above them after the tenth time, until it is told to stop. */
const BARS = `
const frame = (n) => 'left ' + n + '\\r\\nright ' + n + '\\r\\n';
let n = 0;
process.stdout.write(frame(n));
const timer = setInterval(() => {
  n++;
  process.stdout.write('\\x1b[2A\\x1b[J' + (n === 10 ? 'the disk is full\\r\\n' : '') + frame(n));
}, 50);
process.stdin.once('data', () => { clearInterval(timer); process.stdin.pause(); });
`;

/** A status row at the bottom of the screen, and a line above now and then, until it is told to stop. */
const STATUS = `
let n = 0;
process.stdout.write('\\r\\n\\x1b7\\x1b[0;23r\\x1b8\\x1b[1A');
const timer = setInterval(() => {
  n++;
  process.stdout.write('\\x1b7\\x1b[24;1f' + n + ' %\\x1b8' + (n % 5 === 0 ? 'step ' + n + '\\r\\n' : ''));
}, 100);
process.stdin.once('data', () => { clearInterval(timer); process.stdin.pause(); });
`;

/** A first frame that stands still for longer than lines are waited for, and is then drawn over. */
const UPDATES = `
const update = (n, rows) =>
  process.stdout.write('\\x1b[?2026h' + (rows > 0 ? '\\x1b[' + rows + 'A\\x1b[J' : '') + 'passed ' + n + '\\r\\nbegun at noon\\r\\n\\x1b[?2026l');
update(0, 0);
setTimeout(() => update(1, 2), 900);
setTimeout(() => update(2, 2), 1000);
`;

const clean = (folder: string, program: string): string[] => [
  ...['run', '--dir', folder, '--output', 'clean', '--size', '80x24'],
  ...['--', process.execPath, '-e', program],
];

describe('programs with a live region, watched as lines', () => {
  test.each([
    ['rows that are drawn over', BARS, 'the disk is full\n'],
    ['a status row at the bottom', STATUS, 'step 5\nstep 10\n'],
  ])('a line above %s is shown while the program goes on drawing', async (_, program, line) => {
    using folder = temporaryFolder();
    await using orch = startOrch(clean(folder.path, program));
    orch.read();
    await orch.waitFor(line);
    await orch.write('\n');
    expect(await orch.end()).toBe(0);
    const later = await runOrch(['logs', '--dir', folder.path, '--backend']);
    expect(orch.stdout).toBe(later.stdout.toString());
  });

  test('a first frame of a synchronized update is not shown as lines', async () => {
    using folder = temporaryFolder();
    const live = await runOrch(clean(folder.path, UPDATES));
    expect(live.stdout.toString()).toBe('passed 2\nbegun at noon\n');
  });
});
