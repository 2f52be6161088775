export { OrchError } from '../core/errors.js';
export { Capture, type CaptureOptions } from './process/capture.js';
export { ExecError, exec } from './exec/exec.js';
export type { ExecOptions, ExecResult } from './exec/exec-options.js';
export { loadPty, type PtySpawner } from './process/load-pty.js';
export type { PtyProcess, PtyRead, PtySpawn } from './process/pty-process.js';
