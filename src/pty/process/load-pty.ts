import { existsSync, readdirSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { errors } from '../../core/errors.js';
import { otherRuntime } from '../../core/process/runtime.js';
import type { PtyProcess, PtySpawn } from './pty-process.js';

export type PtySpawner = (options: PtySpawn) => PtyProcess;

/**
 * Loads the native pty on first use: it costs tens of milliseconds that `orch ls` need not pay.
 *
 * @throws OrchError PTY_UNAVAILABLE where none can be used, before anything is started
 */
export async function loadPty(): Promise<PtySpawner> {
  // Bun and Deno start a program under node-pty, but cannot read what it prints.
  const runtime = otherRuntime();
  if (runtime !== undefined) {
    throw errors.ptyUnavailable(
      `this is ${runtime}, and only Node can read from one`,
      'run it with Node 20.19 or newer: node "$(command -v orch)" run …; reading recordings works here too',
    );
  }
  if (isMusl()) {
    throw errors.ptyUnavailable(
      'this system uses musl, and the prebuilt binary is made for glibc',
      'run orch on a glibc system or image (Debian, Ubuntu, Fedora)',
    );
  }
  try {
    return (await import('./node-pty.js')).spawnNodePty;
  } catch (error) {
    throw errors.ptyUnavailable(
      `the native module for ${platform()}-${arch()} is missing`,
      'install again without --omit=optional, on the system that is to run it (Linux glibc or macOS, x64 or arm64)',
      error,
    );
  }
}

/** A glibc binary may crash at its first fork under musl, so this is asked before it is loaded. */
function isMusl(): boolean {
  if (platform() !== 'linux') return false;
  const glibcLoader = arch() === 'arm64' ? '/lib/ld-linux-aarch64.so.1' : '/lib64/ld-linux-x86-64.so.2';
  return (
    !existsSync(glibcLoader) && existsSync('/lib') && readdirSync('/lib').some((name) => name.startsWith('ld-musl-'))
  );
}
