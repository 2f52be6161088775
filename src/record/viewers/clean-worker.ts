// The thread behind CleanSink: a transcript that takes in what it is sent, and says what is to be shown.
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock, type Timer } from '../../core/clock.js';
import { keepHeapSmall } from '../../core/process/small-heap.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import type { Line } from '../../render/model/line.js';
import { LiveTranscript } from '../../render/transcript/live-transcript.js';
import { linesToText } from '../../render/pictures/print-lines.js';
import type { CleanAnswer, CleanRequest } from './clean-sink.js';

/** Of this thread's heap, which begins with 5: beside a recording it is to be small, and fast enough for a terminal. */
const LARGE_BYTES = 8 * 1024 * 1024;
/** Of what a text is put in. */
const MIN_BYTES = 64 * 1024;

keepHeapSmall({ from: LARGE_BYTES, young: 'shrinks' });

const transcript = new LiveTranscript(workerData as TerminalSize);
const encoder = new TextEncoder();
let memory: ArrayBuffer | undefined;
let waking: Timer | undefined;

parentPort?.on('message', (request: CleanRequest) => {
  waking?.cancel();
  if (request.type === 'end') {
    answer(transcript.end(), 0, true);
    return;
  }
  memory = request.spent ?? memory;
  answer(transcript.push(request.bytes, request.at), request.bytes.length);
  wakeInTime();
});

/** Lines that stand still are shown although nothing comes. */
function wakeInTime(): void {
  const { wakeAt } = transcript;
  if (wakeAt === undefined) return;
  waking = systemClock.after(Math.max(0, wakeAt - systemClock.monotonic()), () => {
    const lines = transcript.look(systemClock.monotonic());
    if (lines.length > 0) answer(lines, 0);
    wakeInTime();
  });
}

function answer(lines: readonly Line[], read: number, last = false): void {
  // Bytes change hands, where a text would be copied on either side.
  const text = utf8(linesToText(lines));
  parentPort?.postMessage({ text, read, last } satisfies CleanAnswer, [text.buffer]);
}

/** In the memory of what was shown, if that is large enough: garbage of megabytes would wait to be noticed in either thread. */
function utf8(text: string): Uint8Array<ArrayBuffer> {
  const length = Buffer.byteLength(text);
  if (length === 0) return new Uint8Array(0);
  const fits = memory !== undefined && memory.byteLength >= length;
  const bytes = new Uint8Array(
    fits && memory !== undefined ? memory : new ArrayBuffer(Math.max(length, MIN_BYTES)),
    0,
    length,
  );
  if (fits) memory = undefined;
  encoder.encodeInto(text, bytes);
  return bytes;
}
