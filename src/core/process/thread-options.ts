import { fileURLToPath } from 'node:url';

/**
 * How each thread of orch is started. It prints nothing: otherwise its parent opens `process.stdout` and `process.stderr` for
 * it, which takes milliseconds, and fails where somebody writes to the same socket without them and waits for its reader.
 * And it starts where the working folder was removed, too.
 */
export const THREAD_OPTIONS = {
  stdout: true,
  stderr: true,
  execArgv: ['--require', fileURLToPath(new URL('./thread-start.cjs', import.meta.url))],
};
