import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onlyTask } from '../fixtures/agent-folder.js';
import { testEnvironment } from '../fixtures/environment.js';
import { ORCH, runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

/** A folder with an orch.yml. */
function folderWith(yaml: string): ReturnType<typeof temporaryFolder> {
  const folder = temporaryFolder();
  writeFileSync(join(folder.path, 'orch.yml'), yaml);
  return folder;
}

describe('a backend of orch.yml', () => {
  const SAVES = `
backends:
  saver:
    command: [sh, -c, 'printf "%s|%s|%s" "$1" "$2" "$WHO" > out', sh, "{prompt}", "--prompt={prompt}"]
    env: { WHO: "$HOME 'x'" }
`;

  test.each([
    'two words',
    '"quotes" and \'quotes\' and `more`',
    'lines\n\nand lines\r\n\tand tabs ',
    '$HOME $(false) ${x} $& $1 \\ \\n %s',
    '--help',
    '- [ ] a task',
    '{prompt} {promptFile} {}',
    'naïve 日本語 🚀 \u202e',
  ])('is given the prompt as it is: %j', async (prompt) => {
    using folder = folderWith(SAVES);
    const { code, stderr } = await runOrch(['run', '-q', '-b', 'saver', '--', prompt], { cwd: folder.path });
    expect([code, stderr]).toEqual([0, '']);
    expect(readFileSync(join(folder.path, 'out'), 'utf8')).toBe(`${prompt}|--prompt=${prompt}|$HOME 'x'`);
    expect(onlyTask(join(folder.path, '.agent')).manifest).toMatchObject({ backend: 'saver', status: 'done' });
  });

  test('is given the file that a prompt is in, and runs where the user is, from below as well', async () => {
    using folder = folderWith('backends:\n  cat: {command: [./show, "{promptFile}"]}\n');
    writeFileSync(join(folder.path, 'show'), '#!/bin/sh\npwd; cat "$1"\n');
    chmodSync(join(folder.path, 'show'), 0o755);
    const below = join(folder.path, 'a b');
    mkdirSync(below);
    writeFileSync(join(below, 'todo.md'), 'x'.repeat(200) + '\n');
    const args = ['run', '-o', 'clean', '--size', '300x24', '-b', 'cat', '--prompt-file', 'todo.md'];
    const { stdout } = await runOrch(args, { cwd: below });
    expect(stdout.toString()).toBe(`${below}\n${'x'.repeat(200)}\n`);
  });

  test('is listed with its file, and is not run to be listed', async () => {
    using folder = folderWith(
      'backends:\n  touch: {command: [touch, ran], summary: makes a file}\n  gone: {command: [no-such-tool], install: "make it"}\n',
    );
    mkdirSync(join(folder.path, 'below'));
    const context = { cwd: join(folder.path, 'below') };
    const json = JSON.parse((await runOrch(['backends', '--json'], context)).stdout.toString()) as { name: string }[];
    expect(json.find(({ name }) => name === 'demo')).toMatchObject({ file: null });
    expect(json.slice(-2)).toMatchObject([
      { name: 'touch', found: true, file: '../orch.yml', version: null, modes: [{ name: 'run' }] },
      { name: 'gone', found: false, file: '../orch.yml', fix: 'make it' },
    ]);
    const table = (await runOrch(['backends'], context)).stdout.toString();
    expect(table).toMatch(/^touch +found +run +makes a file, \/\S+\/touch, \.\.\/orch\.yml$/m);
    expect(table).toMatch(/^gone +missing +run +make it, \.\.\/orch\.yml$/m);
    expect(readdirSync(context.cwd)).toEqual([]);
    const wrong = await runOrch(['run', '-b', 'tuch', 'x'], context);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching(/ tuch .*claude, .*demo, touch, gone;/)]);
  });
});

describe('defaults of orch.yml', () => {
  test('count where no flag is given', async () => {
    using folder = folderWith(`
defaults: { backend: size, size: 91x17, output: none }
backends: { size: { command: [stty, size] } }
`);
    const run = async (...flags: string[]) =>
      (await runOrch(['run', ...flags], { cwd: folder.path })).stdout.toString();
    expect(await run()).toBe('');
    expect(await run('-o', 'clean')).toBe('17 91\n');
    expect(await run('-o', 'clean', '--size', '80x24')).toBe('24 80\n');
    expect(await run('-o', 'clean', '--', 'echo', 'hello')).toBe('hello\n');
    expect(await run('-o', 'clean', '-b', 'demo', '--speed', '0')).toContain('demo agent');
  });

  test("end a backend that is silent for so long as it says, and are the agent's alone", async () => {
    using folder = folderWith(`
defaults: { backend: sleeper, until: DONE, maxIterations: 1 }
backends: { sleeper: { command: [sleep, 600], idleTimeout: 100ms } }
`);
    expect((await runOrch(['run'], { cwd: folder.path })).code).toBe(124);
    expect((await runOrch(['run', '--', 'echo', 'not yet'], { cwd: folder.path })).code).toBe(0);
  });
});

describe('an orch.yml that is wrong', () => {
  const WRONG = 'backends:\n  mine:\n    comand: [x]\n';
  const LINE = /^orch: orch\.yml:3:5: backends\.mine\.comand is not a known key — did you mean command\? [^\n]+\n$/;

  test.each([[['run', '-b', 'demo']], [['run', '--', 'true']], [['backends']]])(
    'ends orch %j with 2, and nothing is made',
    async (args) => {
      using folder = folderWith(WRONG);
      const { code, stdout, stderr } = await runOrch(args, { cwd: folder.path });
      expect([code, stdout.toString(), stderr]).toEqual([2, '', expect.stringMatching(LINE)]);
      expect(readdirSync(folder.path)).toEqual(['orch.yml']);
    },
  );

  test('does not keep anybody from reading what was recorded', async () => {
    using folder = folderWith('');
    await runOrch(['run', '-q', '--', 'echo', 'hello'], { cwd: folder.path });
    writeFileSync(join(folder.path, 'orch.yml'), WRONG);
    expect((await runOrch(['logs', '--backend'], { cwd: folder.path })).stdout.toString()).toBe('hello\n');
    expect((await runOrch(['ls'], { cwd: folder.path })).code).toBe(0);
  });
});

const NOBODY = 65_534;
const canBeNobody = spawnSync(process.execPath, [ORCH, '--version'], { uid: NOBODY, gid: NOBODY }).status === 0;

test.skipIf(!canBeNobody)("another user's orch.yml is not followed", () => {
  using folder = folderWith('defaults: {backend: demo}');
  const own = join(folder.path, 'own');
  mkdirSync(own);
  for (const path of [folder.path, own]) chmodSync(path, 0o777);
  const asNobody = () =>
    spawnSync(process.execPath, [ORCH, 'run', '-q', '--', 'true'], {
      cwd: own,
      env: testEnvironment(),
      uid: NOBODY,
      gid: NOBODY,
      encoding: 'utf8',
    });
  chownSync(join(folder.path, 'orch.yml'), NOBODY - 1, NOBODY - 1);
  expect(asNobody()).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^orch: \.\.\/orch\.yml belongs to/) as string,
  });
  writeFileSync(join(own, 'orch.yml'), '');
  expect(asNobody()).toMatchObject({ status: 0, stderr: '' });
});

test.skipIf(process.getuid?.() !== 0)("root follows nobody else's orch.yml, but for who called sudo", async () => {
  using folder = folderWith('defaults: {backend: mine}\nbackends: {mine: {command: [touch, followed], prompt: none}}');
  const own = join(folder.path, 'own');
  mkdirSync(own);
  chownSync(join(folder.path, 'orch.yml'), NOBODY, NOBODY);
  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => runOrch(args, { cwd: own, env });
  for (const args of [['run', '-q', ''], ['run', '-q', '--', 'true'], ['backends'], ['prune']]) {
    const { code, stderr } = await run(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^orch: \.\.\/orch\.yml belongs to another user, [^\n]* chown it [^\n]*\n$/);
  }
  expect(readdirSync(own)).toEqual([]);
  expect((await run(['backends'], { SUDO_UID: String(NOBODY) })).stdout.toString()).toContain('mine');
  chownSync(join(folder.path, 'orch.yml'), 0, 0);
  symlinkSync(join(folder.path, 'orch.yml'), join(own, 'orch.yml'));
  expect((await run(['backends'])).stdout.toString()).toContain('mine');
  lchownSync(join(own, 'orch.yml'), NOBODY, NOBODY);
  expect((await run(['backends'])).code).toBe(2);
});

test('nothing is loaded to read an orch.yml where there is none', async () => {
  using folder = temporaryFolder();
  const hook = join(folder.path, 'hook.cjs');
  const loaded = join(folder.path, 'loaded');
  const save = `require('node:fs').writeFileSync(${JSON.stringify(loaded)}, Object.keys(require.cache).join('\\n'))`;
  writeFileSync(hook, `if (require('node:worker_threads').isMainThread) process.on('exit', () => ${save});`);
  const run = async () => {
    const env = { NODE_OPTIONS: `--require ${hook}` };
    expect((await runOrch(['run', '-q', '--', 'true'], { cwd: folder.path, env })).code).toBe(0);
    return readFileSync(loaded, 'utf8');
  };
  expect(await run()).not.toMatch(/(yaml|zod)\.js$/m);
  writeFileSync(join(folder.path, 'orch.yml'), 'defaults: {}');
  expect(await run()).toMatch(/command\/yaml\.js$/m);
});

test('the orch.yml of the docs does what it says', async () => {
  const page = readFileSync(new URL('../../docs/orch-yml.md', import.meta.url), 'utf8');
  const [, yaml = ''] = /```yaml\n(.*?)```/s.exec(page) ?? [];
  using folder = folderWith(yaml);
  const bin = join(folder.path, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'mytool'), '#!/bin/sh\nprintf "%s|" "$@" "$MYTOOL_COLOR"; exit 3\n');
  chmodSync(join(bin, 'mytool'), 0o755);
  const env = { PATH: `${bin}:${process.env['PATH'] ?? ''}` };
  const run = await runOrch(['run', '-o', 'clean', 'say "hi"'], { cwd: folder.path, env });
  expect(run.stdout.toString()).toBe('-y|--|say "hi"|always|\n');
  expect(onlyTask(join(folder.path, '.agent')).manifest).toMatchObject({ backend: 'mytool' });
});
