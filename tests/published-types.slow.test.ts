import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { fences } from './docs/fences.js';
import { runPiped } from './fixtures/run-orch.js';
import { temporaryFolder } from './fixtures/temporary-folder.js';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const INSTALL_MS = 120_000;

/** What the docs show of the library, each a program of its own. */
const examples = (): readonly string[] =>
  fences()
    .filter(({ language }) => language === 'ts')
    .map(({ code }) => code);

/** The package as npm would install it, and its dependencies; nothing else, and above all no @types/node. */
function install(folder: string): void {
  const packed = spawnSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect(packed.status).toBe(0);
  const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
  expect(spawnSync('tar', ['xzf', filename], { cwd: folder }).status).toBe(0);
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  cpSync(join(folder, 'package'), join(modules, 'orch-pty'), { recursive: true });
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  for (const name of Object.keys(dependencies)) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  for (const [at, code] of examples().entries()) writeFileSync(join(folder, `example-${at}.ts`), code);
  writeFileSync(
    join(folder, 'all.ts'),
    [
      "export * from 'orch-pty';",
      "export * as client from 'orch-pty/client';",
      "export * as pty from 'orch-pty/pty';",
      "export * as render from 'orch-pty/render';",
      '',
    ].join('\n'),
  );
}

const SETTINGS = [
  ['NodeNext', { module: 'nodenext' }],
  ['a bundler', { module: 'esnext', moduleResolution: 'bundler' }],
] as const;

describe.each(['5.9.3', '6.0.3', '7.0.2'])('with TypeScript %s', (version) => {
  test('the examples of the docs, and all that is published, compile strictly and without any other types', {
    timeout: 2 * INSTALL_MS,
  }, async (context) => {
    using folder = temporaryFolder();
    const compiler = join(folder.path, 'compiler');
    mkdirSync(compiler);
    const got = spawnSync(
      'npm',
      ['install', '--prefix', compiler, '--prefer-offline', '--no-audit', '--no-fund', `typescript@${version}`],
      {
        timeout: INSTALL_MS,
        encoding: 'utf8',
      },
    );
    context.skip(got.status !== 0, `typescript@${version} cannot be had from the registry here`);
    install(folder.path);
    expect(examples().length).toBeGreaterThan(1);
    for (const [name, modules] of SETTINGS) {
      const compilerOptions = { ...modules, strict: true, target: 'es2023', noEmit: true, skipLibCheck: false };
      writeFileSync(join(folder.path, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
      const tsc = join(compiler, 'node_modules', 'typescript', 'bin', 'tsc');
      const { code, stdout, stderr } = await runPiped(process.execPath, [tsc, '-p', folder.path], {
        cwd: folder.path,
        deadlineMs: INSTALL_MS,
      });
      expect([name, stdout.toString(), stderr, code]).toEqual([name, '', '', 0]);
    }
  });
});
