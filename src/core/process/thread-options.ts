import { fileURLToPath } from 'node:url';

/**
 * Options for each thread of orch. Threads print nothing: otherwise the parent opens `process.stdout` and `process.stderr` for
 * them, which takes milliseconds, and fails where other code writes to the same socket and waits for its reader.
 * They also start where the working folder was removed.
 */
export const THREAD_OPTIONS = {
  stdout: true,
  stderr: true,
  execArgv: ['--require', fileURLToPath(new URL('./thread-start.cjs', import.meta.url))],
};
