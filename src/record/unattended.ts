import type { Readable } from 'node:stream';
import type { ByteSink } from '../pty/byte-sink.js';
import { feedInput } from './agent-input.js';
import { TERMINAL_BEHIND } from './attached.js';
import { finishView } from './finish-view.js';
import { LiveView } from './live-view.js';
import { QueryResponder } from './query-responder.js';
import { Recording, type RecordingRequest, type RecordingTools } from './recording.js';
import type { RecordingResult } from './task-notes.js';

export interface UnattendedOptions {
  /** Where the agent's output goes as it comes; undefined: nowhere but into the log. */
  readonly output: { readonly sink: ByteSink; readonly isTerminal: boolean } | undefined;
  /** What is piped in for the agent; undefined: nothing, and it is told so. */
  readonly input: Readable | undefined;
  /** Shown in place of bytes that are left out. */
  readonly mark: (bytes: number) => Uint8Array;
  /** Told of the recording as soon as the agent runs. */
  readonly onStart: (recording: Recording) => void;
  /** Aborts the wait for a slow reader after the agent's end. */
  readonly signal: AbortSignal;
}

/**
 * Records an agent that nobody sits before: orch answers what it asks its terminal, types what is piped in, and says
 * where that ends.
 */
export async function recordUnattended(
  request: RecordingRequest,
  tools: RecordingTools,
  { output, input, mark, onStart, signal }: UnattendedOptions,
): Promise<RecordingResult> {
  using recording = new Recording(request, tools);
  onStart(recording);
  const view = output && new LiveView(output.sink, recording, { ...behind(output.isTerminal), mark });
  if (view) recording.attach(view);
  using responder = new QueryResponder(recording, request.recorder.version);
  recording.attach(responder);
  const ended = new AbortController();
  const fed = feedInput(recording, input, {
    clock: tools.clock,
    signal: ended.signal,
    onLongLine: (bytes) => {
      recording.say({
        level: 'warn',
        text: `a line of ${bytes} bytes was piped in, and a terminal hands over 4095 at most: put the text into a file`,
      });
    },
  });
  try {
    const result = await recording.ended;
    if (view && output)
      await (output.isTerminal ? finishView(view, tools.clock) : untilAborted(view.caughtUp(), signal));
    return result;
  } finally {
    ended.abort();
    input?.destroy();
    await fed;
    output?.sink[Symbol.dispose]();
  }
}

/** A pipe gets every byte, however slow its reader is. */
function behind(isTerminal: boolean): { maxBehind: number; jumpTo: number } {
  return isTerminal ? TERMINAL_BEHIND : { maxBehind: Infinity, jumpTo: 0 };
}

function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      signal.removeEventListener('abort', done);
      resolve();
    };
    signal.addEventListener('abort', done);
    void work.then(done);
  });
}
