/**
 * Runs real agents under the built orch: `npm run test:agents [-- VITEST-ARGUMENT…]`.
 *
 * The agents are installed from npm into the user's cache, once (2 GB), and then run where there is no network but the
 * machine with itself, so that no word of theirs gets out. Where that cannot be had, it says why and ends with 0.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { AGENTS, PROGRAMS } from '../tests/agents/versions.js';

/** A namespace whose only interface is loopback, which nobody has set up yet. As another user than root it takes one of users, too. */
const APART = ['--net', ...(process.getuid?.() === 0 ? [] : ['--map-root-user'])];

/** SIOCSIFFLAGS with IFF_UP and IFF_RUNNING, where there is no iproute2. */
const BY_IOCTL = `perl -e '$up = pack("a16 s x22", "lo", 0x41); socket(S, 2, 1, 0); ioctl(S, 0x8914, $up) or die'`;
const LOOPBACK_UP = `ip link set lo up 2>/dev/null || ${BY_IOCTL}`;

process.exitCode = main(process.argv.slice(2));

function main(args: readonly string[]): number {
  if (!succeeds('unshare', [...APART, 'sh', '-c', LOOPBACK_UP])) {
    return skip('a network namespace of its own cannot be had here (unshare(1) from util-linux, as root)');
  }
  const bin = installedAgents();
  if (bin === undefined) return skip('the agents cannot be installed from npm: see above');
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
  const tests = [process.execPath, vitest, 'run', '--config', 'vitest.agents.config.ts', ...args];
  const { status } = spawnSync('unshare', [...APART, 'sh', '-c', `(${LOOPBACK_UP}) && exec "$@"`, 'sh', ...tests], {
    stdio: 'inherit',
    env: { ...process.env, ORCH_AGENTS_BIN: bin },
  });
  return status ?? 1;
}

function skip(why: string): number {
  console.log(`skipped: ${why}`);
  return 0;
}

function succeeds(file: string, args: readonly string[]): boolean {
  return spawnSync(file, args, { stdio: 'ignore' }).status === 0;
}

/** Where the agents are; undefined where they are not there and cannot be installed. */
function installedAgents(): string | undefined {
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'orch-agents');
  const folder = join(cache, Object.values(AGENTS).join('-'));
  const bin = join('node_modules', '.bin');
  if (existsSync(folder)) return join(folder, bin);
  mkdirSync(cache, { recursive: true });
  // Under another name until it is whole: an installation that was interrupted is not taken for one.
  const half = mkdtempSync(join(cache, 'installing-'));
  try {
    writeFileSync(join(half, 'package.json'), JSON.stringify({ private: true, dependencies: AGENTS }));
    execFileSync('npm', ['install', '--no-audit', '--no-fund'], { cwd: half, stdio: 'inherit' });
    // Their native programs are put into place by scripts of theirs, which npm may be set not to run. Some need the Node beside them.
    const PATH = [join(half, bin), process.env['PATH'] ?? ''].join(delimiter);
    for (const agent of PROGRAMS)
      execFileSync(join(half, bin, agent), ['--version'], { env: { ...process.env, PATH } });
    renameSync(half, folder);
    return join(folder, bin);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    rmSync(half, { recursive: true, force: true });
    return undefined;
  }
}
