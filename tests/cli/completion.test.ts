import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Command } from '../../src/cli/options/command.js';
import { commandTable } from '../../src/cli/command-table.js';
import { answer, type Candidate, type Sources } from '../../src/cli/completion/answer.js';
import { completionOf, splitLine } from '../../src/cli/completion/shell-words.js';
import { typedArguments } from '../../src/cli/completion/typed-arguments.js';
import { optionFlags } from '../../src/settings/option-flags.js';
import { runCli } from '../fixtures/cli.js';
import { writeTask } from '../fixtures/recorded-task.js';
import { runs } from '../fixtures/runs.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const TASK: Candidate = { value: 'nightly', description: 'done' };
const SOURCES: Sources = {
  commands: commandTable,
  backends: () => Promise.resolve([{ value: 'demo', description: 'a scripted agent' }]),
  tasks: (options) => Promise.resolve([TASK, { value: `in ${options.text('dir') ?? 'here'}`, description: '' }]),
};

describe('what may stand at the end of a line', () => {
  const RUN_FLAGS = expect.arrayContaining(['--backend', '--dir', '--help']) as string[];

  test.each<[string, string[]]>([
    ['|', commandTable.map(({ name }) => name)],
    ['lo|', ['logs']],
    ['help sh|', ['show']],
    ['--v|', ['--version']],
    ['nonsense |', []],
    ['run |', RUN_FLAGS],
    ['run -b |', ['demo']],
    ['run -b d|', ['demo']],
    ['run -bd|', ['-bdemo']],
    ['run -qb |', ['demo']],
    ['run --backend=|', ['--backend=demo']],
    ['run --name |', []],
    ['run a prompt|', []],
    ['run -b|', ['-b']],
    ['ls |', ['--json', '--dir', '--color', '--help']],
    ['ls -h|', ['-h']],
    ['logs --order |', ['stream', 'grouped']],
    ['logs --order=g|', ['--order=grouped']],
    ['logs -o j|', ['json']],
    ['logs -oj|', ['-ojson']],
    ['logs --timestamps=|', ['--timestamps=iso', '--timestamps=short', '--timestamps=rel']],
    ['logs --timestamps |', ['nightly', 'in here']],
    ['logs n|', ['nightly']],
    ['logs nightly --task ni|', ['nightly']],
    ['logs --task=ni|', ['--task=nightly']],
    ['logs --dir a/b in|', ['in a/b']],
    ['logs --dir=a --dir=b in|', ['in b']],
    ['logs -- ni|', ['nightly']],
    ['logs -- -|', []],
    ['show nightly |', ['--json', '--screen', '--at', '--dir', '--color', '--help']],
    ['completion z|', ['zsh']],
    ['completion bash |', ['--help']],
  ])('orch %s', async (line, values) => {
    const found = await ask(line);
    expect(found.type === 'words' && found.candidates.map(({ value }) => value)).toEqual(values);
  });

  test.each([
    ['render |', { type: 'files' }],
    ['logs --cursor |', { type: 'files' }],
    ['logs --cursor=x|', { type: 'files' }],
    ['ls --dir |', { type: 'folders' }],
    ['run -- |', { type: 'command', at: 3 }],
    ['run -q --dir x -- make -|', { type: 'command', at: 6 }],
  ])('orch %s is for the shell to answer', async (line, wanted) => {
    expect(await ask(line)).toEqual(wanted);
  });

  test('each flag says what it does, and so do a command and a task', async () => {
    expect(await ask('logs --dir|')).toMatchObject({ candidates: [{ description: /recordings/ }] });
    expect(await ask('logs nightly|')).toEqual({ type: 'words', candidates: [TASK] });
    expect(await ask('logs|')).toMatchObject({ candidates: [{ description: /agent/ }] });
  });

  test('whatever the line, every answer begins with what is there, and nothing is thrown', async () => {
    const word = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...(await spellings())) },
      fc.constantFrom('', '-', '--', '--=', '-=', '--dir', '--dir=', 'x', '-qb', '-ob', 'help', 'nightly'),
      fc.string({ unit: 'binary', maxLength: 6 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 5 }), word, async (words, current) => {
        const found = await answer(words, current, SOURCES);
        if (found.type === 'command') expect(words[found.at - 2]).toBe('--');
        if (found.type !== 'words') return;
        for (const { value } of found.candidates) expect(value.startsWith(current)).toBe(true);
      }),
      { numRuns: runs(1000) },
    );
  });

  test('a line that is not finished is read as the whole of it would be', async () => {
    const run = (await commandTable.find(({ name }) => name === 'run')?.load()) as Command;
    const read = (...words: string[]) => {
      const { awaiting, operands, dashesAt, options } = typedArguments(run, words);
      return { awaiting: awaiting && optionFlags(awaiting).long, operands, dashesAt, dir: options.text('dir') };
    };
    expect(read('--dir')).toMatchObject({ awaiting: 'dir', operands: 0 });
    expect(read('--dir', '-q', 'x')).toMatchObject({ awaiting: undefined, dir: '-q', operands: 1 });
    expect(read('--dir=', '-', '-q')).toMatchObject({ dir: '', operands: 1 });
    expect(read('-qb')).toMatchObject({ awaiting: 'backend' });
    expect(read('-bq', 'x')).toMatchObject({ awaiting: undefined, operands: 1 });
    expect(read('--dir', '--', '--dir', 'x')).toMatchObject({ awaiting: undefined, dashesAt: 1, operands: 2 });
  });
});

describe('the tasks on offer', () => {
  const asked = (cwd: string, ...words: string[]) => runCli(['complete', 'fish', ...words], { cwd });

  test('are latest, then names and ids, the newest first, with what is known of them', async () => {
    using folder = temporaryFolder();
    const agentDir = join(folder.path, '.agent');
    writeTask(agentDir, { id: 'task-1767323045-1', manifest: { name: 'nightly' } });
    writeTask(agentDir, { id: 'task-1767323045-10', manifest: { name: 'twice', argv: ['a\x1b[31m\nb', '$(x)'] } });
    writeTask(agentDir, { id: 'task-1767323045-9', manifest: { name: 'twice', status: 'failed' } });
    const { stdout } = await asked(folder.path, 'show', '');
    const [kind, ...lines] = stdout.trimEnd().split('\n');
    expect(kind).toBe('words');
    expect(lines).toEqual([
      "latest\tdone, 1h ago: 'a\\x1b[31m\\nb' '$(x)'",
      "task-1767323045-10\tdone, 1h ago: 'a\\x1b[31m\\nb' '$(x)'",
      'task-1767323045-9\tfailed, 1h ago: make test',
      'nightly\tdone, 1h ago: make test',
      'task-1767323045-1\tdone, 1h ago: make test',
    ]);
  });

  test('do not include a name that no shell can be given as it is', async () => {
    using folder = temporaryFolder();
    for (const [at, name] of ['a\nb', 'a\x1b[31m', '-f', 'latest', '', 'a\tb'].entries())
      writeTask(join(folder.path, '.agent'), { id: `task-1-${at + 1}`, manifest: { name } });
    const { stdout } = await asked(folder.path, 'show', '');
    const [, ...lines] = stdout.trimEnd().split('\n');
    expect(lines.map((line) => line.split('\t')[0])).toEqual([
      'latest',
      ...[6, 5, 4, 3, 2, 1].map((n) => `task-1-${n}`),
    ]);
  });

  test('are those of the folder on the line, else of ORCH_DIR, else of the nearest .agent', async () => {
    using folder = temporaryFolder();
    for (const [at, name] of ['a', 'b', '.agent'].entries())
      writeTask(join(folder.path, name), { id: `task-${at + 1}-1` });
    const context = { cwd: folder.path, env: { ORCH_DIR: 'b', HOME: folder.path } };
    const ids = async (words: string[], { cwd, env = {} }: { cwd: string; env?: Record<string, string> }) =>
      (await runCli(['complete', 'fish', ...words, 'task-'], { cwd, env })).stdout.match(/task-\d+-1(?=\t)/g);
    expect(await ids(['logs', '--dir', 'a'], context)).toEqual(['task-1-1']);
    expect(await ids(['logs', '--dir', '~/a'], { ...context, cwd: '/' })).toEqual(['task-1-1']);
    expect(await ids(['logs'], context)).toEqual(['task-2-1']);
    expect(await ids(['logs'], { cwd: folder.path })).toEqual(['task-3-1']);
  });
});

describe('the backends on offer', () => {
  test('are those of orch, and of the orch.yml that counts here', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'orch.yml');
    const offered = async () => (await runCli(['complete', 'fish', 'run', '-b', ''], { cwd: folder.path })).stdout;
    const own = await offered();
    expect(own).toMatch(/^words\nclaude\t/);
    writeFileSync(file, 'backends: {mine: {command: [a], summary: "what\\e[31m it is"}}');
    expect(await offered()).toBe(`${own}mine\twhat\\x1b[31m it is\n`);
    writeFileSync(file, 'backends: {mine: {}}');
    expect(await offered()).toBe(own);
  });
});

describe('orch complete', () => {
  test.each([
    [[]],
    [['bash']],
    [['tcsh', 'x']],
    [['fish', 'show', '--dir', '/nonexistent', '']],
    [['fish', 'show', '--dir', '', '']],
    [['bash', "orch show 'x", 'y', 'z']],
    [['--help']],
  ])('%j says nothing on stderr and ends with 0', async (args) => {
    expect(await runCli(['complete', ...args], { cwd: '/' })).toMatchObject({ code: 0, stderr: '' });
    expect(await runCli(['complete', ...args], { cwd: '/', stdoutFails: 'EIO' })).toMatchObject({
      code: 0,
      stderr: '',
    });
  });

  test('a folder of tasks that cannot be read is no tasks', async () => {
    using folder = temporaryFolder();
    writeTask(folder.path, { id: 'task-1-1', manifest: { v: 99 as 1 } });
    const { stdout } = await runCli(['complete', 'zsh', 'show', '--dir', folder.path, ''], { cwd: '/' });
    expect(stdout).toBe('words\nlatest:unreadable\ntask-1-1:unreadable\n');
  });

  test('is in no help', async () => {
    expect((await runCli(['--help'], { cwd: '/' })).stdout).not.toMatch(/^ *complete /m);
  });
});

describe('a line of bash', () => {
  test.each<[string, string[], string]>([
    ['orch show my', ['orch', 'show'], 'my'],
    ['orch show ', ['orch', 'show'], ''],
    ["orch show 'a b", ['orch', 'show'], 'a b'],
    ['orch show "a \\$x" b\\ c', ['orch', 'show', 'a $x'], 'b c'],
    ['orch show a"b"\'c\' d', ['orch', 'show', 'abc'], 'd'],
    ["orch show '' x", ['orch', 'show', ''], 'x'],
    ['orch show $(touch x) y', ['orch', 'show'], '$'],
    ['orch show \\', ['orch', 'show'], ''],
  ])('%s is split as bash would', (line, words, current) => {
    expect(splitLine(line)).toEqual({ words, current });
  });

  test('what is put into it makes the word that was meant, whatever is typed already', () => {
    const head = fc.constantFrom('orch show ', 'orch show "', "orch show '", "orch show a' b'\"c", 'orch --x="');
    fc.assert(
      fc.property(head, fc.string({ unit: 'grapheme' }), (line, text) => {
        const { current } = splitLine(line);
        const put = completionOf(current + text, line, '');
        if (put === undefined) return;
        const closed = ['', "'", '"'].map((quote) => splitLine(`${line}${put}${quote} `).words.at(-1));
        if (text !== '') expect(closed).toContain(current + text);
      }),
    );
  });
});

/** `|` is where the cursor stands. */
function ask(line: string) {
  const words = line.replace('|', '').split(' ');
  return answer(words.slice(0, -1), words.at(-1) ?? '', SOURCES);
}

async function spellings(): Promise<string[]> {
  const commands = await Promise.all(commandTable.map(({ load }) => load()));
  const flags = commands.flatMap(({ options }) => options.map(optionFlags));
  const long = flags.map((flag) => `--${flag.long}`);
  return [...commandTable.map(({ name }) => name), ...long, ...long.map((flag) => `${flag}=`), '-b', '-o', '-s'];
}
