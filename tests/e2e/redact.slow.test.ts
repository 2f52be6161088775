import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onlyTask, taskFolders } from '../fixtures/agent-folder.js';
import { assistant, delta, init, messageStart, result, saying, toolResult } from '../fixtures/claude-lines.js';
import { programs } from '../fixtures/programs.js';
import { type PipedRun, recordScript, runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const SECRET = 'hunter2-and-a-half';
const env = { MY_API_KEY: SECRET };

/** Everything in the folder of the only task, by file. */
function filesOf(agentDir: string): Map<string, string> {
  const folder = join(agentDir, taskFolders(agentDir)[0] ?? '');
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'latin1')]));
}

/** Runs a script twice, masked and exact; neither what is shown nor what is kept has the value in it when masked. */
async function both(
  script: string,
  ...flags: readonly string[]
): Promise<{ masked: string; exact: string; run: PipedRun }> {
  using folder = temporaryFolder();
  const [a, b] = [join(folder.path, 'a'), join(folder.path, 'b')];
  const run = await runOrch(recordScript(a, script, '-o', 'raw', '--redact', ...flags), { env });
  await runOrch(recordScript(b, script, '-q'), { env });
  const files = filesOf(a);
  for (const [name, text] of files) expect(text, name).not.toContain(SECRET);
  expect(run.stdout.toString()).not.toContain(SECRET);
  expect(run.stderr).not.toContain(SECRET);
  const masked = files.get('backend.log') ?? '';
  expect(run.stdout.toString('latin1')).toBe(masked);
  expect(onlyTask(a).manifest.bytes).toBe(onlyTask(b).manifest.bytes);
  return { masked, exact: filesOf(b).get('backend.log') ?? '', run };
}

describe('orch run --redact', () => {
  test.each([
    ['whole', 'echo "a $MY_API_KEY b"', 'a ****************** b\r\n'],
    [
      'in two, a while apart',
      'printf %.9s "$MY_API_KEY"; sleep 0.3; echo "${MY_API_KEY#hunter2-a}"',
      '******************\r\n',
    ],
    [
      'in colours',
      String.raw`printf '\033[31mhunt\033[1mer2-and-\033[0ma-half\033[K\n'`,
      '\x1b[31m****\x1b[1m********\x1b[0m******\x1b[K\r\n',
    ],
    ['over two lines', String.raw`printf 'hunter2-\n  and-a-half\n'`, '********\r\n  **********\r\n'],
    ['in its own arguments', `echo ${SECRET}`, '******************\r\n'],
    ['in a title', String.raw`printf '\033]0;%s\007' "$MY_API_KEY"`, '\x1b]0;******************\x07'],
  ])('masks a value of the environment that is printed %s', async (_, script, expected) => {
    expect((await both(script)).masked).toBe(expected);
  });

  test('shows what may begin a value soon, when nothing follows', async () => {
    const { masked, exact } = await both('printf hunte; sleep 0.2; printf hun; sleep 0.2; echo ting');
    expect(masked).toBe(exact);
  });

  test('masks tokens by their shape, and what a pattern matches', async () => {
    const token = `ghp_${'Ab1'.repeat(12)}`;
    const { masked } = await both(`echo ${token} corp-123456 corp-12`, '--redact-pattern', 'corp-[0-9]{6}');
    expect(masked).toBe(`${'*'.repeat(40)} *********** corp-12\r\n`);
  });

  test('masks the name, the arguments and the reason, and says so nowhere', async () => {
    using folder = temporaryFolder();
    const agent = join(folder.path, 'a');
    const script = recordScript(agent, 'echo "$MY_API_KEY"', '--redact', '--name', SECRET, '--until', SECRET);
    const { stderr } = await runOrch([...script, SECRET], { env });
    for (const [name, text] of filesOf(agent)) expect(text, name).not.toContain(SECRET);
    expect(stderr).not.toContain(SECRET);
    expect(stderr).not.toContain('in the recording');
    expect(onlyTask(agent).manifest.argv.at(-1)).toBe('*'.repeat(SECRET.length));
  });

  test('leaves an agent that asks its terminal something in the middle of a word its answer', async () => {
    const { masked } = await both(
      String.raw`stty raw -echo; printf 'hunter2\033[6n'; dd bs=1 count=4 2>/dev/null | od -An -c | tr -d ' \n'; stty sane`,
    );
    expect(masked).toContain('033');
  });

  test('takes no pattern that is none', async () => {
    const { code, stderr } = await runOrch(['run', '--redact-pattern', '(', '--', 'true']);
    expect([code, stderr]).toEqual([
      2,
      "orch: --redact-pattern is not a regular expression: /(/: Unterminated group — JavaScript's syntax, such as --redact-pattern 'corp-[0-9a-f]{32}'\n",
    ]);
  });

  test('masks what claude says as JSON, of pieces all words, and gives the prompt as it is', async () => {
    using folder = temporaryFolder();
    const session = [
      init(),
      messageStart('m'),
      delta('It is hunter2-'),
      delta('and-a-half.'),
      assistant('m', [saying(`It is ${SECRET}.`)]),
      toolResult(`KEY=${SECRET}\nand more`),
      result(),
    ].join('');
    const path = programs(folder.path, ['claude'], `printf %s "$*" > ${folder.path}/asked; cat <<'END'\n${session}END`);
    const agent = join(folder.path, 'a');
    const args = ['run', '--dir', agent, '--redact', '-b', 'claude', '--mode', 'stream', `what is ${SECRET}?`];
    const { code, stdout } = await runOrch(args, { env: { ...env, PATH: path } });
    const files = filesOf(agent);
    for (const [name, text] of files) expect(text, name).not.toMatch(/hunter2-|and-a-half/);
    expect([code, stdout.toString()]).toEqual([0, expect.stringContaining('It is ******************.')]);
    expect(files.get('backend.jsonl')).toHaveLength(session.length);
    const lines = (files.get('backend.jsonl') ?? '').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toHaveLength(7);
    expect(readFileSync(join(folder.path, 'asked'), 'utf8')).toContain(`what is ${SECRET}?`);
    expect((await runOrch(['ls', '--dir', agent])).stdout.toString()).toContain("claude 'what is ******************?'");
  });
});

describe('without --redact', () => {
  test.each([
    ['short', 'echo "$MY_API_KEY $MY_API_KEY"', 0],
    ['long', 'echo; yes "some words" | head -c 1500000; echo "$MY_API_KEY"; yes "$MY_API_KEY" | head -c 1500000', 2],
  ])('a %s recording is exact, and orch says once that a value is in it', async (_, script, from) => {
    using folder = temporaryFolder();
    const { stderr } = await runOrch(recordScript(folder.path, script), { env });
    const told = [...stderr.matchAll(/^orch: (the value of MY_API_KEY is in the recording.*)$/gm)];
    expect(told).toHaveLength(1);
    const offset = Number(/from byte (\d+)/.exec(told[0]?.[1] ?? '')?.[1]);
    expect(offset).toBeGreaterThanOrEqual(from);
    const { log, taskLog } = onlyTask(folder.path);
    expect(log.subarray(offset, offset + SECRET.length).toString()).toBe(SECRET);
    expect(taskLog.split('is in the recording')).toHaveLength(2);
    expect(stderr + taskLog).toContain('--redact');
    expect(stderr).not.toContain(SECRET);
  });

  test('says nothing where no value went by', async () => {
    using folder = temporaryFolder();
    const { stderr } = await runOrch(recordScript(folder.path, 'echo hunter2'), { env });
    expect(stderr).toMatch(/^orch: done .*\n$/);
  });
});
