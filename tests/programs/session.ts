import { systemClock } from '../../src/core/clock.js';
import type { TerminalSize } from '../../src/core/terminal/size.js';
import { Capture, exec, loadPty } from '../../src/pty/index.js';

export interface Session extends TerminalSize {
  readonly output: Uint8Array;
}

/** What was printed, and the sizes that the terminal took on in between. */
export interface ResizedSession extends TerminalSize {
  readonly chunks: readonly (Uint8Array | TerminalSize)[];
}

interface Where extends TerminalSize {
  readonly cwd: string;
}

/** Runs a program under a pseudo-terminal until it ends by itself; `stop` may end it when it has printed something. */
export async function runProgram(
  [command = '', ...args]: readonly string[],
  { cols, rows, cwd, stop }: Where & { readonly stop?: (text: string) => Promise<boolean> | boolean },
): Promise<Session> {
  const chunks: Uint8Array[] = [];
  const abort = new AbortController();
  await exec(command, args, {
    cols,
    rows,
    cwd,
    reject: false,
    signal: abort.signal,
    env: environment(cwd),
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

/**
 * The same, with the terminal resized to each of `sizes` when what was printed since the one before has `sign` in it. The
 * program is to wait for it then.
 */
export async function runResized(
  [file = '', ...args]: readonly string[],
  { cols, rows, cwd, sign, sizes }: Where & { readonly sign: RegExp; readonly sizes: readonly TerminalSize[] },
): Promise<ResizedSession> {
  const chunks: (Uint8Array | TerminalSize)[] = [];
  const left = [...sizes];
  let since = '';
  const spawn = await loadPty();
  const pty = spawn({ file, args, env: environment(cwd), cwd, size: { cols, rows } });
  const capture = new Capture(pty, {
    clock: systemClock,
    sink: (bytes) => {
      chunks.push(Uint8Array.from(bytes));
      since += Buffer.from(bytes).toString();
      if (!sign.test(since)) return;
      since = '';
      const size = left.shift();
      if (size === undefined) return;
      // Not from within: what comes with the change is behind it.
      setImmediate(() => {
        capture.resize(size);
        chunks.push(size);
      });
    },
  });
  try {
    await capture.ended;
  } finally {
    pty.kill('SIGKILL');
    pty.close();
  }
  return { cols, rows, chunks };
}

function environment(home: string): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: home, TERM: 'xterm-256color', LANG: 'C.UTF-8' };
}
