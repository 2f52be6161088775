import { errors } from '../../core/errors.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import { asciicastChunks, readVersion1 } from './asciicast.js';
import type { RenderChunk } from '../model/line.js';
import { withCarriageReturns } from './line-feeds.js';
import { type RecordingKind, recordingKind } from './recording-kind.js';
import { type ScriptTiming, timedChunks } from './script-timing.js';
import { readTypescript } from './script-typescript.js';

/** A recording of any format as the screen model takes it, while it may still be coming in. */
export interface OpenRecording {
  readonly format: 'raw' | 'typescript' | 'asciicast';
  /** Of the terminal at the start; undefined where the format does not tell. */
  readonly size: TerminalSize | undefined;
  /** Output as it comes, and each resize in front of the output that followed it. To be read once. */
  readonly chunks: AsyncIterable<RenderChunk>;
}

export interface OpenOptions {
  /** Told of each line of an asciicast that was torn or made no sense, and was left out. */
  readonly onDamage?: () => void;
  /** Of the typescript: its sizes are used. A file of another format cannot have one. */
  readonly timing?: ScriptTiming | undefined;
}

/**
 * Opens a raw log, a typescript of script(1) or an asciicast (versions 1 to 3); which of them is told from how it
 * begins. Reads no more than it needs to tell; the rest is read as `chunks` are, and only version 1, which is one JSON
 * text, is held as a whole.
 *
 * @throws OrchError ASCIICAST_UNREADABLE for a version that is not known, TIMING_UNREADABLE for a timing file with an
 * asciicast; `chunks` throws what `bytes` throws
 */
export async function openRecording(
  bytes: AsyncIterable<Uint8Array>,
  { onDamage = () => undefined, timing }: OpenOptions = {},
): Promise<OpenRecording> {
  const { kind, bytes: chunks } = await recordingKind(bytes);
  if (timing !== undefined) return openTimed(kind, chunks, timing);
  switch (kind.type) {
    case 'raw':
      return { format: 'raw', size: undefined, chunks: withCarriageReturns(chunks) };
    case 'typescript':
      return { format: 'typescript', ...readTypescript(kind.header, chunks) };
    case 'asciicast':
      return { format: 'asciicast', size: kind.header.size, chunks: asciicastChunks(chunks, onDamage) };
    case 'asciicast-1': {
      const { header, output } = await readVersion1(chunks);
      return { format: 'asciicast', size: header?.size, chunks: outputOf(output) };
    }
  }
}

/** An old script(1) that was told to be quiet wrote no first line; what it recorded was written to a terminal. */
function openTimed(kind: RecordingKind, bytes: AsyncIterable<Uint8Array>, timing: ScriptTiming): OpenRecording {
  if (kind.type === 'asciicast' || kind.type === 'asciicast-1')
    throw errors.timingUnreadable('an asciicast has its own times and sizes');
  const { size, chunks } =
    kind.type === 'typescript' ? readTypescript(kind.header, bytes) : { size: undefined, chunks: bytes };
  return { format: 'typescript', size: timing.size ?? size, chunks: timedChunks(chunks, timing) };
}

// eslint-disable-next-line @typescript-eslint/require-await -- an array, to be read as the other formats are
async function* outputOf(output: readonly { readonly bytes: Uint8Array }[]): AsyncGenerator<RenderChunk, void, void> {
  for (const { bytes } of output) yield bytes;
}
