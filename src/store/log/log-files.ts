import {
  close,
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsync,
  mkdirSync,
  open,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { promisify } from 'node:util';
import { errnoCode } from '../../core/errors.js';
import { withSmallPool } from '../../core/process/small-pool.js';
import { openForAppend, PRIVATE_FOLDER_MODE } from '../files/private-file.js';
import { readSegmentFile } from './segment-file.js';

/** The system calls that can fail under a recording, so that tests can make them. All throw the system's error. */
export interface LogFileSystem {
  open(path: string): number;
  write(fd: number, bytes: Uint8Array): number;
  read(fd: number, buffer: Uint8Array, position: number): number;
  /** Reads of a segment, packed or not. Also throws DamagedBlock. */
  readSegment(path: string, buffer: Uint8Array, position: number): number;
  /** Forces what was written through `fd` to the disk. */
  sync(fd: number): void;
  /** The same beside everything else; rejects with the system's error. */
  syncLater(fd: number): Promise<void>;
  /** Forces what was written through `fd` to the disk, and the names in `folder`, and closes it, beside everything else. Never fails. */
  closeSynced(fd: number, folder: string): void;
  rename(from: string, to: string): void;
  /** What is not there is removed already. */
  remove(path: string): void;
  makeFolder(path: string): void;
  close(fd: number): void;
  /** 0 where there is no such file. */
  size(path: string): number;
  /** True while `path` still names the file that `fd` has open, and at least `bytes` bytes are in it. */
  isThere(fd: number, path: string, bytes: number): boolean;
}

/** Makes renames outlive a power cut. What fails is as it would be without. */
function syncNames(folder: string): void {
  open(folder, (failed, fd) => {
    if (failed !== null) return;
    fsync(fd, () => {
      close(fd, () => undefined);
    });
  });
}

const syncSoon = promisify(fdatasync);

export const realFiles: LogFileSystem = {
  open: openForAppend,
  write: (fd, bytes) => writeSync(fd, bytes),
  read: (fd, buffer, position) => readSync(fd, buffer, 0, buffer.length, position),
  readSegment: readSegmentFile,
  sync: fdatasyncSync,
  syncLater: (fd) => withSmallPool(() => syncSoon(fd)),
  closeSynced(fd, folder) {
    fdatasync(fd, () => {
      closeSync(fd);
      syncNames(folder);
    });
  },
  rename: renameSync,
  remove(path) {
    rmSync(path, { force: true });
  },
  makeFolder(path) {
    mkdirSync(path, { recursive: true, mode: PRIVATE_FOLDER_MODE });
  },
  close: closeSync,
  size: (path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0,
  isThere(fd, path, bytes) {
    try {
      const opened = fstatSync(fd);
      const named = statSync(path);
      return opened.ino === named.ino && opened.dev === named.dev && opened.size >= bytes;
    } catch (error) {
      return errnoCode(error) !== 'ENOENT' && errnoCode(error) !== 'ENOTDIR';
    }
  },
};
