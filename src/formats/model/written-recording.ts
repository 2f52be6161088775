import type { TerminalSize } from '../../core/terminal/size.js';
import type { TimedChunk } from './timed-recording.js';

/** A recording as every writer takes it. */
export interface WrittenRecording {
  /** The task's id. */
  readonly id: string;
  readonly title: string;
  /** The command as a shell would read it; undefined where it is not known. */
  readonly command: string | undefined;
  /** The terminal's size in front of the first chunk. */
  readonly size: TerminalSize;
  /** Wall time of millisecond 0, in milliseconds of Unix time; undefined where it is not known. */
  readonly started: number | undefined;
  /**
   * What was recorded, in order, read as it is asked for; each call reads it again from the beginning.
   *
   * @throws OrchError LOG_UNREADABLE
   */
  chunks(): AsyncIterable<PlacedChunk>;
}

/**
 * A chunk and its place in the recording. Its `ms` are whole, and never go back. Output is what came together: at most 64 KiB, cut where
 * the time index says it was.
 */
export type PlacedChunk = (TimedChunk | Redraw) & {
  /** Absolute, in bytes. */
  readonly offset: number;
};

/** Where the beginning is left out: what draws the screen as it stood there. The first chunk, of no bytes of the recording. */
interface Redraw {
  readonly type: 'redraw';
  readonly ms: number;
  readonly bytes: Uint8Array;
}

/** Bytes of the file; `beside`: of the second one, where a format has two. */
export type WrittenBytes = Uint8Array | { readonly beside: Uint8Array };
