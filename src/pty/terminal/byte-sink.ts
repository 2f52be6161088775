import type { TerminalSize } from '../../core/terminal/size.js';

/** Where bytes leave orch: a terminal, a pipe, a file. It may take them slowly, or stop taking them at all. */
export interface ByteSink extends Disposable {
  /**
   * Takes as much of `bytes` as it can without waiting, and returns how much that was. Less than all: the rest is
   * welcome when {@link whenWritable} says so. Throws the system's error when it is gone for good (EPIPE, EIO).
   */
  write(bytes: Uint8Array): number;
  /** Calls `run` once when a write may succeed again. One waits at a time. */
  whenWritable(run: () => void): void;
  /** What is written from now on was printed to a terminal of this size. Absent where that makes no difference. */
  resize?(size: TerminalSize): void;
  /** Nothing more will be written: resolves when what was taken has left this process; rejects as write throws. */
  flush(): Promise<void>;
}
