import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Where `npm run test:programs` has installed what comes from npm; undefined where it was not asked for. */
const packages = process.env['ORCH_PROGRAMS'];

/** A file of an installed package, to be run with Node 22. */
export function packageFile(...path: readonly string[]): string {
  return join(packages ?? '', 'node_modules', ...path);
}

export const hasPackages = packages !== undefined;

/** The Python that has Debian's modules; undefined where it has not all of `modules`. */
export function pythonWith(...modules: readonly string[]): string | undefined {
  const python = '/usr/bin/python3';
  const { status } = spawnSync(python, ['-c', `import ${modules.join(', ')}`], { stdio: 'ignore' });
  return status === 0 ? python : undefined;
}

export const canInstallWithApt = process.env['ORCH_PROGRAMS_APT'] === '1' && process.getuid?.() === 0;
