/**
 * For a thread that prints nothing: otherwise its parent opens `process.stdout` and `process.stderr` for it, which takes
 * milliseconds, and fails where somebody writes to the same socket without them and waits for its reader.
 */
export const OWN_STREAMS = { stdout: true, stderr: true } as const;
