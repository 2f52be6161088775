import { errors } from '../../core/errors.js';
import { type ExitStatus, exitStatusOf } from '../../core/exit-status.js';
import { spawn } from '../../core/process/spawn.js';
import { endWith } from '../process/end-with.js';
import type { ExecLine, ExecOptions } from './exec-options.js';
import { killGroup } from '../process/kill-group.js';

/** Runs a program with pipes; both are read concurrently, so that neither can fill up and block it. */
export function runWithPipes(
  { file, args, env, cwd }: ExecLine,
  { input, signal }: ExecOptions,
  onStdout: (bytes: Uint8Array) => void,
  onStderr: (bytes: Uint8Array) => void,
): Promise<ExitStatus> {
  return new Promise((resolve, reject) => {
    // A group of its own, so that what it started ends with it.
    const child = spawn(file, args, { env, cwd, stdio: 'pipe', detached: true });
    const kill = (name: NodeJS.Signals): void => {
      if (child.pid !== undefined) killGroup(child.pid, name);
    };
    const ending = endWith(signal, { kill });
    let failed = false;
    const guarded = (take: (bytes: Uint8Array) => void) => (bytes: Uint8Array) => {
      // A callback that failed is not called again: what it wrote to may be closed by now.
      if (failed) return;
      try {
        take(bytes);
      } catch (error) {
        failed = true;
        kill('SIGKILL');
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    child.stdout.on('data', guarded(onStdout));
    child.stderr.on('data', guarded(onStderr));
    // A program that ends without reading its input is no error of ours.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.once('error', (error) => {
      ending[Symbol.dispose]();
      reject(errors.spawnFailed(file, error));
    });
    // `close` comes when both pipes have ended too.
    child.once('close', (code, killedBy) => {
      ending[Symbol.dispose]();
      resolve(exitStatusOf(code, killedBy));
    });
  });
}
