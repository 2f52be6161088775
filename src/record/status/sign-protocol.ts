import type { Sign, Signs } from '../../backends/behaviour.js';
import { isBytes, isListOf, isOneOf, isShape, isText, maybe } from '../../core/guards.js';
import { isTerminalSize, type TerminalSize } from '../../core/terminal/size.js';
import type { WorkerProtocol } from '../../core/worker/worker-protocol.js';

/** What a sign on the screen says; null: none stands there. */
export type SignState = 'waiting' | 'done' | 'failed' | null;

/** What the thread looks for, and on what screen. */
export interface SignWork {
  readonly size: TerminalSize;
  readonly signs: Signs;
  readonly prompt: string | undefined;
}

/** Output, and the size the screen has from then on. */
export interface SignRequest {
  readonly bytes: Uint8Array;
  readonly size: TerminalSize;
}

const areSigns = maybe(
  isListOf(isShape<Sign>({ source: isText, flags: isText, betweenEqualLines: maybe(isOneOf(true)) })),
);

/** The thread answers each piece of output with the sign that stands on the screen then. */
export const SIGN_PROTOCOL: WorkerProtocol<SignWork, SignRequest, SignState> = {
  name: "the thread that watches an agent's screen",
  data: isShape<SignWork>({
    size: isTerminalSize,
    signs: isShape<Signs>({ done: areSigns, waiting: areSigns, failed: areSigns }),
    prompt: maybe(isText),
  }),
  request: isShape<SignRequest>({ bytes: isBytes, size: isTerminalSize }),
  reply: isOneOf('waiting', 'done', 'failed', null),
};
