import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { UsageError } from './usage-error.js';

/** A built orch. */
export interface Build {
  readonly name: 'orch' | 'other';
  /** The script of its command, which Node runs. */
  readonly bin: string;
  /** The commit its checkout is at, `+` behind it where files differ; undefined where it is no checkout. */
  readonly commit: string | undefined;
}

export function thisBuild(): Build {
  return buildIn(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'orch');
}

/** @throws UsageError where `folder` is not a checkout of orch with a build. */
export function otherBuild(folder: string): Build {
  return buildIn(resolve(folder), 'other');
}

const packageFile = z.object({ name: z.literal('orch-pty'), bin: z.object({ orch: z.string() }) });

function buildIn(folder: string, name: Build['name']): Build {
  if (!isFolder(folder)) throw new UsageError(`There is no folder ${folder}: give a checkout of orch that is built.`);
  const bin = commandOf(folder);
  if (bin === undefined) throw new UsageError(`${folder} is not a checkout of orch: its package.json is not orch's.`);
  if (!existsSync(bin)) throw new UsageError(`${folder} is not built: there is no ${bin}. Run npm run build there.`);
  return { name, bin, commit: commitOf(folder) };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function commandOf(folder: string): string | undefined {
  try {
    return join(folder, packageFile.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).bin.orch);
  } catch {
    return undefined;
  }
}

function commitOf(folder: string): string | undefined {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '-uno') === '' ? '' : '+');
  } catch {
    return undefined;
  }
}
