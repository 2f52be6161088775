import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Setting } from './bench.js';
import type { Build } from './builds.js';
import { measure } from './measure.js';

/** Where a build has its own recordings: two builds need not agree on what they derive from one. */
export function ownFolder({ folder }: Setting, { name }: Build): string {
  const own = join(folder, name);
  mkdirSync(own, { recursive: true });
  return own;
}

/** Makes the file a task in `agentDir`. */
export async function importData({ bin }: Build, file: string, agentDir: string): Promise<void> {
  await measure({ argv: [process.execPath, bin, 'import', file, '--dir', agentDir] });
}
