import type { WrittenBytes } from '../../formats/model/written-recording.js';
import type { CliOutput } from '../options/context.js';
import { NewFile } from './new-file.js';

/** The output of an export. Disposed of before it is finished, it leaves no file. */
export interface ExportOutputs extends AsyncDisposable {
  write(bytes: WrittenBytes): Promise<void>;
  finish(): Promise<void>;
}

/**
 * A file, and the second one beside it that some formats need; `beside` is its ending.
 *
 * @throws OrchError OUTPUT_UNWRITABLE
 */
export async function openFiles(path: string, beside: string | undefined): Promise<ExportOutputs> {
  const file = await NewFile.create(path);
  const second = beside === undefined ? undefined : await besideOf(file, `${path}.${beside}`);
  return {
    write: async (bytes) => {
      if (bytes instanceof Uint8Array) await file.write(bytes);
      else await second?.write(bytes.beside);
    },
    finish: async () => {
      await second?.finish();
      await file.finish();
    },
    [Symbol.asyncDispose]: async () => {
      await file[Symbol.asyncDispose]();
      await second?.[Symbol.asyncDispose]();
    },
  };
}

async function besideOf(file: NewFile, path: string): Promise<NewFile> {
  try {
    return await NewFile.create(path);
  } catch (error) {
    await file[Symbol.asyncDispose]();
    throw error;
  }
}

/** For formats of one file. */
export function toStdout(stdout: CliOutput): ExportOutputs {
  return {
    write: async (bytes) => {
      if (bytes instanceof Uint8Array) await stdout.write(bytes);
    },
    finish: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
