import { isBytes, isCount, isMemory, isNumber, isShape, isVariantOf, maybe } from '../../core/guards.js';
import { isTerminalSize, type TerminalSize } from '../../core/terminal/size.js';
import type { WorkerProtocol } from '../../core/worker/worker-protocol.js';

/** To the thread: output, with its time; another size of the terminal, behind that; or the end of the output. */
export type CleanRequest =
  | {
      readonly type: 'bytes';
      readonly bytes: Uint8Array;
      readonly at: number;
      /** The memory of a text that was shown, for reuse. */
      readonly spent: ArrayBuffer | undefined;
    }
  | { readonly type: 'resize'; readonly size: TerminalSize }
  | { readonly type: 'end' };

/** From the thread: text to show, and the number of bytes it was read from. */
export interface CleanText {
  /** UTF-8. */
  readonly text: Uint8Array<ArrayBuffer>;
  readonly read: number;
}

/** The thread gets the terminal's size, and sends text as it becomes final; its reply to the end is the last text. */
export const CLEAN_PROTOCOL: WorkerProtocol<TerminalSize, CleanRequest, CleanText> = {
  name: 'the thread that makes clean text',
  data: isTerminalSize,
  request: isVariantOf<CleanRequest>({
    bytes: { bytes: isBytes, at: isNumber, spent: maybe(isMemory) },
    resize: { size: isTerminalSize },
    end: {},
  }),
  reply: isShape<CleanText>({ text: isBytes, read: isCount }),
  transfer: ({ text }) => [text.buffer],
};
