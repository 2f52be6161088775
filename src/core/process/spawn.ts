import type * as Native from 'node:child_process';
import { createRequire } from 'node:module';
import { closeOnExec } from './close-on-exec.js';

export type { ChildProcess } from 'node:child_process';

// The functions by which orch starts a process, besides a pty: those of node:child_process, with all descriptors but the
// three standard streams closed.

export const spawn = apart('spawn');
export const spawnSync = apart('spawnSync');
export const execFile = apart('execFile');

function apart<Name extends 'spawn' | 'spawnSync' | 'execFile'>(name: Name): (typeof Native)[Name] {
  const start = (...args: unknown[]): unknown => {
    closeOnExec();
    return (native()[name] as (...args: unknown[]) => unknown)(...args);
  };
  return start as (typeof Native)[Name];
}

/** Loaded when first needed: the import alone takes milliseconds, and most runs start nothing but their agent. */
function native(): typeof Native {
  return createRequire(import.meta.url)('node:child_process') as typeof Native;
}
