import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { assistant, calling, delta, init, messageStart, result, saying, toolResult } from '../fixtures/claude-lines.js';
import { eventually } from '../fixtures/eventually.js';
import { FAKE_CLAUDE, type FakeStep } from '../fixtures/fake-claude.js';
import { type PipedRun, runPiped } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openTerminal, type TerminalOptions, type TestTerminal } from '../fixtures/terminal.js';
import { textOf } from '../render/text-of.js';

const WRAPPER = [fileURLToPath(new URL('../../dist/command/agent-stream.js', import.meta.url))];
const fake = (steps: readonly FakeStep[]): string[] => ['--', process.execPath, FAKE_CLAUDE, JSON.stringify(steps)];

/** The program before a terminal, with a fake claude that does these steps. */
function open(steps: readonly FakeStep[], flags: readonly string[] = [], options?: TerminalOptions): TestTerminal {
  return openTerminal(process.execPath, [...WRAPPER, ...flags, ...fake(steps)], options);
}

/** The same before pipes, to its end. */
function run(steps: readonly FakeStep[], flags: readonly string[] = [], env = {}): Promise<PipedRun> {
  return runPiped(process.execPath, [...WRAPPER, ...flags, ...fake(steps)], { env });
}

const print = (text: string): FakeStep => ({ do: 'print', text });
const shown = (terminal: TestTerminal): string => stripVTControlCharacters(terminal.bytes.toString());

describe('a session in a terminal', () => {
  test('shows the first words while it runs, and ends in clean lines', async () => {
    const words = [messageStart('m'), delta('Thinking about '), delta('it')].join('');
    await using terminal = open([print(words), { do: 'hang' }]);
    await terminal.waitFor('Thinking about it');
    process.kill(-terminal.pid, 'SIGTERM');
    expect(await terminal.end()).toEqual({ code: 143 });
    expect(await textOf([terminal.bytes], { cols: 80, rows: 24 })).toEqual([
      'Thinking about it',
      '',
      '✗ interrupted by SIGTERM',
    ]);
  });

  test('shows that it waits, between lines, and leaves nothing of that', async () => {
    const call = assistant('m', [calling('Bash', { command: 'make' })]);
    await using terminal = open([print(call), { do: 'hang' }]);
    await terminal.waitFor(/Bash\S+ \d+ s/);
    process.kill(-terminal.pid, 'SIGTERM');
    await terminal.end();
    expect(await textOf([terminal.bytes], { cols: 80, rows: 24 })).toEqual([
      '● Bash(make)',
      '',
      '✗ interrupted by SIGTERM',
    ]);
  });

  test('Ctrl-C lets claude say how it ended, and is no success', async () => {
    const last = result({ is_error: true, subtype: 'error_during_execution' });
    await using terminal = open([{ do: 'print-at-interrupt', text: last }, print(delta('Half a')), { do: 'hang' }]);
    await terminal.waitFor('Half a');
    await terminal.type('\x03');
    expect(await terminal.end()).toEqual({ code: 130 });
    expect(shown(terminal)).toContain('✗ interrupted by SIGINT · 1 turn');
  });

  test('a signal to this program alone reaches claude', async () => {
    await using terminal = open([print(delta('Half a')), { do: 'hang' }]);
    await terminal.waitFor('Half a');
    terminal.kill('SIGTERM');
    expect(await terminal.end()).toEqual({ code: 143 });
  });

  test('follows the width of the terminal', async () => {
    const call = assistant('m', [calling('Bash', { command: 'x'.repeat(200) })]);
    await using terminal = open([print(call), { do: 'hang' }], [], { cols: 33 });
    await terminal.waitFor('…)');
    expect(shown(terminal)).toContain(`● Bash(${'x'.repeat(24)}…)\r\n`);
  });
});

describe('the exit code', () => {
  const good = result();
  const bad = result({ is_error: true });
  const refused = result({ permission_denials: [{ tool_name: 'Bash' }, { tool_name: 'Bash' }] });

  test.each<[string, string, string, number, string]>([
    ['0 when the result says that all is well', good, '', 0, '✓ done'],
    ['1 when the result says error', bad, '', 1, '✗ failed'],
    ['1 when there is no result', delta('x'), '', 1, '✗ ended without a result: exit code 0'],
    ['1 when a tool was refused', refused, '', 1, '✗ permission denied: Bash (2)'],
    ["the program's own", bad, 'exit 7', 7, '✗ failed'],
    ["the program's own after a good result", good, 'exit 7', 7, '✗ failed after its result: exit code 7'],
    ['128 and the signal', good, 'kill -9 $$', 137, '✗ failed after its result: SIGKILL'],
    ['that of the last result', good + bad, '', 1, '✗ failed'],
  ])('is %s', async (_what, lines, script, code, words) => {
    const program = ['--', 'sh', '-c', `printf %s "$1"; ${script}`, 'sh', lines];
    const ended = await runPiped(process.execPath, [...WRAPPER, ...program]);
    expect(ended.code).toBe(code);
    expect(ended.stdout.toString()).toContain(words);
  });

  test('is 127 or 126, with one line, where the program cannot be started', async () => {
    const missing = await runPiped(process.execPath, [...WRAPPER, '--', 'no-such-claude', '-p']);
    expect([missing.code, missing.stderr]).toEqual([
      127,
      'orch: no-such-claude: no such command — check the spelling, or give its whole path\n',
    ]);
    const folder = await runPiped(process.execPath, [...WRAPPER, '--', '/tmp']);
    expect([folder.code, folder.stderr.split('\n').length]).toEqual([126, 2]);
    const nothing = await runPiped(process.execPath, WRAPPER);
    expect([nothing.code, nothing.stderr.split('\n').length]).toEqual([2, 2]);
  });
});

describe('what claude prints', () => {
  test('is kept byte by byte, and drawn, at 10 MB with a line of 5 MB and lines that are none', async () => {
    using folder = temporaryFolder();
    const [input, kept] = [join(folder.path, 'input'), join(folder.path, 'backend.jsonl')];
    const small = Array.from({ length: 40_000 }, (_, n) => delta(`word ${n}\n`)).join('');
    const pieces = [
      init(),
      messageStart('m'),
      small,
      'no JSON\r\n',
      toolResult(`begin\n${'x'.repeat(5_000_000)}`),
      assistant('n', [saying('The end.')]),
      result({ result: 'The end.' }).trimEnd(),
    ];
    writeFileSync(input, Buffer.concat([Buffer.from([0xff, 0x0a]), ...pieces.map((piece) => Buffer.from(piece))]));
    await using terminal = open([{ do: 'print-file', path: input }], [], { env: { ORCH_TASK_DIR: folder.path } });
    expect(await terminal.end()).toEqual({ code: 0 });
    expect(statSync(input).size).toBeGreaterThan(10_000_000);
    expect(readFileSync(kept).equals(readFileSync(input))).toBe(true);
    expect(statSync(kept).mode & 0o777).toBe(0o600);
    const text = shown(terminal);
    expect(text.match(/^word \d+\r$/gm)).toHaveLength(40_000);
    expect(text.split('The end.')).toHaveLength(2);
    expect(text).toContain('not JSON: no JSON');
    expect(text).toContain('skipped a line of 1 bytes that is not UTF-8');
  });

  test('goes to the file that is named, behind what is there', async () => {
    using folder = temporaryFolder();
    const kept = join(folder.path, 'kept');
    writeFileSync(kept, '{"torn":');
    const lines = delta('x') + result();
    expect((await run([print(lines)], ['--jsonl', kept], { ORCH_TASK_DIR: folder.path })).code).toBe(0);
    expect(readFileSync(kept, 'utf8')).toBe(`{"torn":\n${lines}`);
    expect(existsSync(join(folder.path, 'backend.jsonl'))).toBe(false);
  });

  test('is drawn all the same where it cannot be kept, which is said once', async () => {
    using folder = temporaryFolder();
    const kept = join(folder.path, 'link');
    symlinkSync(join(folder.path, 'elsewhere'), kept);
    const ended = await run([print(delta('still')), print(delta(' here') + result())], ['--jsonl', kept]);
    expect(ended.code).toBe(0);
    expect(existsSync(join(folder.path, 'elsewhere'))).toBe(false);
    expect(ended.stdout.toString()).toContain('still here');
    expect(ended.stdout.toString().split('cannot be written: ELOOP')).toHaveLength(2);
  });

  test('on stderr shows as lines, and steers nothing', async () => {
    const ended = await run([
      { do: 'complain', text: 'no \x1b[2Jkey\nat all' },
      { do: 'exit', code: 3 },
    ]);
    expect(ended.code).toBe(3);
    expect(stripVTControlCharacters(ended.stdout.toString())).toBe(
      'no key\nat all\n\n✗ ended without a result: exit code 3\n',
    );
  });

  test('is not waited for where a process left behind holds the pipe', async () => {
    using folder = temporaryFolder();
    const pidFile = join(folder.path, 'pid');
    const ended = await run([{ do: 'leave-behind', pidFile }, print(result()), { do: 'exit', code: 0 }]);
    const left = Number(readFileSync(pidFile, 'utf8'));
    expect(process.kill(left, 'SIGKILL')).toBe(true);
    expect(ended.code).toBe(0);
    expect(ended.stdout.toString()).toContain('✓ done');
  });
});

describe('the prompt', () => {
  test('of a megabyte arrives unchanged, with its end', async () => {
    using folder = temporaryFolder();
    const [prompt, arrived] = [join(folder.path, 'prompt'), join(folder.path, 'arrived')];
    const text = `--version "it's" $(false) $HOME \\ \n日本 🚀 naïve\r\n\0`.repeat(25_000);
    writeFileSync(prompt, text);
    const steps: FakeStep[] = [{ do: 'save-stdin', path: arrived }, print(result())];
    expect((await run(steps, ['--prompt-file', prompt])).code).toBe(0);
    expect(text.length).toBeGreaterThan(1_000_000);
    expect(readFileSync(arrived, 'utf8') === text).toBe(true);
  });

  test('is empty where there is none, and a missing file is said', async () => {
    using folder = temporaryFolder();
    const arrived = join(folder.path, 'arrived');
    expect((await run([{ do: 'save-stdin', path: arrived }, print(result())])).code).toBe(0);
    expect(readFileSync(arrived, 'utf8')).toBe('');
    const missing = await run([print(result())], ['--prompt-file', join(folder.path, 'none')]);
    expect([missing.code, missing.stderr.split('\n').length]).toEqual([2, 2]);
  });
});

test('the arguments of the program are handed over as they are', async () => {
  const args = ['-p', '--jsonl', 'x', '--', '- [ ] "mend it"', '', '$HOME\n日本'];
  const program = ['--', 'sh', '-c', 'for arg; do printf "%s\\0" "$arg"; done >&2; exit 0', 'sh', ...args];
  const { stdout } = await runPiped(process.execPath, [...WRAPPER, ...program]);
  expect(stripVTControlCharacters(stdout.toString()).split('\n\n✗')[0]).toBe(`${args.join('\\x00')}\\x00`);
});

test('a terminal that closes ends claude', async () => {
  using folder = temporaryFolder();
  const pidFile = join(folder.path, 'pid');
  await using terminal = open([{ do: 'leave-behind', pidFile }, print(delta('Half a')), { do: 'hang' }]);
  await terminal.waitFor('Half a');
  terminal.close();
  expect(await terminal.end()).toEqual({ code: 129 });
  process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
  await eventually(() => !isAlive(terminal.pid), 'the end of the program');
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
