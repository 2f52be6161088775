import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { onlyTask, taskFolders } from '../fixtures/agent-folder.js';
import { programs } from '../fixtures/programs.js';
import { runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch } from '../fixtures/terminal.js';

test('orch backends says of each what is there, in which version, and what to do about the rest', async () => {
  using folder = temporaryFolder();
  programs(folder.path, ['claude', 'opencode'], 'echo "2.1.330 (Claude Code)"; echo noise >&2');
  const PATH = `${join(folder.path, 'bin')}:/usr/bin:/bin`;
  const { code, stdout } = await runOrch(['backends', '--json'], { env: { PATH } });
  const found = JSON.parse(stdout.toString()) as readonly Record<string, unknown>[];
  const of = new Map(found.map(({ name, ...rest }) => [name, rest]));
  expect(code).toBe(0);
  expect(of.get('claude')).toMatchObject({ found: true, version: '2.1.330', path: join(folder.path, 'bin', 'claude') });
  expect(of.get('gemini')).toMatchObject({
    found: false,
    version: null,
    fix: expect.stringContaining('npm install') as string,
  });
  expect(of.get('demo')).toMatchObject({ found: true, path: null });
  const table = (await runOrch(['backends'], { env: { PATH } })).stdout.toString();
  expect(table).toMatch(/^claude +2\.1\.330 +native, stream, print +Claude Code, /m);
  expect(table).toMatch(/^codex +missing +exec, tui +install Codex: npm install/m);
});

test('the way an agent is run is the one that suits who sits before it, and the agent is given the prompt as it is', async () => {
  using folder = temporaryFolder();
  const PATH = programs(
    folder.path,
    ['claude', 'gemini'],
    'printf "%s|" "$@"; echo "$CLAUDE_CODE_DISABLE_ALTERNATE_SCREEN"',
  );
  const unattended = await runOrch(
    ['run', '--dir', join(folder.path, 'b'), '--size', '600x24', '-b', 'claude', '--mode', 'print', '--', '- [ ] $x'],
    { env: { PATH } },
  );
  expect(unattended.stdout.toString()).toMatch(
    /^-p\|--settings\|\{.*\}\|--permission-mode\|acceptEdits\|.*\|--\|- \[ \] \$x\|\n$/,
  );
  await using terminal = openOrch(['run', '--dir', join(folder.path, 'c'), 'hello'], { env: { PATH }, cols: 200 });
  await terminal.end();
  expect(terminal.bytes.toString()).toMatch(/^--settings\|\{"hooks":.*\|--permission-mode\|.*\|--\|hello\|1\r\n/s);
  expect(onlyTask(join(folder.path, 'c')).manifest.backend).toBe('claude');
  const named = await runOrch(['run', '--dir', join(folder.path, 'd'), '-b', 'gemini', '--mode', 'print', 'hi'], {
    env: { PATH },
  });
  expect(named.stdout.toString()).toMatch(/^--session-id=[0-9a-f-]{36}\|--approval-mode\|yolo\|--prompt=hi\|\n$/);
  const wrong = await runOrch(['run', '--dir', join(folder.path, 'e'), '--mode', 'fancy', 'hi'], { env: { PATH } });
  expect([wrong.code, wrong.stderr]).toEqual([
    2,
    'orch: claude has no mode fancy — use one of: native, stream, print\n',
  ]);
});

test('claude that nobody sits before is drawn as it goes, from a prompt of any size, and its exit code is the truth', async () => {
  using folder = temporaryFolder();
  const answer = (isError: boolean): string =>
    [
      {
        type: 'stream_event',
        event: { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      },
      {
        type: 'stream_event',
        event: { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'It is ' } },
      },
      {
        type: 'stream_event',
        event: { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'done.\nLOOP_COMPLETE' } },
      },
      { type: 'result', subtype: 'success', is_error: isError, num_turns: 1, result: 'It is done.' },
    ]
      .map((event) => JSON.stringify(event))
      .join('\n');
  writeFileSync(join(folder.path, 'ok'), answer(false));
  writeFileSync(join(folder.path, 'bad'), answer(true));
  const prompt = join(folder.path, 'prompt.md');
  writeFileSync(prompt, '- [ ] "quoted" $x \\ 日本\n'.repeat(40_000));
  const PATH = programs(folder.path, ['claude'], `wc -c > ${folder.path}/bytes; cat ${folder.path}/$WHICH; exit 0`);
  const run = (which: string, ...flags: string[]) =>
    runOrch(['run', '--dir', join(folder.path, 'task', which), ...flags, '--prompt-file', prompt], {
      env: { PATH, WHICH: which },
    });
  const ok = await run('ok', '--until', 'LOOP_COMPLETE');
  expect([ok.code, ok.stderr]).toEqual([0, expect.stringContaining('it said LOOP_COMPLETE')]);
  expect(ok.stdout.toString()).toMatch(/It is done\.\n *LOOP_COMPLETE\n/);
  expect(Number(readFileSync(join(folder.path, 'bytes'), 'utf8'))).toBe(readFileSync(prompt).length);
  const [task = ''] = taskFolders(join(folder.path, 'task', 'ok'));
  expect(readFileSync(join(folder.path, 'task', 'ok', task, 'backend.jsonl'), 'utf8').trimEnd()).toBe(answer(false));
  expect((await run('bad')).code).toBe(1);
});

test('claude that is drawn as it goes, and says nothing, is ended when that is silence for too long', async () => {
  using folder = temporaryFolder();
  const PATH = programs(folder.path, ['claude'], 'echo "{}"; exec sleep 1000');
  const args = ['run', '--dir', join(folder.path, 'a'), '--mode', 'stream', '--idle-timeout', '2.5s', 'hello'];
  const silent = await runOrch(args, { env: { PATH } });
  expect([silent.code, silent.stderr]).toEqual([124, expect.stringContaining('it printed nothing for too long')]);
  // It had said so every second.
  const { folder: task } = onlyTask(join(folder.path, 'a'));
  expect(readFileSync(join(task, 'backend.log'), 'utf8')).toContain('waiting… 2 s');
});

test('an agent whose prompt is its input sees the environment as it is', async () => {
  using folder = temporaryFolder();
  const PATH = programs(folder.path, ['opencode'], 'cat; echo " $input"');
  const args = ['run', '--dir', join(folder.path, 'a'), '-b', 'opencode', 'what is it?'];
  const { stdout } = await runOrch(args, { env: { PATH, input: 'mine' } });
  expect(stdout.toString()).toBe('what is it? mine\n');
});

test('orch ls shows which run it is: what the agent was asked, not what that took', async () => {
  using folder = temporaryFolder();
  const PATH = programs(folder.path, ['claude'], 'exit 0');
  const shown = async (...args: readonly string[]): Promise<string> => {
    const agent = join(folder.path, args.join('').slice(0, 20));
    await runOrch(['run', '-q', '--dir', agent, ...args], { env: { PATH } });
    const { stdout } = await runOrch(['ls', '--dir', agent]);
    return stdout.toString().trimEnd().split(/ {2,}/).at(-1) ?? '';
  };
  expect(await shown('-b', 'demo', '--speed', '0', 'hello there')).toBe("demo 'hello there'");
  expect(await shown('mend it')).toBe("claude 'mend it'");
  expect(await shown('--mode', 'print', 'mend it')).toBe("claude 'mend it'");
  expect(await shown('x'.repeat(120_000))).toMatch(/^claude 'x+…$/);
  expect(await shown('--', 'true')).toBe('true');
});
