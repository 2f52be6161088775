import type { ScreenPattern, ScreenPatterns } from '../../backends/behaviour.js';
import { isBytes, isListOf, isOneOf, isShape, isText, maybe } from '../../core/guards.js';
import { isTerminalSize, type TerminalSize } from '../../core/terminal/size.js';
import type { WorkerProtocol } from '../../core/worker/worker-protocol.js';

/** What a sign on the screen says; null: none stands there. */
export type ScreenStatus = 'waiting' | 'done' | 'failed' | null;

/** What the thread looks for, and on what screen. */
export interface ScreenWatchData {
  readonly size: TerminalSize;
  readonly patterns: ScreenPatterns;
  readonly prompt: string | undefined;
}

/** Output, and the size the screen has from then on. */
export interface ScreenWatchRequest {
  readonly bytes: Uint8Array;
  readonly size: TerminalSize;
}

const arePatterns = maybe(
  isListOf(isShape<ScreenPattern>({ source: isText, flags: isText, betweenEqualLines: maybe(isOneOf(true)) })),
);

/** The thread answers each piece of output with the sign that stands on the screen then. */
export const SCREEN_WATCH_PROTOCOL: WorkerProtocol<ScreenWatchData, ScreenWatchRequest, ScreenStatus> = {
  name: "the thread that watches an agent's screen",
  data: isShape<ScreenWatchData>({
    size: isTerminalSize,
    patterns: isShape<ScreenPatterns>({ done: arePatterns, waiting: arePatterns, failed: arePatterns }),
    prompt: maybe(isText),
  }),
  request: isShape<ScreenWatchRequest>({ bytes: isBytes, size: isTerminalSize }),
  reply: isOneOf('waiting', 'done', 'failed', null),
};
