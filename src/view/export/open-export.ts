import { TextRedactor } from '../../core/redact/text-redactor.js';
import { TOKEN_SHAPES } from '../../core/redact/token-shapes.js';
import { recordedStart } from '../../store/log/segments.js';
import { formatCommand } from '../print/format.js';
import type { MissingRange } from '../lines/missing-range.js';
import type { RecordedTask } from '../lines/recorded-task.js';
import { beginAt } from './begin-at.js';
import type { PlacedChunk } from '../../formats/model/written-recording.js';
import type { ExportSource } from './export-source.js';
import { limitIdle } from './limit-idle.js';
import { maskChunks } from './mask-chunks.js';
import { recordedChunks } from './recorded-chunks.js';

export interface ExportOptions {
  /** The first byte, and the moment that is to be millisecond 0; undefined: from the beginning. */
  readonly from?: Beginning | undefined;
  /** Absolute offset behind the last byte; undefined: to the end, and how the agent ended. */
  readonly to?: number | undefined;
  /** The longest pause, ms. */
  readonly idleLimitMs?: number | undefined;
  readonly title?: string | undefined;
  /** Called with the name of each well-known token that was masked; undefined: nothing is masked. */
  readonly onMasked?: ((name: string) => void) | undefined;
  /** Called with each missing range within the export. */
  readonly onMissing?: (range: MissingRange) => void;
  /** Called with the absolute offset that reading has reached. */
  readonly onRead?: (offset: number) => void;
  /** Ends the reading at once, without an error. */
  readonly signal: AbortSignal;
}

interface Beginning {
  readonly offset: number;
  /** Milliseconds after the start of the recording; undefined: when the byte at `offset` came. */
  readonly ms?: number | undefined;
}

/**
 * The export of a recording, which must stay open until it is read.
 *
 * @throws OrchError LOG_UNREADABLE
 */
export function openExport(recording: RecordedTask, options: ExportOptions): ExportSource {
  const { entry, times } = recording;
  const { from = { offset: recordedStart(entry.folder.path) }, to, idleLimitMs, onMasked } = options;
  const { onRead = () => undefined, signal } = options;
  const onMissing = (range: MissingRange): void => {
    if (range.offset + range.bytes > from.offset) options.onMissing?.(range);
  };
  let isFirst = true;
  const mask = textMask(onMasked);
  const command = entry.type === 'task' ? formatCommand(entry.manifest.shown ?? entry.manifest.argv) : undefined;
  const name = entry.type === 'task' ? entry.manifest.name : undefined;
  const originMs = from.ms ?? (from.offset === 0 ? 0 : (times.timeAt(from.offset) ?? 0));
  return {
    entry,
    id: entry.folder.id,
    title: mask(options.title ?? name ?? command ?? entry.folder.id),
    command: command === undefined ? undefined : mask(command),
    size: recording.sizeAt(from.offset),
    started: times.start === undefined ? undefined : times.start + originMs,
    chunks: () => {
      // A format that reads twice must not report twice.
      const [ranges, masked] = isFirst ? [onMissing, onMasked] : [undefined, onMasked && ((): void => undefined)];
      isFirst = false;
      let chunks: AsyncIterable<PlacedChunk> = counted(
        recordedChunks(recording, { to, signal, onMissing: ranges }),
        onRead,
      );
      if (masked !== undefined) chunks = maskChunks(chunks, masked);
      if (from.offset > 0 || originMs > 0)
        chunks = beginAt(chunks, { offset: from.offset, ms: originMs, size: recording.sizeAt(0) });
      return idleLimitMs === undefined ? chunks : limitIdle(chunks, idleLimitMs);
    },
  };
}

function textMask(onMasked: ExportOptions['onMasked']): (text: string) => string {
  if (onMasked === undefined) return (text) => text;
  const redactor = new TextRedactor({ secrets: [], shapes: TOKEN_SHAPES, onFound: onMasked });
  return (text) => redactor.redact(text);
}

async function* counted(
  chunks: AsyncIterable<PlacedChunk>,
  onRead: (offset: number) => void,
): AsyncGenerator<PlacedChunk, void, void> {
  for await (const chunk of chunks) {
    onRead(chunk.offset);
    yield chunk;
  }
}
