import type { TerminalSize } from '../../../core/terminal/size.js';

/** A recording of any format with the times of everything in it, while it may still be coming in. */
export interface TimedRecording {
  readonly format: TimedFormat;
  /** Of the terminal at the start; undefined where the format does not tell. */
  readonly size: TerminalSize | undefined;
  /** Wall time of millisecond 0, in milliseconds since the epoch; undefined where the format does not tell. */
  readonly started: number | undefined;
  readonly title: string | undefined;
  /** The command that was recorded, as text. */
  readonly command: string | undefined;
  /** To be read once. */
  readonly pieces: AsyncIterable<TimedPiece>;
}

type TimedFormat = 'asciicast' | 'json' | 'raw' | 'ttyrec' | 'typescript';

/** `ms`: milliseconds after the start, with fractions. It never goes back. */
export type TimedPiece = { readonly ms: number } & (
  | { readonly type: 'output'; readonly bytes: Uint8Array }
  | ({ readonly type: 'resize' } & TerminalSize)
  /** The agent is run for the so many-th time. */
  | { readonly type: 'iteration'; readonly iteration: number }
  /** So many bytes were lost here. */
  | { readonly type: 'missing'; readonly bytes: number }
  | { readonly type: 'exit'; readonly code: number; readonly signal: number }
);
