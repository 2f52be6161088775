import type { Run } from './frame.js';

/** One line of the transcript: what was read on a row, or on several where the terminal wrapped. */
export interface Line {
  /** Without trailing blanks, without any control character. */
  readonly text: string;
  /** The same text in its colours, where a transcript keeps them. */
  readonly runs?: readonly Run[];
  /** The bytes it came from, as absolute offsets in the recording: where its writing began, and after its last byte. */
  readonly offset: number;
  readonly endOffset: number;
  /** False for a line shown early, from a screen that may still change; a final line never changes. */
  readonly final: boolean;
}

/**
 * What a recording is made of, in order: output, the sizes the terminal took on in between, and bytes that are missing or
 * were left out, which count in the offsets of what follows.
 */
export type RenderChunk =
  | Uint8Array
  | { readonly type: 'resize'; readonly cols: number; readonly rows: number }
  | { readonly type: 'missing'; readonly bytes: number };

/** What becomes of full-screen programs: their last frame, what stood still in them, or nothing. */
export type AlternateScreen = 'final' | 'diff' | 'none';
