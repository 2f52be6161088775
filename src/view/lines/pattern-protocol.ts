import { isFlag, isShape, isText } from '../../core/guards.js';
import type { PatternSpec } from '../../core/pattern/pattern.js';
import type { WorkerProtocol } from '../../core/worker/worker-protocol.js';

/** The thread is given a pattern, asked with texts, and answers whether it matches anywhere in them. */
export const PATTERN_PROTOCOL: WorkerProtocol<PatternSpec, string, boolean> = {
  name: 'the thread that searches long lines',
  data: isShape<PatternSpec>({ source: isText, flags: isText }),
  request: isText,
  reply: isFlag,
};
