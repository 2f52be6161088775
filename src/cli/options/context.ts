import type { Clock } from '../../core/clock.js';

/**
 * The world a command runs in. `bin.ts` makes it from `process`, a test from values; no command touches `process`.
 */
export interface CliContext {
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** This process, as manifests note it. */
  readonly pid: number;
  /** The node that runs orch, for programs of its own such as the demo agent. */
  readonly execPath: string;
  /** The script of orch itself, for further processes of it. */
  readonly script: string;
  readonly clock: Clock;
  readonly stdin: CliInput;
  readonly stdout: CliOutput;
  readonly stderr: CliOutput;
  /** Listens to a signal sent to orch until disposed; while anyone listens the signal does not end the process. */
  onSignal(signal: CliSignal, listener: () => void): Disposable;
}

export type CliSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGQUIT';

interface CliInput {
  readonly fd: number;
  readonly isTTY: boolean;
}

export interface CliOutput {
  readonly fd: number;
  readonly isTTY: boolean;
  /** Width in cells, where it is a terminal that knows. */
  readonly columns: number | undefined;
  /** Height in cells, where it is a terminal that knows. */
  readonly rows: number | undefined;
  /** Resolves when the bytes were taken; rejects with the system's error, `EPIPE` when the reader has gone. */
  write(text: string | Uint8Array): Promise<void>;
}
