import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const RUN_TRUE = ['--', 'true'];

interface Refusal {
  readonly name: string;
  readonly args: readonly string[];
  readonly code?: number;
  /** What the one line has to say. */
  readonly says: RegExp;
  readonly env?: Readonly<Record<string, string>>;
}

const REFUSALS: readonly Refusal[] = [
  {
    name: 'an unknown flag, with the one that was meant',
    args: ['run', '--quite', ...RUN_TRUE],
    says: /--quite\b.*--quiet\b/,
  },
  { name: 'an unknown command, with the one that was meant', args: ['rnu', ...RUN_TRUE], says: /rnu\b.*\brun\b/ },
  { name: 'a flag without its value', args: ['run', '-b'], says: /--backend/ },
  { name: 'nothing to run', args: ['run'], says: /orch run/ },
  { name: 'nothing after --', args: ['run', '--'], says: /orch run -- COMMAND/ },
  { name: 'an empty prompt', args: ['run', '-b', 'demo', ''], says: /prompt is empty/ },
  { name: 'a blank prompt', args: ['run', '-b', 'claude', ' \n '], says: /prompt is empty/ },
  { name: 'no prompt for an agent that needs one', args: ['run', '-b', 'opencode'], says: /opencode needs a prompt/ },
  {
    name: 'an unknown backend, with the list',
    args: ['run', '-b', 'cloud', 'hi'],
    says: /cloud.*claude, opencode, codex, gemini, copilot, qwen, pi, demo/,
  },
  { name: 'a prompt and a command at once', args: ['run', 'hi', ...RUN_TRUE], says: /--/ },
  { name: 'a size of nothing', args: ['run', '--size', '0x0', ...RUN_TRUE], says: /0x0/ },
  { name: 'a size that is none', args: ['run', '--size', 'large', ...RUN_TRUE], says: /large.*120x40/ },
  { name: 'a size no terminal has', args: ['run', '--size', '65536x1', ...RUN_TRUE], says: /65536x1/ },
  { name: 'an unknown output mode, with the list', args: ['run', '--output', 'loud', ...RUN_TRUE], says: /loud.*raw/ },
  { name: 'a speed that is none', args: ['run', '-b', 'demo', '--speed', 'fast'], says: /fast/ },
  { name: 'a waiting time that is none', args: ['run', '--linger', '-1', ...RUN_TRUE], says: /-1/ },
  {
    name: 'a command that is not there',
    args: ['run', '--', 'no-such-command'],
    code: 127,
    says: /no-such-command: no such command/,
  },
  {
    name: 'an agent that is not installed, with how to install it',
    args: ['run', '-b', 'claude', 'hi'],
    env: { PATH: '/nowhere' },
    code: 127,
    says: /claude: no such command.*npm install -g @anthropic-ai\/claude-code/,
  },
];

describe('orch refuses in one line, and leaves nothing behind:', () => {
  test.each(REFUSALS)('$name', async ({ args, code = 2, says, env = {} }) => {
    using folder = temporaryFolder();
    const run = await runOrch(args, { cwd: folder.path, env });
    expect(run.stderr).toMatch(/^orch: [^\n]+\n$/);
    expect(run.stderr).toMatch(says);
    expect(run.code).toBe(code);
    expect(run.stdout.toString()).toBe('');
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test('a .agent that is a file', async () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, '.agent'), 'mine\n');
    const run = await runOrch(['run', ...RUN_TRUE], { cwd: folder.path });
    expect(run).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^orch: .*\.agent is a file.*--dir.*\n$/) as string,
    });
  });

  test('a .agent that is a symbolic link', async () => {
    using folder = temporaryFolder();
    mkdirSync(join(folder.path, 'elsewhere'));
    symlinkSync('elsewhere', join(folder.path, '.agent'));
    const run = await runOrch(['run', ...RUN_TRUE], { cwd: folder.path });
    expect(run).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^orch: .*\.agent is a symbolic link.*\n$/) as string,
    });
    expect(readdirSync(join(folder.path, 'elsewhere'))).toEqual([]);
  });

  test('a folder that cannot be written', async () => {
    using folder = temporaryFolder();
    // Nobody, not even root, may make a folder there.
    const run = await runOrch(['run', '--dir', '/proc/orch', ...RUN_TRUE], { cwd: folder.path });
    expect(run).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^orch: \/proc\/orch cannot be written.*\n$/) as string,
    });
  });
});
