import type { TerminalSize } from '../../src/core/terminal/size.js';
import { Capture, exec } from '../../src/pty/index.js';
import { loadPty } from '../../src/pty/process/load-pty.js';
import { systemClock } from '../../src/core/clock.js';
import type { RenderChunk } from '../../src/render/index.js';

export interface Session {
  readonly cols: number;
  readonly rows: number;
  readonly output: Uint8Array;
}

/** Runs a program under a pseudo-terminal until it ends by itself; `stop` may end it when it has printed something. */
export async function runProgram(
  [command = '', ...args]: readonly string[],
  {
    cols,
    rows,
    cwd,
    stop,
  }: {
    readonly cols: number;
    readonly rows: number;
    readonly cwd: string;
    readonly stop?: (text: string) => Promise<boolean> | boolean;
  },
): Promise<Session> {
  const chunks: Uint8Array[] = [];
  const abort = new AbortController();
  await exec(command, args, {
    cols,
    rows,
    cwd,
    reject: false,
    signal: abort.signal,
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, TERM: 'xterm-256color', LANG: 'C.UTF-8' },
    onData: (chunk) => {
      chunks.push(Uint8Array.from(chunk));
      if (stop === undefined) return;
      void Promise.resolve(stop(Buffer.concat(chunks).toString())).then((done) => {
        if (done) abort.abort();
      });
    },
  });
  return { cols, rows, output: Buffer.concat(chunks) };
}
