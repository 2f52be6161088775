import type { ScreenPattern, ScreenPatterns } from '../../backends/behaviour.js';
import { isBytes, isListOf, isOneOf, isShape, isText, maybe } from '../../core/guards.js';
import { isTerminalSize, type TerminalSize } from '../../core/terminal/size.js';
import type { WorkerProtocol } from '../../core/worker/worker-protocol.js';

/** The status that the screen shows, and the line that says so; null: none. */
export type ScreenStatus = { readonly status: 'waiting' | 'done' | 'failed'; readonly text: string } | null;

/** The patterns that the thread matches, and the screen's size. */
export interface ScreenWatchData {
  readonly size: TerminalSize;
  readonly patterns: ScreenPatterns;
  readonly prompt: string | undefined;
}

/** Output, and the screen's size behind it. */
export interface ScreenWatchRequest {
  readonly bytes: Uint8Array;
  readonly size: TerminalSize;
}

const arePatterns = maybe(
  isListOf(isShape<ScreenPattern>({ source: isText, flags: isText, betweenEqualLines: maybe(isOneOf(true)) })),
);

const isShown = isShape<NonNullable<ScreenStatus>>({ status: isOneOf('waiting', 'done', 'failed'), text: isText });

/** The thread answers each request with the status that the screen shows then. */
export const SCREEN_WATCH_PROTOCOL: WorkerProtocol<ScreenWatchData, ScreenWatchRequest, ScreenStatus> = {
  name: "the thread that watches an agent's screen",
  data: isShape<ScreenWatchData>({
    size: isTerminalSize,
    patterns: isShape<ScreenPatterns>({ done: arePatterns, waiting: arePatterns, failed: arePatterns }),
    prompt: maybe(isText),
  }),
  request: isShape<ScreenWatchRequest>({ bytes: isBytes, size: isTerminalSize }),
  reply: (value): value is ScreenStatus => value === null || isShown(value),
};
