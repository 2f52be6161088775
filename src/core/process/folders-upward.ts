import { dirname, resolve } from 'node:path';

/** `from` and every folder above it, the nearest first; absolute. */
export function* foldersUpward(from: string): Generator<string, void, void> {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    yield folder;
    if (folder === dirname(folder)) return;
  }
}
