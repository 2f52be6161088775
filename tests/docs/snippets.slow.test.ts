import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { configSchema } from '../../src/config/config-shape.js';
import { readPrompts } from '../../src/config/prompts-file.js';
import { configOf } from '../config/read.js';
import { withDeadline } from '../fixtures/deadline.js';
import { testEnvironment } from '../fixtures/environment.js';
import { runOrch } from '../fixtures/run-orch.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { fences } from './fences.js';
import { World } from './world.js';

const all = fences();
const ofLanguage = (...languages: readonly string[]) => all.filter(({ language }) => languages.includes(language));

/** Where another code than 0 is right: the task has ended, waits for nothing any more, and has no terminals. */
const EXIT_CODES: Readonly<Record<string, number>> = {
  'orch wait fix-tests --for waiting --timeout 10m': 1,
  'orch detach fix-tests': 2,
  'orch send fix-tests "now the docs"': 2,
  'git diff HEAD~1 | orch send fix-tests -': 2,
  'orch send fix-tests --answer --keys 1': 2,
  'orch send explain --answer --keys 1': 2,
  'orch send fix-tests --keys ctrl-c': 2,
  'orch send fix-tests "and the docs" --wait idle': 2,
  // The tasks there are of commands, which have no session.
  'orch resume fix-tests': 2,
  'orch resume latest "now the docs"': 2,
  'orch resume -d latest "go on"': 2,
};
/** Lines for a person at a terminal, which there is none of here. That they are understood is seen by what they ask for. */
const OF_A_TERMINAL = /^orch attach\b/;
/** Lines that go on until Ctrl-C, whatever is recorded meanwhile. */
const ENDLESS = ['orch logs -f -A'];

test('every block of code says what it is, so that it is tried', () => {
  expect(all.length).toBeGreaterThan(60);
  const others = all.filter(({ language }) => !['sh', 'text', 'ts', 'yaml', 'json'].includes(language));
  expect(others.map(({ page, line, language }) => `${page}:${line} ${language}`)).toEqual([]);
});

describe('a line for the shell', () => {
  const folder = temporaryFolder();
  let world: World;
  beforeAll(async () => {
    world = await World.prepared(folder.path, ofLanguage('yaml'));
  }, 120_000);
  afterAll(() => {
    folder[Symbol.dispose]();
  });

  const lines = ofLanguage('sh').flatMap(({ page, line, code }) =>
    code.split('\n').flatMap((text, at) => {
      const command = text.replace(/\s+# .*$/, '');
      return command === '' || command.startsWith('#') ? [] : [{ page, at: line + at, command }];
    }),
  );
  const byPage = [...new Set(lines.map(({ page }) => page))].map(
    (page) => [page, lines.filter((line) => line.page === page)] as const,
  );

  test.each(byPage)('of %s does what it says', { timeout: 240_000 }, async (page, commands) => {
    const name = page.replaceAll('/', '-');
    world.copy(name);
    for (const { at, command } of commands) {
      const place = `${page}:${at} ${command}`;
      if (isOfTheProject(command)) continue;
      if (ENDLESS.includes(command)) expect([place, await interrupted(world, name, command)]).toEqual([place, 130]);
      else if (OF_A_TERMINAL.test(command))
        expect([place, await world.run(command, name)]).toEqual([
          place,
          expect.objectContaining({
            code: 2,
            stderr: expect.stringContaining('orch attach needs a terminal') as string,
          }),
        ]);
      else {
        const { code, stderr } = await world.run(command, name);
        expect([place, code, stderr]).toEqual([place, EXIT_CODES[command] ?? 0, expect.any(String)]);
        expect([place, stderr]).not.toEqual([place, expect.stringMatching(/--help|did you mean/)]);
      }
    }
  });

  /** What a clone is installed, built and tested with is there; it is not done here. */
  function isOfTheProject(command: string): boolean {
    const parts = command.split(' && ');
    if (!parts.every((part) => /^(?:npm|npx|\.ci\/run)\b/.test(part))) return false;
    for (const part of parts) {
      const [, script] = /^npm (?:run )?([\w:]+)/.exec(part) ?? [];
      const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
      if (script !== undefined && !['ci', 'install'].includes(script)) expect(Object.keys(scripts)).toContain(script);
      if (part.startsWith('.ci/run')) expect(existsSync(join(ROOT, '.ci/run'))).toBe(true);
    }
    return true;
  }
});

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The exit code of a line that follows, at Ctrl-C when it has shown what a task prints that runs meanwhile. */
async function interrupted(world: World, name: string, command: string): Promise<number | null> {
  const options = { cwd: world.cwd(name), env: testEnvironment(world.env(name)) };
  const task = spawn('bash', ['-c', "exec orch run -q -- sh -c 'echo running meanwhile; exec sleep 1000'"], {
    ...options,
    stdio: 'ignore',
  });
  const child = spawn('bash', ['-c', `exec ${command}`], { ...options, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = [once(task, 'close'), once(child, 'close')] as const;
  try {
    let shown = '';
    const isShown = new Promise<void>((resolve) => {
      child.stdout.on('data', (bytes: Buffer) => {
        shown += bytes.toString();
        if (shown.includes('running meanwhile')) resolve();
      });
    });
    await withDeadline(isShown, () => shown);
    child.kill('SIGINT');
    const [code] = (await withDeadline(ended[1], () => shown)) as [number | null];
    return code;
  } finally {
    child.kill('SIGKILL');
    task.kill('SIGTERM');
    await Promise.all(ended);
  }
}

test('an orch.yml is accepted by orch, and by editors', () => {
  const accepts = new Ajv({ unknownFormats: ['regex'] }).compile(configSchema());
  const documents = ofLanguage('yaml').filter(({ code }) => !/^# \S+\.yml\n/.test(code));
  expect(documents.length).toBeGreaterThan(0);
  for (const { code } of documents) {
    expect(() => configOf(code)).not.toThrow();
    expect([accepts(parse(code)), accepts.errors]).toEqual([true, null]);
  }
});

test('a file of prompts is accepted', () => {
  const files = ofLanguage('yaml').filter(({ code }) => /^# \S+\.yml\n/.test(code));
  expect(files.length).toBeGreaterThan(0);
  using folder = temporaryFolder();
  for (const [at, { code }] of files.entries()) {
    const path = join(folder.path, `${at}.yml`);
    writeFileSync(path, code);
    expect(readPrompts(path).length).toBeGreaterThan(1);
  }
});

test('JSON is JSON', () => {
  for (const { code } of ofLanguage('json')) for (const line of code.trim().split('\n')) JSON.parse(line);
});

test('every flag that a page names is one that orch has, and the README is one screen', async () => {
  const { stdout } = await runOrch(['man']);
  const known = new Set(stdout.toString().match(/(?<![\w-])--[a-z][a-z-]+/g));
  const ours = all
    .filter(({ language }) => language === 'sh')
    .flatMap(({ page, code }) =>
      code.split('\n').flatMap((line) => {
        const own = /\borch\b[^|>#]*/.exec(line.replace(/ -- .*$/, ''))?.[0] ?? '';
        return (own.match(/(?<![\w-])--[a-z][a-z-]+/g) ?? []).map((flag) => ({ page, flag }));
      }),
    );
  expect(ours.length).toBeGreaterThan(40);
  expect(ours.filter(({ flag }) => !known.has(flag) && flag !== '--version')).toEqual([]);
  expect(readFileSync(join(ROOT, 'README.md')).length).toBeLessThanOrEqual(6 * 1024);
});
