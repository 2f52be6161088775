import type { TerminalSize } from '../../core/terminal/size.js';
import type { MissingRange } from '../lines/missing-range.js';
import type { RecordedTask } from '../lines/recorded-task.js';
import { Captured } from './captured.js';
import type { PlacedChunk } from '../../formats/model/written-recording.js';

export interface RecordedOptions {
  /** Absolute offset behind the last byte wanted; undefined: to the end, and how the agent ended. */
  readonly to: number | undefined;
  readonly signal: AbortSignal;
  /** Called with each missing range, when reading comes to it. */
  readonly onMissing: ((range: MissingRange) => void) | undefined;
}

/**
 * A recording from its first byte, with everything at its time; in flat memory.
 *
 * @throws OrchError LOG_UNREADABLE
 */
export async function* recordedChunks(
  recording: RecordedTask,
  { to, signal, onMissing }: RecordedOptions,
): AsyncGenerator<PlacedChunk, void, void> {
  using captured = new Captured(recording.entry.folder.path);
  let offset = 0;
  let ms = 0;
  let begun = 0;
  const range = { signal, ...(to === undefined ? {} : { to }) };
  for await (const chunk of recording.chunks(range, onMissing === undefined ? {} : { onMissing })) {
    if (chunk instanceof Uint8Array) {
      for (let done = 0; done < chunk.length; ) {
        let until: number;
        ({ ms, until } = captured.byteAt(offset));
        const next = recording.iterations[begun];
        if (next !== undefined && next.offset <= offset) {
          begun++;
          yield { type: 'iteration', ms, offset, iteration: next.iteration };
          continue;
        }
        const length = Math.min(chunk.length - done, until - offset, (next?.offset ?? Infinity) - offset);
        yield { type: 'output', ms, offset, bytes: chunk.subarray(done, done + length) };
        done += length;
        offset += length;
      }
    } else if (chunk.type === 'resize') {
      ms = captured.resizeAt(offset);
      yield { type: 'resize', ms, offset, ...sizeOf(chunk) };
    } else {
      yield { type: 'missing', ms, offset, bytes: chunk.bytes };
      offset += chunk.bytes;
    }
  }
  if (to === undefined && !signal.aborted) yield* endChunks(recording, ms, offset);
}

function sizeOf({ cols, rows }: TerminalSize): TerminalSize {
  return { cols, rows };
}

/** The last chunks: a missing range at the end, and how the agent ended, where that is known. */
function* endChunks(
  { entry, iterations }: RecordedTask,
  ms: number,
  offset: number,
): Generator<PlacedChunk, void, void> {
  if (entry.type === 'unreadable') return;
  const { started, ended, exit, bytes } = entry.manifest;
  if (ended === undefined) return;
  for (const { iteration, offset: begun } of iterations) {
    if (begun >= offset) yield { type: 'iteration', ms, offset, iteration };
  }
  if (bytes > offset) yield { type: 'missing', ms, offset, bytes: bytes - offset };
  if (exit === undefined) return;
  // Wall time may have been set back; what was exported does not go back with it.
  const at = Math.max(ms, Date.parse(ended) - Date.parse(started));
  yield { type: 'exit', ms: at, offset: Math.max(offset, bytes), ...exit };
}
