import { OwnAnswers } from '../../pty/input/own-answers.js';
import { attachedSize, UserTerminal } from '../../pty/terminal/user-terminal.js';
import { untilTerminalIsDone } from './finish-view.js';
import { LiveView, TERMINAL_BEHIND } from './live-view.js';
import { QueryResponder } from './query-responder.js';
import { Recording, type RecordingRequest, type RecordingTools } from '../run/recording.js';
import type { RecordingResult } from '../run/task-notes.js';

export { attachedSize } from '../../pty/terminal/user-terminal.js';

export interface AttachedOptions {
  /** The agent's terminal follows the size of this one. */
  readonly followSize: boolean;
  /** Shown in place of bytes that are left out. */
  readonly mark: (bytes: number) => Uint8Array;
  /** Called with the recording as soon as the agent runs. */
  readonly onStart: (recording: Recording) => void;
}

/**
 * Records an attended agent: the terminal is the agent's until it ends, every key included, and is put
 * back whatever happens.
 */
export async function recordAttached(
  request: RecordingRequest,
  tools: RecordingTools,
  { followSize, mark, onStart }: AttachedOptions,
): Promise<RecordingResult> {
  const agent: { recording?: Recording } = {};
  // Before the agent: its first byte must meet a raw terminal.
  const answers = new OwnAnswers();
  using terminal = new UserTerminal(tools.clock, {
    onInput: (typed) => {
      const bytes = answers.remove(typed);
      agent.recording?.keysTyped(bytes);
      return agent.recording?.type(bytes, resumeInput) ?? true;
    },
    onResize: (size) => {
      if (followSize) agent.recording?.resize(size);
    },
  });
  const resumeInput = (): void => {
    terminal.resumeInput();
  };
  using recording = new Recording(request, tools);
  agent.recording = recording;
  onStart(recording);
  // Before the terminal: it answers what it knows itself.
  using responder = new QueryResponder(recording, request.recorder.version, () => true);
  recording.attach(responder);
  const view = new LiveView(terminal, recording, { ...TERMINAL_BEHIND, mark });
  recording.attach(view);
  // The window may have changed between being measured and being listened to.
  const size = attachedSize();
  if (followSize && size !== undefined) recording.resize(size);
  const result = await recording.ended;
  await untilTerminalIsDone(view, tools.clock);
  return result;
}
