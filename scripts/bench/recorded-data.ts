import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Setting } from './bench.js';
import type { Build } from './builds.js';
import { measure } from './measure.js';
import { type DataFile, type DataKind, writeData } from './terminal-data.js';

/** Where a build has its own recordings: two builds need not agree on what they derive from one. */
export function ownFolder({ folder }: Setting, { name }: Build): string {
  const own = join(folder, name);
  mkdirSync(own, { recursive: true });
  return own;
}

/** Data of a kind as a file, and as the only task of each build. */
export async function recordedData(setting: Setting, kind: DataKind, mb = setting.mb): Promise<DataFile> {
  const data = writeData(join(setting.folder, 'log'), kind, mb);
  for (const build of setting.builds) {
    await measure({ argv: [process.execPath, build.bin, 'import', data.path, '--dir', ownFolder(setting, build)] });
  }
  return data;
}
