import { errors } from '../core/errors.js';
import type { TerminalSize } from '../core/terminal/size.js';
import type { RenderChunk } from '../render/model/line.js';
import { type AsciicastKind, recogniseAsciicast } from './asciicast/asciicast-header.js';
import { asciicastChunks } from './asciicast/read-asciicast.js';
import { readVersion1 } from './asciicast/read-version-1.js';
import type { TimedChunk } from './model/timed-recording.js';
import { withCarriageReturns } from './raw/read-raw.js';
import { type RawKind, recordingKind } from './recording-kind.js';
import { typescriptBody } from './script/read-typescript.js';
import { type ScriptTiming, timedChunks } from './script/script-timing.js';
import { readFirstLine, recogniseTypescript, type TypescriptKind } from './script/typescript-lines.js';

/** A recording of any format as the screen model takes it, while it may still be coming in. */
export interface OpenRecording {
  readonly format: 'raw' | 'typescript' | 'asciicast';
  /** Of the terminal at the start; undefined where the format does not tell. */
  readonly size: TerminalSize | undefined;
  /** Output as it comes, and each resize in front of the output that followed it. To be read once. */
  readonly chunks: AsyncIterable<RenderChunk>;
}

export interface OpenOptions {
  /** Called for each line of an asciicast that was torn or made no sense, and was left out. */
  readonly onDamage?: () => void;
  /** Of the typescript: its sizes are used. A file of another format cannot have one. */
  readonly timing?: ScriptTiming | undefined;
}

/**
 * Opens a raw log, a typescript of script(1) or an asciicast (versions 1 to 3); which of them it is depends on how it
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
  const { kind, bytes: all } = await recordingKind<Kind>(bytes, [recogniseTypescript, recogniseAsciicast]);
  if (timing !== undefined) return openTimed(kind, all, timing);
  switch (kind.type) {
    case 'raw':
      return { format: 'raw', size: undefined, chunks: withCarriageReturns(all) };
    case 'typescript':
      return { format: 'typescript', size: readFirstLine(kind.header).size, chunks: typescriptBody(all) };
    case 'asciicast':
      return { format: 'asciicast', size: kind.header.size, chunks: asciicastChunks(all, onDamage) };
    case 'asciicast-1': {
      const { size, chunks } = await readVersion1(all);
      return { format: 'asciicast', size, chunks: outputOf(chunks) };
    }
  }
}

type Kind = TypescriptKind | AsciicastKind;

/** An old script(1) with `-q` wrote no first line; what it recorded was written to a terminal. */
function openTimed(kind: Kind | RawKind, bytes: AsyncIterable<Uint8Array>, timing: ScriptTiming): OpenRecording {
  if (kind.type === 'asciicast' || kind.type === 'asciicast-1')
    throw errors.timingUnreadable('an asciicast has its own times and sizes');
  const [header, body] = kind.type === 'typescript' ? [kind.header, typescriptBody(bytes)] : [undefined, bytes];
  const size = timing.size ?? readFirstLine(header).size;
  return { format: 'typescript', size, chunks: timedChunks(body, timing) };
}

async function* outputOf(chunks: AsyncIterable<TimedChunk>): AsyncGenerator<RenderChunk, void, void> {
  for await (const chunk of chunks) if (chunk.type === 'output') yield chunk.bytes;
}
