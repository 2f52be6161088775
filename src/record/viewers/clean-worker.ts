// The thread behind CleanSink: a transcript that takes in what it is sent, and says what is to be shown.
import { systemClock, type Timer } from '../../core/clock.js';
import { serveWorker } from '../../core/worker/serve-worker.js';
import { linesToText } from '../../render/pictures/print-lines.js';
import { LiveTranscript } from '../../render/transcript/live-transcript.js';
import { CLEAN_PROTOCOL } from './clean-protocol.js';

serveWorker(CLEAN_PROTOCOL, (size, tell) => {
  const transcript = new LiveTranscript(size);
  const encoder = new TextEncoder();
  let waking: Timer | undefined;
  /** Lines that stand still are shown although nothing comes. */
  const wakeInTime = (): void => {
    const { wakeAt } = transcript;
    if (wakeAt === undefined) return;
    waking = systemClock.after(Math.max(0, wakeAt - systemClock.monotonic()), () => {
      const lines = transcript.look(systemClock.monotonic());
      if (lines.length > 0) tell({ text: encoder.encode(linesToText(lines)), read: 0 });
      wakeInTime();
    });
  };
  return (request) => {
    waking?.cancel();
    if (request.type === 'end') return { text: encoder.encode(linesToText(transcript.end())), read: 0 };
    tell({ text: encoder.encode(linesToText(transcript.push(request.bytes, request.at))), read: request.bytes.length });
    wakeInTime();
    return undefined;
  };
});
