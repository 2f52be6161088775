import { isBytes, isCount, isShape } from '../../core/guards.js';
import type { CursorPosition } from '../../core/terminal/cursor-position.js';
import { isTerminalSize, type TerminalSize } from '../../core/terminal/size.js';
import type { WorkerProtocol } from '../../core/worker/worker-protocol.js';

/** The thread gets the size of its screen, then output; it replies with the cursor behind it. */
export const CURSOR_PROTOCOL: WorkerProtocol<TerminalSize, Uint8Array, CursorPosition> = {
  name: 'the thread that follows the cursor',
  data: isTerminalSize,
  request: isBytes,
  reply: isShape<CursorPosition>({ row: isCount, col: isCount }),
};
