import { readFileSync } from 'node:fs';
import { packageFile } from './package-file.js';

/** The version of this orch, read from package.json at each call. */
export function orchVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(packageFile('package.json'), 'utf8'));
  const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : '';
  return typeof version === 'string' ? version : '';
}
