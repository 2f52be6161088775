import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';

export interface FolderUsage {
  /** What it and all in it take on disk, as du(1) counts. */
  readonly bytes: number;
  /** When anything in it was last written, milliseconds of Unix time; 0 where nothing can be looked at. */
  readonly modified: number;
}

/** stat(2) counts in these, whatever the file system's own blocks are. */
const BLOCK_BYTES = 512;

/** Links are counted and not followed. A file that cannot be inspected, or disappears meanwhile, counts nothing. */
export function folderUsage(path: string): FolderUsage {
  const stats = statsOf(path);
  if (stats === undefined) return { bytes: 0, modified: 0 };
  const own = { bytes: stats.blocks * BLOCK_BYTES, modified: stats.mtimeMs };
  if (!stats.isDirectory()) return own;
  return namesIn(path)
    .map((name) => folderUsage(join(path, name)))
    .reduce(add, own);
}

function add(a: FolderUsage, b: FolderUsage): FolderUsage {
  return { bytes: a.bytes + b.bytes, modified: Math.max(a.modified, b.modified) };
}

function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
