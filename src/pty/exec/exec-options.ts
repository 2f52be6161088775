import type { SignalName } from '../../core/exit-status.js';

export interface ExecOptions {
  /** Under a pseudo-terminal (default), or with pipes that keep stdout and stderr apart. */
  readonly tty?: boolean;
  /** A failure throws an `ExecError` that carries the result (default), or is a result like any other. */
  readonly reject?: boolean;
  /** Text as it comes, decoded as UTF-8 across the edges of chunks. Under a tty all output is stdout. */
  readonly onStdout?: (text: string) => void;
  readonly onStderr?: (text: string) => void;
  /** Every byte as it comes, of stdout and stderr; the array is reused after the call. */
  readonly onData?: (bytes: Uint8Array) => void;
  /** Every byte is appended to this file, made when missing (0600). */
  readonly logFile?: string;
  /** The terminal's size; 120×40 unless given. */
  readonly cols?: number;
  readonly rows?: number;
  /** The whole environment; this process's unless given. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Ends the process group with SIGTERM, and with SIGKILL 10 s later. */
  readonly signal?: AbortSignal;
  /**
   * Typed into the terminal without an echo, or piped in, followed by the end of input. Without it, input ends at once. A
   * terminal hands over lines of at most 4,095 bytes, and drops what is longer.
   */
  readonly input?: string | Uint8Array;
}

/** The result of a command. */
export interface ExecResult {
  /** At most 2^28 characters; see {@link truncated}. */
  readonly stdout: string;
  /** Always empty under a tty, where there is one stream only. */
  readonly stderr: string;
  /** 128 + the signal's number where a signal ended it, as a shell says it. 127 and 126: it could not be started. */
  readonly exitCode: number;
  readonly signal: SignalName | undefined;
  /** Bytes printed. */
  readonly bytes: number;
  readonly durationMs: number;
  /** More was printed than a string can hold: the rest went to `onData` and `logFile` alone. */
  readonly truncated: boolean;
}

/** What a runner starts: a resolved program, with nothing inherited. */
export interface ExecLine {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}
