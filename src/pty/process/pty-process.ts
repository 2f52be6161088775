import type { ExitStatus, SignalName } from '../../core/exit-status.js';
import type { TerminalSize } from '../../core/terminal/size.js';

/** What to start, and in which terminal. Nothing is inherited: the environment is exactly `env`. */
export interface PtySpawn {
  /** Absolute path of the program, already resolved: a failing execvp(3) would otherwise look like output. */
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly size: TerminalSize;
  /** Absolute path of a file that is its standard input; undefined: the terminal is. The terminal is its own either way. */
  readonly stdin?: string | undefined;
  /**
   * Whether the session outlives the process, until {@link PtyProcess.close}: what the process has left behind is not hung
   * up by its end. A process of orch's leads the session then; else there is no other, and the process leads it.
   */
  readonly sessionStays?: boolean;
}

/** The result of one non-blocking read: a number of bytes, nothing yet, or the end. */
export type PtyRead =
  | { readonly type: 'bytes'; readonly count: number }
  | { readonly type: 'empty' }
  | { readonly type: 'end' };

/**
 * A process in a session of its own on the slave side of a pseudo-terminal, and the master side of it.
 *
 * The port is as low as a capture that loses nothing needs: bytes are pushed while the process runs, and can be
 * pulled until the kernel says that no more will come. Nothing is decoded, buffered or closed behind its back.
 */
export interface PtyProcess {
  /** The child's pid. Its process group and its session have the same number, unless `sessionStays`. */
  readonly pid: number;
  /** The slave's device, such as `/dev/pts/7`. */
  readonly device: string;
  /** Called once when the child runs and {@link pid} is its own: at once, except where `sessionStays`. One listener, set once. */
  onStart(listener: () => void): void;
  /** Bytes as they arrive; the array belongs to the listener for the length of the call. One listener, set once. */
  onBytes(listener: (bytes: Uint8Array) => void): void;
  /** The child's end, once. Bytes may still be in the kernel: see {@link read}. One listener, set once. */
  onExit(listener: (status: ExitStatus) => void): void;
  /** Bytes are not pushed until {@link resumePushing}; {@link read} gives them meanwhile. */
  pausePushing(): void;
  /** Nothing after {@link stopPushing}. */
  resumePushing(): void;
  /** Ends the pushing for good, so that {@link read} alone decides what comes next. */
  stopPushing(): void;
  /** Reads without waiting into `buffer` from `start` on. After {@link close}: `end`. */
  read(buffer: Uint8Array, start: number): PtyRead;
  /** Writes without waiting; returns how many bytes the kernel took: 0 when its queue is full, or after the exit. */
  write(bytes: Uint8Array): number;
  /** TIOCSWINSZ, which sends SIGWINCH to the foreground group. Nothing after the exit. */
  resize(size: TerminalSize): void;
  /** Sends `signal` to the child's process group. Nothing when it is gone. */
  kill(signal: SignalName): void;
  /**
   * Closes the slave that was held open so that no hangup could reach the master early. From here on {@link read}
   * says `end` as soon as no process has the terminal open.
   */
  releaseSlave(): void;
  /** Closes both sides; processes that still have the terminal open are hung up. Idempotent. */
  close(): void;
}
