import { errors } from '../../core/errors.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import { resizeOf, TimingHeaders, timingRecords } from './timing-records.js';

/** What the timing file of script(1) says of its typescript, except for the times. */
export interface ScriptTiming {
  /** Of the terminal at the start; undefined where there was none, or the classic format does not tell. */
  readonly size: TerminalSize | undefined;
  readonly spans: readonly TypescriptSpan[];
}

/** What the typescript is made of, in order; spans of one kind that follow each other are joined. */
type TypescriptSpan =
  | { readonly type: 'output'; readonly bytes: number }
  /** What was typed, where `--log-io` put both into one file. */
  | { readonly type: 'input'; readonly bytes: number }
  | TimedResize;

type TimedResize = { readonly type: 'resize' } & TerminalSize;

/**
 * Reads a timing file of util-linux: the classic format, `delay bytes` a line, or the advanced one, whose lines begin
 * with the stream they are of (script(1), "--log-timing"). A last line that was cut short is passed over.
 *
 * @throws OrchError TIMING_UNREADABLE; what `bytes` throws
 */
export async function readScriptTiming(bytes: AsyncIterable<Uint8Array>): Promise<ScriptTiming> {
  const headers = new TimingHeaders();
  const spans: TypescriptSpan[] = [];
  for await (const record of timingRecords(limited(bytes))) {
    switch (record.type) {
      case 'header':
        headers.add(record);
        break;
      case 'output':
        add(spans, 'output', record.bytes);
        break;
      case 'input':
        if (headers.hasInputInOutput) add(spans, 'input', record.bytes);
        break;
      case 'signal': {
        const size = resizeOf(record);
        if (size !== undefined) spans.push({ type: 'resize', ...size });
        break;
      }
    }
  }
  return { size: headers.size, spans };
}

/**
 * The output of a typescript, the resizes at their bytes, without what was typed.
 *
 * @throws OrchError TIMING_UNREADABLE at the end of a typescript that is shorter than its timing says
 */
export async function* timedChunks(
  bytes: AsyncIterable<Uint8Array>,
  { spans }: ScriptTiming,
): AsyncGenerator<Uint8Array | TimedResize, void, void> {
  let next = 0;
  /** How many bytes of the span `next` have come. */
  let come = 0;
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; ) {
      const span = spans[next];
      if (span?.type === 'resize') yield span;
      else {
        const to = Math.min(chunk.length, span === undefined ? chunk.length : at + span.bytes - come);
        if (span?.type !== 'input') yield chunk.subarray(at, to);
        come += to - at;
        at = to;
        if (span === undefined || come < span.bytes) continue;
      }
      next++;
      come = 0;
    }
  }
  for (let span = spans[next]; span !== undefined; span = spans[++next]) {
    if (span.type !== 'resize') throw errors.timingUnreadable('it has more bytes than the typescript');
    yield span;
  }
}

/** Bounds the file, since all its spans are held. */
async function* limited(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  let length = 0;
  for await (const chunk of bytes) {
    length += chunk.length;
    if (length > MAX_BYTES) throw errors.timingUnreadable('it is longer than 256 MiB');
    yield chunk;
  }
}

function add(spans: TypescriptSpan[], type: 'output' | 'input', bytes: number): void {
  if (bytes === 0) return;
  const last = spans.at(-1);
  if (last?.type === type) spans[spans.length - 1] = { type, bytes: last.bytes + bytes };
  else spans.push({ type, bytes });
}

/** A line is some 15 bytes and stands for a read: gigabytes of recording. */
const MAX_BYTES = 256 * 1024 * 1024;
