import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { writeTask } from '../fixtures/recorded-task.js';
import { ORCH, runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openTerminal, type TestTerminal } from '../fixtures/terminal.js';

/** Names by what one types to get them. A shell must hand each on as it is, and do nothing else with it. */
const NAMES: Readonly<Record<string, string>> = {
  spa: 'spaces in  it',
  quo: `quo"te'd`,
  sub: 'sub$(touch evil)`touch evil`${x}',
  ope: 'ope;touch evil|touch evil&>evil<(touch evil)#',
  glo: 'glo*?[a-z]{a,b}~!!!$ \\\\:colon=',
  wid: 'wide 你好 é',
  '\\~hom': '~home',
};

/** Lines that would do harm if a TAB ran any of it. */
const NOT_YET = [
  'show $(touch evil)',
  'show "$(touch evil)" ',
  'logs -S `touch evil` s',
  'logs --dir $(touch evil) n',
  'run $(touch evil)',
  'render `touch evil`s',
  'run -- $(touch evil) s',
  'run -- cat $(touch evil) s',
];

interface Shell {
  readonly name: string;
  readonly args: readonly string[];
  /** `say WORDS…` prints its last word in angle brackets, and is completed as orch is. */
  readonly setup: (script: string) => string;
}

const SHELLS: readonly Shell[] = [
  {
    name: 'bash',
    args: ['--norc', '--noprofile', '-i'],
    setup: (script) => `. '${script}'; say() { printf '<%s>\\n' "\${@:\$#}"; }; complete -o default -F _orch say`,
  },
  {
    // As it comes, TAB in zsh expands the word first: a $(…) in it is run, whichever command it is for.
    name: 'zsh',
    args: ['-f', '-i'],
    setup: (script) =>
      `autoload -Uz compinit; compinit -D -u; bindkey '^I' complete-word; . '${script}'; say() { printf '<%s>\\n' "\${@[-1]}" }; compdef _orch say`,
  },
  {
    name: 'fish',
    args: ['--no-config', '--interactive', '--private'],
    setup: (script) => `source '${script}'; function say; printf '<%s>\\n' $argv[-1]; end; complete -c say -w orch`,
  },
];

const home = temporaryFolder();
afterAll(() => {
  home[Symbol.dispose]();
});
mkdirSync(join(home.path, 'bin'));
symlinkSync(ORCH, join(home.path, 'bin', 'orch'));

describe.each(SHELLS)('completion in $name (skipped where it is not installed)', ({ name, args, setup }) => {
  const missing = spawnSync(name, ['--version']).status !== 0;
  const script = join(home.path, `script.${name}`);

  async function open(cwd: string): Promise<AsyncDisposable & { enter(line: string): Promise<string> }> {
    writeFileSync(script, (await runOrch(['completion', name])).stdout);
    const env = { PATH: `${join(home.path, 'bin')}:${process.env['PATH'] ?? ''}`, HOME: home.path, PS1: '$ ' };
    const terminal: TestTerminal = openTerminal(name, args, { cwd, env, cols: 200, rows: 50 });
    await terminal.type(`${setup(script)}; echo rea""dy\r`);
    await terminal.waitFor('ready');
    return {
      async enter(line) {
        const before = terminal.bytes.length;
        await terminal.type(`${line}\r`);
        await terminal.waitFor(/<[^\r\n]*>\r?\n/);
        const found = /<([^\r\n]*)>\r?\n/.exec(terminal.bytes.subarray(before).toString());
        return found?.[1] ?? '';
      },
      [Symbol.asyncDispose]: () => terminal[Symbol.asyncDispose](),
    };
  }

  test.skipIf(missing)('TAB completes commands, flags, their values, tasks and files', async () => {
    using folder = temporaryFolder();
    writeTask(join(folder.path, '.agent'), { manifest: { name: 'nightly' } });
    writeTask(join(folder.path, 'else where'), { manifest: { name: 'weekly' } });
    writeFileSync(join(folder.path, 'session 1.cast'), '');
    await using shell = await open(folder.path);
    expect(await shell.enter('say compl\t')).toBe('completion');
    expect(await shell.enter('say logs --exit\t')).toBe('--exit-on-done');
    expect(await shell.enter('say logs --timestamps=sh\t')).toBe('--timestamps=short');
    expect(await shell.enter('say run --backend o\t')).toBe('opencode');
    expect(await shell.enter('say show ni\t')).toBe('nightly');
    expect(await shell.enter('say logs --task=task-\t')).toBe('--task=task-1767323045-1');
    expect(await shell.enter('say render ses\t')).toBe('session 1.cast');
    expect(await shell.enter('say logs --cursor=ses\t')).toBe('--cursor=session 1.cast');
    expect(await shell.enter('say logs --dir els\t')).toMatch(/^else where\/?$/);
    expect(await shell.enter('say logs --dir=els\t')).toMatch(/^--dir=else where\/?$/);
    expect(await shell.enter('say logs --dir ses\t')).toBe('ses');
    expect(await shell.enter("say logs --dir 'else where' we\t")).toBe('weekly');
    expect(await shell.enter('say run -q -- prin\t')).toMatch(/^print/);
    expect(await shell.enter('say run -q -- cat ses\t')).toBe('session 1.cast');
  });

  test.skipIf(missing)('a name is handed on as it is, whatever is in it', async () => {
    using folder = temporaryFolder();
    for (const [at, task] of [...Object.values(NAMES), 'new\nline; touch evil', '$(touch evil)'].entries())
      writeTask(join(folder.path, '.agent'), { id: `task-1-${at + 1}`, manifest: { name: task, argv: [task] } });
    await using shell = await open(folder.path);
    for (const [typed, task] of Object.entries(NAMES)) expect(await shell.enter(`say show ${typed}\t`)).toBe(task);
    for (const typed of ['spa', 'quo', 'sub', 'ope', 'wid'])
      for (const quote of ["'", '"'])
        expect(await shell.enter(`say show ${quote}${typed}\t`), `${quote}${typed}`).toBe(NAMES[typed]);
    // Lists everything there is, and does no more with it.
    expect(await shell.enter('say show \t\t\x15say x')).toBe('x');
    expect(await shell.enter('say show new\t')).toBe('new');
    // Nor is what has been typed run before its time.
    for (const typed of NOT_YET) expect(await shell.enter(`say ${typed}\t\x15say x`), typed).toBe('x');
    expect(readdirSync(folder.path)).toEqual(['.agent']);
  });
});

test('a shell that has no orch any more completes nothing, quietly', () => {
  const script = execFileSync(process.execPath, [ORCH, 'completion', 'bash']).toString();
  const { stdout, stderr } = spawnSync(
    'bash',
    [
      '-c',
      `${script}\nPATH=/nowhere COMP_LINE='orch sh' COMP_POINT=7 COMP_WORDS=(orch sh) COMP_CWORD=1; _orch orch sh orch
     echo "\${#COMPREPLY[@]}"; complete -p orch`,
    ],
    { encoding: 'utf8' },
  );
  expect([stdout, stderr]).toEqual(['0\ncomplete -o default -F _orch orch\n', '']);
});
