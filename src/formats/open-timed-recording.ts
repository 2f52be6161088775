import { errors } from '../core/errors.js';
import { type AsciicastKind, recogniseAsciicast } from './asciicast/asciicast-header.js';
import { readAsciicast } from './asciicast/read-asciicast.js';
import { readVersion1 } from './asciicast/read-version-1.js';
import { type JsonLinesKind, recogniseJsonLines } from './json-lines/json-header.js';
import { readJsonLines } from './json-lines/read-json-lines.js';
import type { Recogniser } from './model/recogniser.js';
import type { TimedRecording } from './model/timed-recording.js';
import { readRaw } from './raw/read-raw.js';
import { recordingKind } from './recording-kind.js';
import { readTimedTypescript } from './script/read-timed-typescript.js';
import { recogniseTypescript, type TypescriptKind } from './script/typescript-lines.js';
import { readTtyrec, recogniseTtyrec, type TtyrecKind } from './ttyrec/read-ttyrec.js';

export interface OpenTimedOptions {
  /** Called for each line or record that was torn or made no sense, and was left out. */
  readonly onDamage: () => void;
  /** The timing file of a typescript. */
  readonly timing: AsyncIterable<Uint8Array> | undefined;
}

/**
 * Opens an asciicast (versions 1 to 3), a typescript of script(1), a recording of ttyrec(1), what `orch export --format json`
 * wrote, or a raw log, with the times of everything in it; which of them it is depends on how it begins. Only version 1 of
 * asciicast, which is one JSON text, is held as a whole.
 *
 * @throws OrchError ASCIICAST_UNREADABLE for a version that is not known, TIMING_UNREADABLE; `chunks` throws what `bytes`
 * throws
 */
export async function openTimedRecording(
  source: AsyncIterable<Uint8Array>,
  { onDamage, timing }: OpenTimedOptions,
): Promise<TimedRecording> {
  const { kind, bytes } = await recordingKind(source, RECOGNISERS);
  if (kind.type === 'typescript') return readTimedTypescript(kind.header, bytes, timing);
  if (kind.type === 'raw') return timing === undefined ? readRaw(bytes) : readTimedTypescript(undefined, bytes, timing);
  if (timing !== undefined) throw errors.timingUnreadable('this recording has its own times and sizes');
  switch (kind.type) {
    case 'asciicast':
      return readAsciicast(kind.header, bytes, onDamage);
    case 'asciicast-1':
      return readVersion1(bytes);
    case 'json':
      return readJsonLines(kind.header, bytes, onDamage);
    case 'ttyrec':
      return readTtyrec(kind.header, bytes, onDamage);
  }
}

const RECOGNISERS: readonly Recogniser<TtyrecKind | JsonLinesKind | TypescriptKind | AsciicastKind>[] = [
  recogniseTtyrec,
  recogniseJsonLines,
  recogniseTypescript,
  recogniseAsciicast,
];
