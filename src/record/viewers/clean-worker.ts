// The thread behind CleanSink: feeds output to a transcript, and sends the text to show.
import { systemClock, type Timer } from '../../core/clock.js';
import { keepHeapSmall } from '../../core/process/small-heap.js';
import { serveWorker } from '../../core/worker/serve-worker.js';
import type { Line } from '../../render/model/line.js';
import { linesToText } from '../../render/pictures/print-lines.js';
import { LiveTranscript } from '../../render/transcript/live-transcript.js';
import { CLEAN_PROTOCOL, type CleanText } from './clean-protocol.js';

/** The heap size from which it is kept small; it begins with 5 MiB. */
const LARGE_BYTES = 8 * 1024 * 1024;
/** Of what a text is put in. */
const MIN_BYTES = 64 * 1024;

keepHeapSmall({ from: LARGE_BYTES, young: 'shrinks' });

serveWorker(CLEAN_PROTOCOL, (size, tell) => {
  const transcript = new LiveTranscript(size);
  const encoder = new TextEncoder();
  let memory: ArrayBuffer | undefined;
  let waking: Timer | undefined;

  /** Reuses the memory of a shown text where it is large enough: else megabytes of garbage would pile up in either thread. */
  const utf8 = (text: string): Uint8Array<ArrayBuffer> => {
    const length = Buffer.byteLength(text);
    if (length === 0) return new Uint8Array(0);
    const reused = memory !== undefined && memory.byteLength >= length ? memory : undefined;
    const bytes = new Uint8Array(reused ?? new ArrayBuffer(Math.max(length, MIN_BYTES)), 0, length);
    if (reused !== undefined) memory = undefined;
    encoder.encodeInto(text, bytes);
    return bytes;
  };
  const cleanText = (lines: readonly Line[], read: number): CleanText => ({ text: utf8(linesToText(lines)), read });
  /** Shows lines that stand still although no output comes. */
  const wakeInTime = (): void => {
    const { wakeAt } = transcript;
    if (wakeAt === undefined) return;
    waking = systemClock.after(Math.max(0, wakeAt - systemClock.monotonic()), () => {
      const lines = transcript.look(systemClock.monotonic());
      if (lines.length > 0) tell(cleanText(lines, 0));
      wakeInTime();
    });
  };

  return (request) => {
    waking?.cancel();
    if (request.type === 'end') return cleanText(transcript.end(), 0);
    if (request.type === 'resize') {
      tell(cleanText(transcript.push({ type: 'resize', ...request.size }, systemClock.monotonic()), 0));
      wakeInTime();
      return undefined;
    }
    memory = request.spent ?? memory;
    tell(cleanText(transcript.push(request.bytes, request.at), request.bytes.length));
    wakeInTime();
    return undefined;
  };
});
