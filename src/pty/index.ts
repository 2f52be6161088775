export { OrchError } from '../core/errors.js';
export { Capture, type CaptureOptions } from './capture.js';
export { ExecError, exec } from './exec.js';
export type { ExecOptions, ExecResult } from './exec-options.js';
export { loadPty, type PtySpawner } from './load-pty.js';
export type { PtyProcess, PtyRead, PtySpawn } from './pty-process.js';
