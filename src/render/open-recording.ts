import { errors } from '../core/errors.js';
import type { TerminalSize } from '../core/size.js';
import { type AsciicastHeader, asciicastChunks, asciicastHeader, readVersion1 } from './asciicast.js';
import type { RenderChunk } from './line.js';
import { withCarriageReturns } from './line-feeds.js';
import { type ScriptTiming, timedChunks } from './script-timing.js';
import { readTypescript } from './typescript.js';

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
  const source = bytes[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  let kind = kindOf(head, false);
  while (kind.type === 'open') {
    const next = await source.next();
    if (next.done !== true) head = Buffer.concat([head, next.value]);
    kind = kindOf(head, next.done === true);
  }
  const chunks = withHead(head, source);
  if (timing !== undefined) return openTimed(kind, chunks, timing);
  switch (kind.type) {
    case 'raw':
      return { format: 'raw', size: undefined, chunks: withCarriageReturns(chunks) };
    case 'typescript':
      return { format: 'typescript', ...readTypescript(kind.header, chunks) };
    case 'asciicast':
      return { format: 'asciicast', size: kind.header.size, chunks: asciicastChunks(chunks, onDamage) };
    case 'asciicast-1':
      return { format: 'asciicast', ...(await readVersion1(chunks)) };
  }
}

/** An old script(1) that was told to be quiet wrote no first line; what it recorded was written to a terminal. */
function openTimed(kind: Kind, bytes: AsyncIterable<Uint8Array>, timing: ScriptTiming): OpenRecording {
  if (kind.type === 'asciicast' || kind.type === 'asciicast-1')
    throw errors.timingUnreadable('an asciicast has its times and sizes itself');
  const { size, chunks } =
    kind.type === 'typescript' ? readTypescript(kind.header, bytes) : { size: undefined, chunks: bytes };
  return { format: 'typescript', size: timing.size ?? size, chunks: timedChunks(chunks, timing) };
}

type Kind =
  /** More has to be read to tell. */
  | { readonly type: 'open' }
  | { readonly type: 'raw' }
  | { readonly type: 'typescript'; readonly header: string }
  | { readonly type: 'asciicast'; readonly header: AsciicastHeader }
  | { readonly type: 'asciicast-1' };

function kindOf(head: Buffer, ended: boolean): Kind {
  if (isTypescript(head, ended)) return typescriptKind(head, ended);
  if (!ended && head.length === 0) return { type: 'open' };
  return head[0] === OPENING_BRACE ? jsonKind(head, ended) : { type: 'raw' };
}

/** Whether `head` begins as a typescript does, or may do so when there is more of it. */
function isTypescript(head: Buffer, ended: boolean): boolean {
  const length = Math.min(head.length, TYPESCRIPT_START.length);
  if (length === 0 || (ended && length < TYPESCRIPT_START.length)) return false;
  return TYPESCRIPT_START.subarray(0, length).equals(head.subarray(0, length));
}

function typescriptKind(head: Buffer, ended: boolean): Kind {
  const lineEnd = head.indexOf(LINE_FEED);
  if (lineEnd !== -1) return { type: 'typescript', header: head.toString('utf8', 0, lineEnd + 1) };
  return ended || head.length > HEAD_BYTES ? { type: 'raw' } : { type: 'open' };
}

/** A first line that is a JSON object with a version and a size; a program may well print JSON that is not. */
function jsonKind(head: Buffer, ended: boolean): Kind {
  const text = head.toString('utf8', 0, HEAD_BYTES);
  if (VERSION_1_START.test(text)) return { type: 'asciicast-1' };
  if (!JSON_START.test(text)) return { type: 'raw' };
  const lineEnd = head.indexOf(LINE_FEED);
  if (lineEnd === -1 && !ended) return head.length > HEAD_BYTES ? { type: 'raw' } : { type: 'open' };
  const header = asciicastHeader(head.toString('utf8', 0, lineEnd === -1 ? head.length : lineEnd));
  if (header === undefined) return { type: 'raw' };
  if (header.version === 1) return { type: 'asciicast-1' };
  if (header.version > LAST_VERSION) throw errors.asciicastUnreadable(`its version is ${header.version}`);
  return { type: 'asciicast', header };
}

async function* withHead(head: Uint8Array, source: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  try {
    if (head.length > 0) yield head;
    for (let next = await source.next(); next.done !== true; next = await source.next()) yield next.value;
  } finally {
    await source.return?.();
  }
}

const TYPESCRIPT_START = Buffer.from('Script started on ');
const JSON_START = /^\{\s*("|$)/;
const VERSION_1_START = /^\{\s*"version"\s*:\s*1\s*,/;
const LAST_VERSION = 3;
const OPENING_BRACE = 0x7b;
const LINE_FEED = 0x0a;

/** A header is a line of a few hundred bytes; what is longer is something else. */
const HEAD_BYTES = 64 * 1024;
