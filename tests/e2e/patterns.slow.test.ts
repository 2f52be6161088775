import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onlyTask } from '../fixtures/agent-folder.js';
import { recordScript, runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openOrch } from '../fixtures/terminal.js';

/** Loops within loops: those that V8 is not given, because it is not proved that it comes to an end in time. */
const NESTED = ['^([a-z]{7},)+', '^(?:(?:a{2,},)+b?)+!', '(?:(?:a{7},){2}){3}'];
const LINES = `i=0; while [ $i -lt 60 ]; do s=$s"aaaaaaa,"; i=$((i+1)); done; echo "$s!?"; echo plain`;

describe('a pattern with a loop within a loop', () => {
  test.each(NESTED)('%s masks, in a run that ends', async (pattern) => {
    using folder = temporaryFolder();
    const { code } = await runOrch(recordScript(folder.path, LINES, '-q', '--redact-pattern', pattern));
    expect(code).toBe(0);
    expect(onlyTask(folder.path).log.toString()).toMatch(/^\*{480}[*!]\?\r\nplain\r\n$/);
  });

  test('keeps no signal from its agent', async () => {
    using folder = temporaryFolder();
    const script = `${LINES}; trap 'echo got TERM; exit 9' TERM; echo ready; while :; do echo "$s!?"; sleep 0.02; done`;
    await using terminal = openOrch(
      recordScript(folder.path, script, '-o', 'raw', '--redact-pattern', NESTED[0] ?? ''),
    );
    await terminal.waitFor('ready');
    terminal.kill('SIGTERM');
    expect(await terminal.end()).toEqual({ code: 9 });
  });

  test.each(NESTED)('%s is looked for, and left out, in a task', async (pattern) => {
    using folder = temporaryFolder();
    await runOrch(recordScript(folder.path, LINES, '-q'));
    const orch = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await runOrch([...args, '--dir', folder.path]);
      return { code, lines: stdout.toString().split('\n').length - 1, stderr };
    };
    expect(await orch('search', pattern)).toMatchObject({ code: 0, stderr: '' });
    expect(await orch('logs', '--backend', '-x', pattern)).toMatchObject({ code: 0, stderr: '' });
    expect(await orch('logs', '--backend', '-g', pattern)).toMatchObject({ code: 0, stderr: '' });
    expect(await orch('logs', '--backend', '--color', 'always', '-H', pattern)).toMatchObject({ code: 0, lines: 2 });
    expect(await orch('export', '--format', 'text', '--from', `/(${pattern}|plain)/`, '-o', '-')).toMatchObject({
      code: 0,
    });
  });

  test('tells the state of an agent of orch.yml', async () => {
    using folder = temporaryFolder();
    const command = `[sh, -c, ${JSON.stringify(`${LINES}; echo "all done"; sleep 60`)}]`;
    const signs = `done: ["^all done$"], waiting: ["^([a-z]+;)+$"], failed: ["^(?:a+b)+$"]`;
    writeFileSync(join(folder.path, 'orch.yml'), `backends: {mine: {command: ${command}, prompt: none, ${signs}}}\n`);
    const { code } = await runOrch(['run', '-q', '-b', 'mine', '--dir', 'tasks'], { cwd: folder.path });
    expect(code).toBe(0);
  });
});

test('Ctrl-C ends a search in a line that takes minutes to be looked through', async () => {
  using folder = temporaryFolder();
  const letters = 'BEGIN { srand(1); for (i = 0; i < 6000000; i++) printf rand() < 0.5 ? "a" : "b"; print "" }';
  await runOrch(recordScript(folder.path, `echo go; awk '${letters}'`, '-q'));
  // More states than anybody can keep: they are gone through one by one.
  await using terminal = openOrch(['search', '--dir', folder.path, '^go$|[ab]*a[ab]{200}[cd]']);
  await terminal.waitFor('@0');
  terminal.kill('SIGINT');
  expect(await terminal.end()).toEqual({ code: 130 });
});

test('text that there is no time to look through is masked whole, which is said', async () => {
  using folder = temporaryFolder();
  // Each of its letters is a match, and for each the whole line is looked through.
  const script = `${LINES}; i=0; while [ $i -lt 400 ]; do printf "$s"; i=$((i+1)); done; echo; echo key-1`;
  const { code, stderr } = await runOrch(
    recordScript(folder.path, script, '-o', 'none', '--redact-pattern', 'a.*b|a', '--redact-pattern', 'key-.*'),
  );
  expect(code).toBe(0);
  expect(stderr).toMatch(/cannot keep up|c\*nnot keep up/);
  // How far it has come until then depends on the machine.
  expect(onlyTask(folder.path).log.toString()).toMatch(/^[*,!?\r\n]+pl\*in\r\n[*,!?]*\*{1000,}\r\n\*{5}\r\n$/);
});

describe('a pattern that cannot be matched in linear time is refused before anything is started', () => {
  test.each([
    [
      ['run', '--redact-pattern', '(?<=key=)\\w+', '--', 'touch', 'started'],
      '--redact-pattern cannot be used: a lookbehind',
    ],
    [['search', '(a)\\1'], 'the pattern cannot be used: a backreference'],
    [['logs', '-g', 'a(?!b)'], '--grep cannot be used: a lookahead'],
    [['logs', '-x', 'a{1,2000}b*'], '--exclude cannot be used: more than 1000 repetitions'],
    [['search', '-i', `^(${'[\\S,]+;'.repeat(20)})+`], 'the pattern cannot be used: its classes are too large'],
    [['replay', '--from', '/a(?=b)/'], 'cannot be used: a lookahead'],
  ])('orch %j', async (args, message) => {
    using folder = temporaryFolder();
    const { code, stderr } = await runOrch(args, { cwd: folder.path });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(() => onlyTask(folder.path)).toThrow();
  });

  test('in orch.yml with its place', async () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'orch.yml'), 'redact:\n  patterns: ["(?=x)y"]\n');
    const { code, stderr } = await runOrch(['run', '--', 'true'], { cwd: folder.path });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^orch: orch\.yml:2:14: .*cannot be used: a lookahead, \(\?=…\)/);
  });
});
