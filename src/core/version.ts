import { readFileSync } from 'node:fs';
import { packageFile } from './package-file.js';

/** The version of orch that runs, as package.json says it; read when asked. */
export function orchVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(packageFile('package.json'), 'utf8'));
  const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : '';
  return typeof version === 'string' ? version : '';
}
