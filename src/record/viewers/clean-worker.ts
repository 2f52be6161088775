// The thread behind CleanSink: a transcript that takes in what it is sent, and says what is to be shown.
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock, type Timer } from '../../core/clock.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import type { Line } from '../../render/model/line.js';
import { LiveTranscript } from '../../render/transcript/live-transcript.js';
import { linesToText } from '../../render/pictures/print-lines.js';
import type { CleanAnswer, CleanRequest } from './clean-sink.js';

const transcript = new LiveTranscript(workerData as TerminalSize);
const encoder = new TextEncoder();
let waking: Timer | undefined;

parentPort?.on('message', (request: CleanRequest) => {
  waking?.cancel();
  if (request.type === 'end') {
    answer(transcript.end(), 0, true);
    return;
  }
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
  const text = encoder.encode(linesToText(lines));
  parentPort?.postMessage({ text, read, last } satisfies CleanAnswer, [text.buffer]);
}
