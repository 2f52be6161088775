import type * as Native from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { closeOnExec, inheritableDescriptors } from './close-on-exec.js';

export type { ChildProcess, SpawnSyncReturns } from 'node:child_process';

// The functions by which orch starts a process, besides a pty: those of node:child_process, with all descriptors but the
// three standard streams closed.

export const spawn = apart('spawn');
export const spawnSync = apart('spawnSync');
export const execFile = apart('execFile');

/** Up to this number descriptors are covered; where one is higher all are closed. */
const MAX_COVERED = 64;

/**
 * What a program of the system that ends at once prints, given `stdin`; rejects where it fails. What it would inherit is covered by
 * /dev/null, which takes no library: beside a recording koffi would stay in memory for as long as an agent runs.
 */
export function outputOf(file: string, args: readonly string[], stdin: number): Promise<string> {
  const numbers = new Set(inheritableDescriptors());
  const last = Math.max(2, ...numbers);
  if (last > MAX_COVERED) closeOnExec();
  const cover = openSync('/dev/null', 'r');
  try {
    const covers = Array.from({ length: Math.min(last, MAX_COVERED) - 2 }, (_, at) =>
      numbers.has(at + 3) ? cover : ('ignore' as const),
    );
    const child = native().spawn(file, args, { stdio: [stdin, 'pipe', 'ignore', ...covers] });
    return new Promise((resolve, reject) => {
      let output = '';
      child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
      child.on('error', reject);
      child.on('close', (code) => {
        if (code === 0) resolve(output);
        else reject(new Error(`${file} ended with ${code}`));
      });
    });
  } finally {
    closeSync(cover);
  }
}

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
