import type { LogBatch } from '../../../src/view/lines/log-batch.js';
import type { LogStream } from '../../../src/view/streams/log-stream.js';

export interface MemoryStream {
  readonly stream: LogStream;
  /** Whether somebody reads it, and has not closed it. */
  readonly isOpen: () => boolean;
}

/** A stream of a task that is not there: its lines, or at last an error. Of a stream it has the id and the reading. */
export function memoryStream(
  id: string,
  batches: Iterable<LogBatch> | AsyncIterable<LogBatch>,
  error?: Error,
): MemoryStream {
  let isOpen = false;
  async function* read(): AsyncGenerator<LogBatch, void, void> {
    isOpen = true;
    try {
      yield* batches;
      if (error !== undefined) throw error;
    } finally {
      isOpen = false;
    }
  }
  return { stream: { id, read } as Partial<LogStream> as LogStream, isOpen: () => isOpen };
}
