import type { Clock } from '../core/clock.js';
import { attachedSize, UserTerminal } from '../pty/user-terminal.js';
import { finishView } from './finish-view.js';
import { LiveView } from './live-view.js';
import { Recording, type RecordingRequest, type RecordingTools } from './recording.js';
import type { RecordingResult } from './task-notes.js';

/** A terminal further behind is shown the end of the recording: the rest would scroll by unread, for minutes. */
export const TERMINAL_BEHIND = { maxBehind: 8 * 1024 * 1024, jumpTo: 256 * 1024 } as const;

export interface AttachedOptions {
  /** The terminal's size is the agent's, and so is every change of it. */
  readonly followSize: boolean;
  /** Shown in place of bytes that are left out. */
  readonly mark: (bytes: number) => Uint8Array;
  /** Told of the recording as soon as the agent runs. */
  readonly onStart: (recording: Recording) => void;
}

/**
 * Records an agent with a person before it: the terminal is the agent's until it ends, every key included, and is put
 * back whatever happens.
 */
export async function recordAttached(
  request: RecordingRequest,
  tools: RecordingTools,
  { followSize, mark, onStart }: AttachedOptions,
): Promise<RecordingResult> {
  let recording: Recording | undefined;
  // Before the agent: its first byte must meet a raw terminal, and the guardian must not inherit its pty.
  using terminal = new UserTerminal(tools.clock, {
    onInput: (bytes) => {
      return (
        recording?.type(bytes, () => {
          terminal.resumeInput();
        }) ?? true
      );
    },
    onResize: (size) => {
      if (followSize) recording?.resize(size);
    },
  });
  recording = new Recording(request, tools);
  using running = recording;
  onStart(running);
  const view = new LiveView(terminal, running, { ...TERMINAL_BEHIND, mark });
  running.attach(view);
  // The window may have changed between being measured and being listened to.
  const size = attachedSize();
  if (followSize && size !== undefined) running.resize(size);
  const result = await running.ended;
  await finishView(view, tools.clock);
  return result;
}
