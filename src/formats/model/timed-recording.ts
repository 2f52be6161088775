import type { TerminalSize } from '../../core/terminal/size.js';

/** A recording of any format with the times of everything in it, while it may still be coming in: what a reader gives. */
export interface TimedRecording {
  readonly format: TimedFormat;
  /** Of the terminal at the start; undefined where the format does not tell. */
  readonly size: TerminalSize | undefined;
  /** Wall time of millisecond 0, in milliseconds of Unix time; undefined where the format does not tell. */
  readonly started: number | undefined;
  readonly title: string | undefined;
  /** The command that was recorded, as text. */
  readonly command: string | undefined;
  /** To be read once. */
  readonly chunks: AsyncIterable<TimedChunk>;
}

type TimedFormat = 'asciicast' | 'json' | 'raw' | 'ttyrec' | 'typescript';

/** `ms`: milliseconds after the start, with fractions. It never goes back. */
export type TimedChunk = { readonly ms: number } & (
  | { readonly type: 'output'; readonly bytes: Uint8Array }
  /** The terminal became this large. */
  | ({ readonly type: 'resize' } & TerminalSize)
  /** An iteration begins, counted from 1. */
  | { readonly type: 'iteration'; readonly iteration: number }
  /** This many bytes are missing from the recording. */
  | { readonly type: 'missing'; readonly bytes: number }
  /** The agent has ended: its exit code, and the number of the signal that killed it (0: none). The last chunk. */
  | { readonly type: 'exit'; readonly code: number; readonly signal: number }
);
