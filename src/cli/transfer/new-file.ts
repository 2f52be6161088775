import type { Stats } from 'node:fs';
import { type FileHandle, lstat, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errnoCode, errors } from '../../core/errors.js';

/**
 * A file that is created complete, or not at all: writes go to a file beside it, which takes its name at the
 * end. Disposed of before that, it leaves nothing, and what had the name before is untouched. What has the name and is no
 * file, such as a pipe, is written to itself.
 */
export class NewFile implements AsyncDisposable {
  readonly #path: string;
  readonly #temporary: string | undefined;
  readonly #handle: FileHandle;
  #open = true;

  private constructor(path: string, temporary: string | undefined, handle: FileHandle) {
    this.#path = path;
    this.#temporary = temporary;
    this.#handle = handle;
  }

  /** @throws OrchError OUTPUT_UNWRITABLE */
  static async create(path: string): Promise<NewFile> {
    try {
      const target = await targetOf(path);
      if (target.type === 'other') return new NewFile(path, undefined, await open(path, 'w'));
      const unique = Math.random().toString(36).slice(2);
      const temporary = join(dirname(target.path), `.orch-${unique}.tmp`);
      return new NewFile(target.path, temporary, await open(temporary, 'wx'));
    } catch (error) {
      throw errors.outputUnwritable(path, error);
    }
  }

  /** @throws OrchError OUTPUT_UNWRITABLE; EPIPE of a pipe whose reader has gone */
  async write(bytes: Uint8Array): Promise<void> {
    try {
      for (let left = bytes; left.length > 0; ) left = left.subarray((await this.#handle.write(left)).bytesWritten);
    } catch (error) {
      throw errnoCode(error) === 'EPIPE' ? error : errors.outputUnwritable(this.#path, error);
    }
  }

  /** Gives the file its name. @throws OrchError OUTPUT_UNWRITABLE */
  async finish(): Promise<void> {
    try {
      await this.#close();
      if (this.#temporary !== undefined) await rename(this.#temporary, this.#path);
    } catch (error) {
      if (this.#temporary !== undefined) await rm(this.#temporary, { force: true });
      throw errors.outputUnwritable(this.#path, error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#open) return;
    await this.#close();
    if (this.#temporary !== undefined) await rm(this.#temporary, { force: true });
  }

  async #close(): Promise<void> {
    this.#open = false;
    await this.#handle.close();
  }
}

/** Where a link leads is what is meant; what is there and is no file, a link to nothing included, is never replaced. */
async function targetOf(path: string): Promise<{ readonly type: 'file' | 'other'; readonly path: string }> {
  const [itself, meant] = await Promise.all([statsOf(lstat(path)), statsOf(stat(path))]);
  if (itself === undefined) return { type: 'file', path };
  // A pipe by the name of /dev/stdout has no other path.
  return meant?.isFile() === true ? { type: 'file', path: await realpath(path) } : { type: 'other', path };
}

/** Undefined: there is nothing. */
async function statsOf(looked: Promise<Stats>): Promise<Stats | undefined> {
  try {
    return await looked;
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
