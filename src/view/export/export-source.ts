import type { TaskEntry } from '../../store/task/task-reader.js';
import type { TerminalSize } from '../../core/terminal/size.js';

/** The input of every export format. */
export interface ExportSource {
  readonly entry: TaskEntry;
  /** The title: as the user gave it, else the task's name, else its command; masked like the rest. */
  readonly title: string;
  /** The command as a shell would read it, masked; undefined where the manifest is of no use. */
  readonly command: string | undefined;
  /** The terminal's size in front of the first chunk. */
  readonly size: TerminalSize;
  /** Wall time of millisecond 0, in milliseconds since the epoch; undefined where it is not known. */
  readonly started: number | undefined;
  /**
   * What was recorded, in order, read as it is asked for; each call reads it again from the beginning.
   *
   * @throws OrchError LOG_UNREADABLE
   */
  chunks(): AsyncIterable<ExportChunk>;
}

/** The position of a chunk in time and in the recording. */
interface Placed {
  /** Whole milliseconds after the start of what is exported, pauses shortened as was asked for. Never goes back. */
  readonly ms: number;
  /** Absolute offset in the recording. */
  readonly offset: number;
}

/** Output that came together: at most 64 KiB, cut where the time index says it was. */
export interface OutputChunk extends Placed {
  readonly type: 'output';
  readonly bytes: Uint8Array;
}

export type ExportChunk =
  | OutputChunk
  /** Where the beginning is left out: what draws the screen as it stood there. The first chunk, of no bytes of the recording. */
  | ({ readonly type: 'redraw'; readonly bytes: Uint8Array } & Placed)
  /** The terminal became this large. */
  | ({ readonly type: 'resize' } & TerminalSize & Placed)
  /** An iteration begins, counted from 1. */
  | ({ readonly type: 'iteration'; readonly iteration: number } & Placed)
  /** `bytes` bytes from `offset` on are missing from the recording. */
  | ({ readonly type: 'missing'; readonly bytes: number } & Placed)
  /** The agent has ended: its exit code, and the number of the signal that killed it (0: none). The last chunk. */
  | ({ readonly type: 'exit'; readonly code: number; readonly signal: number } & Placed);
