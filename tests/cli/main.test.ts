import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseWithErrors } from '../../src/cli/options/parse-with-errors.js';
import type { Command, ParsedLine } from '../../src/cli/options/command.js';
import { COMMAND_HABITS, OPTION_HABITS } from '../../src/cli/options/habits.js';
import { commandTable } from '../../src/cli/command-table.js';
import { splitLine } from '../../src/cli/completion/shell-words.js';
import { optionFlags } from '../../src/settings/option-flags.js';
import { parse } from '../../src/cli/options/parse.js';
import { runCli } from '../fixtures/cli.js';
import { runs } from '../fixtures/runs.js';

const HERE = { cwd: '/' };

describe('asking for help', () => {
  test.each([[[]], [['--help']], [['-h']], [['help']]])('orch %j lists the commands', async (argv) => {
    const { code, stdout, stderr } = await runCli(argv, HERE);
    expect([code, stderr]).toEqual([0, '']);
    for (const { name, summary } of commandTable) expect(stdout).toMatch(new RegExp(`${name} +${summary}`));
  });

  test.each(commandTable.map(({ name }) => name))('orch %s --help shows its flags and examples', async (name) => {
    const { code, stdout } = await runCli([name, '--help'], HERE);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Usage: orch ${name} `));
    expect(stdout).toContain('Examples:\n  orch ');
    expect(await runCli(['help', name], HERE)).toMatchObject({ code: 0, stdout });
  });

  test('every help fits into 80 columns', async () => {
    for (const argv of [[], ...commandTable.map(({ name }) => [name])]) {
      const { stdout } = await runCli([...argv, '--help'], HERE);
      for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    }
  });

  test('every example is a line its command understands', async () => {
    const lines: string[] = [];
    for (const { name, load } of commandTable) {
      const command = await load();
      for (const { line } of command.examples) {
        const own = splitLine(line.replace(/^.*?(?=\borch )/, ''));
        const [orch, called, ...args] = own.current === '' ? own.words : [...own.words, own.current];
        expect([orch, called], line).toEqual(['orch', name]);
        expect(parseWithErrors(command, args), line).not.toHaveProperty('help');
        lines.push(line);
      }
    }
    expect(new Set(lines).size).toBe(lines.length);
    expect(lines.length).toBeGreaterThan(commandTable.length);
  });

  test('the table and each command say the same of it', async () => {
    for (const { name, summary, load } of commandTable) expect(await load()).toMatchObject({ name, summary });
  });

  test.each(['--version', '-V'])('orch %s prints the version alone', async (flag) => {
    expect((await runCli([flag], HERE)).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('a mistake on the command line', () => {
  test.each([
    [['lgos'], "orch: unknown command 'lgos' — did you mean logs? Else see: orch --help\n"],
    [['xyzzy'], "orch: unknown command 'xyzzy' — see: orch --help\n"],
    [['help', 'xyzzy'], "orch: unknown command 'xyzzy' — see: orch --help\n"],
    [['--versoin'], "orch: unknown option '--versoin' — did you mean --version? Else see: orch --help\n"],
    [['ls', '--jsn'], "orch: unknown option '--jsn' — did you mean --json? Else see: orch ls --help\n"],
    [['ls', '-x'], "orch: unknown option '-x' — see: orch ls --help\n"],
    [['ls', 'extra'], "orch: orch ls takes no 'extra' — see: orch ls --help\n"],
    [['ls', '--dir'], "orch: option '--dir <folder>' argument missing — see: orch ls --help\n"],
    [['ls', '--dir='], 'orch: --dir is empty — name a folder, or leave it out\n'],
    [
      ['ls', '--color', 'pink'],
      "orch: option '--color <when>' argument 'pink' is invalid. Allowed choices are auto, always, never. — see: orch ls --help\n",
    ],
    [['run', '-q', '-o', 'clean', 'hello'], 'orch: --quiet and --output clean exclude each other — give one of them\n'],
    [['logs', '-o', 'raw', '--no-ansi'], 'orch: -o raw and --no-ansi exclude each other — leave one out\n'],
    [['ls', '--\x1b]0;title\x07'], "orch: unknown option '--\\x1b]0;title\\x07' — see: orch ls --help\n"],
  ])('orch %j is one clear line and exit 2', async (argv, line) => {
    expect(await runCli(argv, HERE)).toMatchObject({ code: 2, stdout: '', stderr: line });
  });

  test.each([
    [['kill', 'it'], "orch: unknown command 'kill' — orch stop TASK ends a task\n"],
    [['ps', '-a'], "orch: unknown command 'ps' — orch ls lists the tasks and how they are doing\n"],
    [['tail', '-f', 'it'], "orch: unknown command 'tail' — orch logs -f TASK prints what a task prints, live\n"],
    [['help', 'tail'], "orch: unknown command 'tail' — orch logs -f TASK prints what a task prints, live\n"],
    [['kill-session', '-t', 'it'], "orch: unknown command 'kill-session' — orch stop TASK ends a task\n"],
    [['rm', '-f', 'it'], "orch: unknown option '-f' — --stop ends those that run first\n"],
    [
      ['stop', '-t', '3', 'it'],
      "orch: unknown option '-t' — --kill-after TIME is the time between SIGTERM and SIGKILL\n",
    ],
    [['attach', '-t', 'it'], "orch: unknown option '-t' — name the task alone: orch attach TASK\n"],
  ])('orch %j, in the words of another program, is answered with those of orch', async (argv, line) => {
    expect(await runCli(argv, HERE)).toMatchObject({ code: 2, stdout: '', stderr: line });
  });

  test.each(['-it', '-ti', '-i', '-t', '-dit', '-itd', '--interactive', '--tty', '--tty=true'])(
    'orch run %s says how one types to an agent, and behind -- it is the command’s',
    async (flag) => {
      const { code, stderr } = await runCli(['run', flag, '--', 'true'], HERE);
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(/^orch: unknown option '-\S+' — leave it out: .*: orch attach\n$/),
      ]);
      const run = (await commandTable.find(({ name }) => name === 'run')?.load()) as Command;
      expect(parse(run, ['--', 'docker', 'run', flag])).toMatchObject({ rest: ['docker', 'run', flag] });
    },
  );

  test('orch run --rm says what removes a recording', async () => {
    for (const flag of ['--rm', '--rm=true']) {
      const { code, stderr } = await runCli(['run', flag, 'fix it'], HERE);
      expect([code, stderr]).toEqual([2, expect.stringMatching(/^orch: unknown option '--rm.*orch rm TASK/)]);
    }
  });

  test('no word that is answered so is one of orch, and each answer names a command that is', async () => {
    const names = commandTable.map(({ name }) => name);
    for (const { words, instead } of COMMAND_HABITS) {
      const [, named] = /^orch (\S+)/.exec(instead) ?? [];
      expect([...names, '--version'], instead).toContain(named);
      for (const word of words) expect(names).not.toContain(word);
    }
    for (const [name, habits] of OPTION_HABITS) {
      const command = await commandTable.find((entry) => entry.name === name)?.load();
      const own = command?.options.map(optionFlags) ?? [];
      const spelled = own.flatMap(({ long, short }) => [`--${long}`, ...(short === undefined ? [] : [`-${short}`])]);
      expect(spelled, name).not.toEqual([]);
      for (const { option } of habits) expect(spelled.filter((flag) => option.test(flag))).toEqual([]);
    }
  });

  test('with ORCH_DEBUG=1 it also says where in the code', async () => {
    const { stderr } = await runCli(['ls', '--jsn'], { ...HERE, env: { ORCH_DEBUG: '1' } });
    expect(stderr).toMatch(/^orch: unknown option .*\nOrchError: unknown option .*\n +at /);
  });
});

describe('parsing', () => {
  test('the quick and the careful parser agree on every line the quick one understands', async () => {
    const commands = await Promise.all(commandTable.map(({ load }) => load()));
    let understood = 0;
    fc.assert(
      fc.property(fc.constantFrom(...commands).chain(lineFor), ([command, args]) => {
        const quick = parse(command, args);
        if (quick === undefined) return;
        understood++;
        expect(contentOf(command, parseWithErrors(command, args))).toEqual(contentOf(command, quick));
      }),
      { numRuns: runs(2000) },
    );
    expect(understood).toBeGreaterThan(runs(300));
  });

  test('what follows -- is never an option', async () => {
    const run = (await commandTable.find(({ name }) => name === 'run')?.load()) as Command;
    expect(parse(run, ['-q', '--', 'sh', '-c', '--', '-q'])).toMatchObject({
      operands: [],
      rest: ['sh', '-c', '--', '-q'],
    });
    expect(parse(run, ['--'])).toMatchObject({ operands: [], rest: [] });
    expect(parse(run, ['a', 'b'])).toMatchObject({ operands: ['a', 'b'], rest: undefined });
    const show = (await commandTable.find(({ name }) => name === 'show')?.load()) as Command;
    expect(parse(show, ['--', '-q'])).toMatchObject({ operands: ['-q'], rest: undefined });
  });
});

/** A command and a line made of its own flags, values, and things that are neither. */
function lineFor(command: Command): fc.Arbitrary<[Command, string[]]> {
  const flags = command.options.map(optionFlags);
  const spellings = flags.flatMap(({ long, short }) =>
    short === undefined ? [`--${long}`] : [`--${long}`, `-${short}`],
  );
  const value = fc.constantFrom(
    ...command.options.flatMap(({ choices }) => choices ?? []),
    'x',
    '',
    '-',
    '5',
    '-5',
    'a=b',
    '--',
    '-x',
  );
  const flag = fc.constantFrom('--help', ...spellings);
  const argument = fc.oneof(
    flag,
    value,
    fc.tuple(flag, value).map(([name, text]) => `${name}=${text}`),
    fc.tuple(flag, value).map(([name, text]) => `${name}${text}`),
  );
  return fc.tuple(fc.constant(command), fc.array(argument, { maxLength: 5 }));
}

function contentOf(command: Command, line: ParsedLine | { readonly help: string }) {
  if ('help' in line) return line;
  const options = command.options
    .map(optionFlags)
    .map(({ long }) => [long, line.options.has(long), line.options.text(long)]);
  return { operands: line.operands, rest: line.rest, options };
}
