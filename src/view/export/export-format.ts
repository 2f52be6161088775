import type { WrittenBytes } from '../../formats/model/written-recording.js';
import type { ExportSource } from './export-source.js';

/** Something a task can be exported as. */
export interface ExportFormat {
  /** As `--format` has it. */
  readonly name: string;
  /** The endings of files that are taken for it, without the dot; a file ending belongs to one format alone. */
  readonly endings: readonly string[];
  /** One line, without a full stop. */
  readonly description: string;
  /** Whether a person may be shown it on a terminal. */
  readonly isText: boolean;
  /** The ending of a second file it needs beside the first, as `.timing`: it cannot go to stdout. */
  readonly beside?: string;
  /** It is made of the task's folder as it is: nothing can be cut, shortened or masked in it. */
  readonly isWhole?: true;
  /** It is, or can be, a picture of one moment: `--at` goes with it. */
  readonly hasStill?: true;
  /** Loaded when it is used. */
  readonly load: () => Promise<ExportWriter>;
}

/**
 * The bytes of the export, made as they are asked for. Throws what reading throws; a source that ends early, because
 * it was aborted, is not its concern: the output is then discarded.
 */
type ExportWriter = (source: ExportSource, options: WriteOptions) => AsyncIterable<WrittenBytes>;

export interface WriteOptions {
  /** Called with the number of bytes replaced because the format cannot hold them; may be called often. */
  readonly onReplaced: (bytes: number) => void;
  /** Called with the share done, 0 to 1, by formats that do not read the source exactly once. */
  readonly onProgress: (share: number) => void;
  /** One picture of the end, of what could move: `--at`. */
  readonly isStill?: boolean;
  readonly signal: AbortSignal;
}
