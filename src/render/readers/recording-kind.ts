import { LF } from '../../core/terminal/codes.js';
import { errors } from '../../core/errors.js';
import { type AsciicastHeader, asciicastHeader } from './asciicast.js';

/** What a recording is, told from how it begins. */
export type RecordingKind =
  | { readonly type: 'raw' }
  | { readonly type: 'typescript'; readonly header: string }
  | { readonly type: 'asciicast'; readonly header: AsciicastHeader }
  | { readonly type: 'asciicast-1' };

/**
 * Reads no more than it needs to tell what a recording is. `bytes`: all of it, what was read included, to be read once.
 *
 * @throws OrchError ASCIICAST_UNREADABLE for a version that is not known; what `bytes` throws
 */
export async function recordingKind(
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ readonly kind: RecordingKind; readonly bytes: AsyncIterable<Uint8Array> }> {
  const { found, bytes: all } = await peek(bytes, (head, ended) => {
    const kind = kindOf(head, ended);
    return kind.type === 'open' ? undefined : kind;
  });
  return { kind: found, bytes: all };
}

/**
 * Gives `tell` more and more of how `bytes` begin, until it says something; it has to when told that nothing more comes.
 * `bytes` of the answer are all of them, to be read once.
 */
export async function peek<T>(
  bytes: AsyncIterable<Uint8Array>,
  tell: (head: Buffer, ended: boolean) => T | undefined,
): Promise<{ readonly found: T; readonly bytes: AsyncIterable<Uint8Array> }> {
  const source = bytes[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  for (;;) {
    const found = tell(head, false);
    if (found !== undefined) return { found, bytes: withHead(head, source) };
    const next = await source.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  const found = tell(head, true);
  if (found === undefined) throw new Error('the format is not known before the end of the file');
  return { found, bytes: withHead(head, source) };
}

/** `open`: more has to be read to tell. */
type Kind = RecordingKind | { readonly type: 'open' };

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
  const lineEnd = head.indexOf(LF);
  if (lineEnd !== -1) return { type: 'typescript', header: head.toString('utf8', 0, lineEnd + 1) };
  return ended || head.length > HEAD_BYTES ? { type: 'raw' } : { type: 'open' };
}

/** A first line that is a JSON object with a version and a size; a program may well print JSON that is not. */
function jsonKind(head: Buffer, ended: boolean): Kind {
  const text = head.toString('utf8', 0, HEAD_BYTES);
  if (VERSION_1_START.test(text)) return { type: 'asciicast-1' };
  if (!JSON_START.test(text)) return { type: 'raw' };
  const lineEnd = head.indexOf(LF);
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

/** A header is a line of a few hundred bytes; what is longer is something else. */
const HEAD_BYTES = 64 * 1024;
