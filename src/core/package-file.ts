import { fileURLToPath } from 'node:url';

/**
 * The absolute path of a package file, given from its root: two folders up from this file in src, in dist, and from the bundled
 * command in dist/command alike, so it may not move to another depth.
 */
export function packageFile(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}
