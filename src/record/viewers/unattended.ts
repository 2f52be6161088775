import type { Readable } from 'node:stream';
import type { Clock } from '../../core/clock.js';
import { errnoCode } from '../../core/errors.js';
import { feedInput } from '../../pty/input/agent-input.js';
import type { ByteSink } from '../../pty/terminal/byte-sink.js';
import { untilPipeIsDone, untilTerminalIsDone } from './finish-view.js';
import { LiveView, PIPE_BEHIND, TERMINAL_BEHIND } from './live-view.js';
import { QueryResponder } from './query-responder.js';
import { Recording, type RecordingRequest, type RecordingTools, type Viewer } from '../run/recording.js';
import type { RecordingResult } from '../run/task-notes.js';

/** The live destination of an agent's output, besides the log. */
export interface OutputTarget {
  readonly sink: ByteSink;
  readonly isTerminal: boolean;
  /** Called when the output failed, other than by being closed, as `head` does; the recording goes on without it. */
  readonly onFailed: (error: unknown) => void;
}

const GONE: ReadonlySet<string | undefined> = new Set(['EPIPE', 'EIO', 'ENXIO', 'ECONNRESET']);

/** Whether a write failed because its reader has gone: a closed pipe, a terminal that hung up. */
export function hasGone(error: unknown): boolean {
  return GONE.has(errnoCode(error));
}

/** What an agent's output goes to besides what shows and records it, and who answers its queries. */
export interface Audience extends Viewer, Disposable {
  /** The run has ended; resolves when its recording is not needed any more. */
  end(result: RecordingResult): Promise<void>;
}

export interface UnattendedOptions {
  /** Undefined: the output goes nowhere but into the log. */
  readonly output: OutputTarget | undefined;
  /** Input piped in for the agent; undefined: it gets the end of input at once. */
  readonly input: Readable | undefined;
  /** Shown in place of bytes that are left out. */
  readonly mark: (bytes: number) => Uint8Array;
  /** Called with the recording as soon as the agent runs. */
  readonly onStart: (recording: Recording) => void;
  /** Aborts the wait for a slow reader after the agent's end. */
  readonly signal: AbortSignal;
  /** Undefined: orch answers queries, and takes no clients. */
  readonly audience?: (recording: Recording) => Audience;
}

/**
 * Records an unattended agent: orch answers its terminal queries, types the piped input, and then
 * the end of input.
 */
export async function recordUnattended(
  request: RecordingRequest,
  tools: RecordingTools,
  { output, input, mark, onStart, signal, audience }: UnattendedOptions,
): Promise<RecordingResult> {
  using recording = new Recording(request, tools);
  onStart(recording);
  const others = audience?.(recording);
  using responder = others ?? new QueryResponder(recording, request.recorder.version);
  recording.attach(responder);
  const shown = output === undefined ? undefined : showOn(output, recording, mark, tools.clock);
  // One that leaves by keys has an interface of its own: the end of input, typed before that has the terminal, would be a key to it.
  const readsInput = request.behaviour.leave === undefined;
  const feed = async (from: Readable | undefined, signal: AbortSignal): Promise<void> => {
    if (from === undefined && !readsInput) return;
    await feedInput(recording, from, {
      clock: tools.clock,
      signal,
      onLongLine: (bytes) => {
        recording.say({
          level: 'warn',
          text: `a line of ${bytes} bytes was piped in; a terminal delivers at most 4095: put the text into a file`,
        });
      },
    });
  };
  let feeding = new AbortController();
  let fed = feed(input, feeding.signal);
  // Piped input is for the first run of the agent; later runs get its end at once.
  recording.onAgain(() => {
    feeding.abort();
    feeding = new AbortController();
    fed = Promise.all([fed, feed(undefined, feeding.signal)]).then(() => undefined);
  });
  try {
    const result = await recording.ended;
    await shown?.(signal);
    await others?.end(result);
    return result;
  } finally {
    feeding.abort();
    input?.destroy();
    await fed;
    output?.sink[Symbol.dispose]();
  }
}

/** Shows the recording from now on. The returned function waits until the last byte has been taken. */
function showOn(
  { sink, isTerminal, onFailed }: OutputTarget,
  recording: Recording,
  mark: (bytes: number) => Uint8Array,
  clock: Clock,
): (stop: AbortSignal) => Promise<void> {
  const onGone = (error: unknown): void => {
    if (!hasGone(error)) onFailed(error);
  };
  const view = new LiveView(sink, recording, { ...(isTerminal ? TERMINAL_BEHIND : PIPE_BEHIND), mark, onGone });
  recording.attach(view);
  return (stop) => (isTerminal ? untilTerminalIsDone(view, clock) : untilPipeIsDone(view, stop));
}
