import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { testEnvironment } from '../fixtures/environment.js';
import { ORCH, runOrch, runPiped } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { openTerminal } from '../fixtures/terminal.js';

/** Both are npm packages: `npm install bun deno` in any folder whose node_modules/.bin is on PATH. */
const RUNTIMES = [
  { name: 'Bun', file: 'bun', args: [] },
  { name: 'Deno', file: 'deno', args: ['run', '--allow-all'] },
].map((runtime) => ({
  ...runtime,
  isThere: spawnSync(runtime.file, ['--version'], { env: testEnvironment() }).status === 0,
}));

/** Some thirty starts of a program, on a machine that has others to do. */
const READING_MS = 300_000;

for (const { name, file, args, isThere } of RUNTIMES) {
  const title = isThere ? name : `${name}, which is not installed here`;
  const runHere = (folder: string, ...words: readonly string[]): ReturnType<typeof runPiped> =>
    runPiped(file, [...args, ORCH, ...words], { cwd: folder });

  describe.skipIf(!isThere).concurrent(`under ${title}`, () => {
    test('orch run starts nothing, makes nothing, and says what to run it with', async () => {
      using folder = temporaryFolder();
      writeFileSync(join(folder.path, 'todo.yml'), '- command: [touch, started]\n');
      for (const what of [
        ['--', 'touch', 'started'],
        ['-b', 'demo'],
        ['--prompts', 'todo.yml'],
      ]) {
        const { code, stdout, stderr } = await runHere(folder.path, 'run', ...what);
        expect([code, stdout.toString()]).toEqual([1, '']);
        expect(stderr).toMatch(
          new RegExp(
            `^orch: no pseudo-terminal can be opened: this is ${name} [\\d.]+, .* — run it with Node [^\\n]*\\n$`,
          ),
        );
      }
      expect(existsSync(join(folder.path, 'started'))).toBe(false);
      expect(existsSync(join(folder.path, '.agent'))).toBe(false);
    });

    test(
      'recordings are read as under Node',
      async () => {
        using folder = temporaryFolder();
        const script = String.raw`printf '\033[31mred\033[0m\n'; seq 100; printf 'half\rwhole line\n'`;
        await runOrch(['run', '-q', '--', 'sh', '-c', script], { cwd: folder.path });
        for (const words of [
          ['ls', '--json'],
          ['show', 'latest', '--json'],
          ['logs', 'latest'],
          ['logs', 'latest', '-n', '3', '-o', 'json'],
          ['logs', 'latest', '--screen'],
          ['search', 'red'],
          ['replay', 'latest', '--speed', '100'],
          ['verify', '-A'],
          ['backends', '--json'],
          ...['text', 'svg', 'asciicast-v3'].map((format) => ['export', 'latest', '-f', format, '-o', '-']),
        ]) {
          const node = await runOrch(words, { cwd: folder.path });
          const here = await runHere(folder.path, ...words);
          expect([words, here.code, here.stderr]).toEqual([words, node.code, node.stderr]);
          expect([words, here.stdout.equals(node.stdout)]).toEqual([words, true]);
        }
        // Packed by the runtime's own zlib: the bytes may be others.
        for (const format of ['html', 'png', 'gif', 'tar'])
          expect((await runHere(folder.path, 'export', 'latest', '-f', format, '-o', `it.${format}`)).code).toBe(0);
      },
      READING_MS,
    );

    test('a file that another recorder made is rendered, imported and exported', async () => {
      using folder = temporaryFolder();
      writeFileSync(
        join(folder.path, 'a.cast'),
        '{"version":2,"width":80,"height":24}\n[0.1,"o","one\\r\\n"]\n[0.2,"o","two\\r\\n"]\n',
      );
      expect((await runHere(folder.path, 'render', 'a.cast')).stdout.toString()).toBe('one\ntwo\n');
      expect((await runHere(folder.path, 'import', 'a.cast')).code).toBe(0);
      expect((await runHere(folder.path, 'export', 'latest', '-f', 'text', '-o', 'a.txt')).code).toBe(0);
      expect(readFileSync(join(folder.path, 'a.txt'), 'utf8')).toBe('one\ntwo\n');
    });

    test('a replay takes keys on a terminal and gives it back, and long output goes to a pager', async () => {
      using folder = temporaryFolder();
      await runOrch(['run', '-q', '--', 'seq', '100'], { cwd: folder.path });
      await using replay = openTerminal(file, [...args, ORCH, 'replay', 'latest', '--loop'], { cwd: folder.path });
      await replay.waitFor(/100/);
      await replay.type('q');
      expect(await replay.end()).toEqual({ code: 0 });
      const env = { PAGER: 'sed -n s/^100/paged:/p' };
      await using logs = openTerminal(file, [...args, ORCH, 'logs', 'latest'], { cwd: folder.path, env });
      expect(await logs.end()).toEqual({ code: 0 });
      expect(logs.bytes.toString()).toContain('paged:\r\n');
    });
  });
}
