import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { taskFolders } from '../fixtures/agent-folder.js';
import { writeTask } from '../fixtures/recorded-task.js';
import { ORCH, runOrch, runPiped } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch } from '../fixtures/terminal.js';

describe('orch logs of what was recorded', () => {
  test('gives the same text as often as it is asked, live, afterwards, and with the index gone', async () => {
    using folder = temporaryFolder();
    const script = String.raw`printf '\033[1mbold\033[0m\n'; seq 1 100; printf '10%%\r100%%\n'; printf '%0200d' 5`;
    const live = await runOrch(['run', '--dir', folder.path, '--output', 'clean', '--', 'sh', '-c', script]);
    const logs = (): Promise<string> =>
      runOrch(['logs', '--dir', folder.path, '--backend']).then(({ stdout }) => stdout.toString());
    const first = await logs();
    expect(first).toBe(live.stdout.toString());
    const [task = ''] = taskFolders(folder.path);
    writeFileSync(join(folder.path, task, 'backend.idx'), 'torn');
    expect(await logs()).toBe(first);
  });

  test('follows the resizes of the terminal it was recorded in', async () => {
    using folder = temporaryFolder();
    const script = 'printf "%0100d\\n" 1; trap "printf \'%0100d\\n\' 2; exit" WINCH; while :; do sleep 0.01; done';
    await using terminal = openOrch(['run', '--dir', folder.path, '--', 'sh', '-c', script]);
    await terminal.waitFor('01');
    terminal.resize(120, 30);
    await terminal.end();
    const screen = await runOrch(['logs', '--dir', folder.path, '--screen']);
    expect(screen.stdout.toString()).toBe(`${'0'.repeat(99)}1\n${'0'.repeat(99)}2\n`);
    const before = await runOrch(['logs', '--dir', folder.path, '--screen', '--at', '@102']);
    expect(before.stdout.toString()).toBe(`${'0'.repeat(80)}\n${'0'.repeat(19)}1\n`);
  });

  test('of 1 KB and of 50 MB is every line, once', async () => {
    using folder = temporaryFolder();
    for (const bytes of [1000, 50_000_000]) {
      const agent = join(folder.path, String(bytes));
      mkdirSync(agent);
      const lines = Array.from({ length: Math.ceil(bytes / 50) }, (_, at) => `line ${at} ${'x'.repeat(30)}`);
      writeTask(agent, { log: Buffer.from(lines.map((line) => `\x1b[32m${line}\x1b[0m\r\n`).join('')) });
      const { code, stdout } = await runOrch(['logs', '--dir', agent], { deadlineMs: 120_000 });
      const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');
      expect([code, sha256(stdout)]).toEqual([0, sha256(`${lines.join('\n')}\n`)]);
    }
  });

  test('ends quietly when its reader has had enough', async () => {
    using folder = temporaryFolder();
    writeTask(folder.path, { log: 'line\r\n'.repeat(1_000_000) });
    const line = `"$@" | head -n 1; echo "codes \${PIPESTATUS[*]}"`;
    const argv = [process.execPath, ORCH, 'logs', '--dir', folder.path];
    const { stdout, stderr } = await runPiped('bash', ['-c', line, 'bash', ...argv]);
    expect([stdout.toString(), stderr]).toEqual(['line\ncodes 0 0\n', '']);
  });
});
