import { LF } from '../../../core/terminal/codes.js';
import { errors } from '../../../core/errors.js';
import { withCarriageReturns } from '../line-feeds.js';
import { peek, recordingKind } from '../recording-kind.js';
import { timedAsciicast, timedVersion1 } from './timed-asciicast.js';
import { type JsonHeader, jsonHeader, timedJson } from './timed-json.js';
import type { TimedPiece, TimedRecording } from './timed-recording.js';
import { timedTtyrec, ttyrecHeader, HEADER_BYTES, type TtyrecHeader } from './timed-ttyrec.js';
import { timedTypescript } from './timed-typescript.js';

export interface OpenTimedOptions {
  /** Told of each part of the recording that was torn or made no sense, and was left out. */
  readonly onDamage: () => void;
  /** The timing file of a typescript. */
  readonly timing: AsyncIterable<Uint8Array> | undefined;
}

/**
 * Opens an asciicast (versions 1 to 3), a typescript of script(1), a recording of ttyrec(1), what `orch export --format json`
 * wrote, or a raw log, with the times of everything in it; which of them is told from how it begins. Only version 1 of
 * asciicast, which is one JSON text, is held as a whole.
 *
 * @throws OrchError ASCIICAST_UNREADABLE for a version that is not known, TIMING_UNREADABLE; `pieces` throws what `bytes`
 * throws
 */
export async function openTimedRecording(
  source: AsyncIterable<Uint8Array>,
  { onDamage, timing }: OpenTimedOptions,
): Promise<TimedRecording> {
  const peeked = await peek(source, ownKind);
  const { found } = peeked;
  if (timing !== undefined && found.type !== 'other') throw timesItself();
  if (found.type === 'json') return timedJson(found.header, peeked.bytes, onDamage);
  if (found.type === 'ttyrec') return timedTtyrec(found.header, peeked.bytes, onDamage);
  const { kind, bytes } = await recordingKind(peeked.bytes);
  switch (kind.type) {
    case 'typescript':
      return timedTypescript(kind.header, bytes, timing);
    case 'raw':
      return timing === undefined ? raw(bytes) : timedTypescript(undefined, bytes, timing);
    case 'asciicast':
    case 'asciicast-1':
      if (timing !== undefined) throw timesItself();
      return kind.type === 'asciicast' ? timedAsciicast(kind.header, bytes, onDamage) : timedVersion1(bytes);
  }
}

function timesItself(): Error {
  return errors.timingUnreadable('this recording has its own times and sizes');
}

type OwnKind =
  | { readonly type: 'json'; readonly header: JsonHeader }
  | { readonly type: 'ttyrec'; readonly header: TtyrecHeader }
  | { readonly type: 'other' };

/** Undefined: more has to be read to tell. */
function ownKind(head: Buffer, ended: boolean): OwnKind | undefined {
  if (head[0] !== OPENING_BRACE) {
    if (head.length < HEADER_BYTES && !ended) return undefined;
    const header = ttyrecHeader(head);
    return header === undefined ? { type: 'other' } : { type: 'ttyrec', header };
  }
  const lineEnd = head.indexOf(LF);
  if (lineEnd === -1 && !ended && head.length <= MAX_HEADER_BYTES) return undefined;
  const header = jsonHeader(head.toString('utf8', 0, lineEnd === -1 ? head.length : lineEnd));
  return header === undefined ? { type: 'other' } : { type: 'json', header };
}

/** It came at once, for all that is known, and through a terminal. */
function raw(bytes: AsyncIterable<Uint8Array>): TimedRecording {
  const about = { size: undefined, started: undefined, title: undefined, command: undefined };
  return { format: 'raw', ...about, pieces: atOnce(withCarriageReturns(bytes)) };
}

async function* atOnce(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TimedPiece, void, void> {
  for await (const bytes of chunks) yield { type: 'output', ms: 0, bytes };
}

const OPENING_BRACE = 0x7b;
/** A title may be a whole prompt. */
const MAX_HEADER_BYTES = 1024 * 1024;
