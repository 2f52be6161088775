/**
 * Runs real programs that draw again what they drew, and reads what they printed: `npm run test:programs [-- VITEST-ARGUMENT…]`.
 *
 * What comes from npm is installed into the user's cache, once (0.3 GB); rich and tqdm are Debian's, where they are installed.
 * What cannot be had is skipped, and said. apt's progress is tried where ORCH_PROGRAMS_APT=1 allows root to reinstall a package.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** By exact version: what is expected of them was seen with these. Ink 8 needs the Node 22 that comes with them. */
const PACKAGES = { ink: '8.0.0', react: '19.3.1', node: '22.23.3', typescript: '6.0.3', vitest: '4.1.12' };

const packages = installedPackages();
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', '--config', 'vitest.programs.config.ts', ...process.argv.slice(2)],
  { stdio: 'inherit', env: { ...process.env, ...(packages !== undefined && { ORCH_PROGRAMS: packages }) } },
);
process.exitCode = status ?? 1;

/** Where they are; undefined where they are not there and cannot be installed. */
function installedPackages(): string | undefined {
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'orch-programs');
  const folder = join(cache, Object.values(PACKAGES).join('-'));
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  // Under another name until it is whole: an installation that was interrupted is not taken for one.
  const half = mkdtempSync(join(cache, 'installing-'));
  try {
    writeFileSync(join(half, 'package.json'), JSON.stringify({ private: true, dependencies: PACKAGES }));
    execFileSync('npm', ['install', '--no-audit', '--no-fund'], { cwd: half, stdio: 'inherit' });
    execFileSync(join(half, 'node_modules', 'node', 'bin', 'node'), ['--version']);
    renameSync(half, folder);
    return folder;
  } catch (error) {
    console.error(`What comes from npm is skipped: ${error instanceof Error ? error.message : String(error)}`);
    rmSync(half, { recursive: true, force: true });
    return undefined;
  }
}
