import { isBytes, isCount, isMemory, isNumber, isShape, isVariantOf, maybe } from '../../core/guards.js';
import { isTerminalSize, type TerminalSize } from '../../core/terminal/size.js';
import type { WorkerProtocol } from '../../core/worker/worker-protocol.js';

/** To the thread: output, with the time it was printed at; or that no more will come. */
export type CleanRequest =
  | {
      readonly type: 'bytes';
      readonly bytes: Uint8Array;
      readonly at: number;
      /** Text that was shown: memory for the next. */
      readonly spent: ArrayBuffer | undefined;
    }
  | { readonly type: 'end' };

/** From the thread: what is to be shown, now that so many bytes more were read. */
export interface CleanText {
  /** UTF-8. */
  readonly text: Uint8Array<ArrayBuffer>;
  readonly read: number;
}

/** The thread is given the agent's terminal, and says text as it becomes final; its answer to the end is the last of it. */
export const CLEAN_PROTOCOL: WorkerProtocol<TerminalSize, CleanRequest, CleanText> = {
  name: 'the thread that makes clean text',
  data: isTerminalSize,
  request: isVariantOf<CleanRequest>({ bytes: { bytes: isBytes, at: isNumber, spent: maybe(isMemory) }, end: {} }),
  reply: isShape<CleanText>({ text: isBytes, read: isCount }),
  transfer: ({ text }) => [text.buffer],
};
