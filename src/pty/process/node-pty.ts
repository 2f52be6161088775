import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import type { ReadStream } from 'node:tty';
import { spawn, type Terminal } from 'node-pty';
import { closeOnExec } from '../../core/process/close-on-exec.js';
import { errnoCode, errors } from '../../core/errors.js';
import type { ExitStatus } from '../../core/exit-status.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import { killGroup, killProcess } from './kill-group.js';
import { spawnLed } from './led-process.js';
import type { PtyProcess, PtyRead, PtySpawn } from './pty-process.js';

/** Starts a process under a new pseudo-terminal through node-pty, with its causes of lost output removed. */
export function spawnNodePty(options: PtySpawn): PtyProcess {
  if (options.stdin !== undefined) return spawnNodePty(redirected(options, options.stdin));
  return options.sessionStays === true ? spawnLed(options, (leader) => new NodePty(leader)) : new NodePty(options);
}

const EMPTY: PtyRead = { type: 'empty' };
const END: PtyRead = { type: 'end' };

class NodePty implements PtyProcess {
  readonly pid: number;
  readonly device: string;
  readonly #terminal: Terminal;
  readonly #socket: ReadStream;
  readonly #master: number;
  #slave: number | undefined;
  #stopped = false;
  #exited = false;
  #closed = false;

  constructor({ file, args, env, cwd, size }: PtySpawn) {
    this.#terminal = start(file, args, { env, cwd, ...size });
    const internals = takeOver(this.#terminal);
    this.#socket = internals.socket;
    this.#master = internals.fd;
    this.pid = this.#terminal.pid;
    this.device = internals.device;
    // While this process holds the slave, no hangup reaches the master, and libuv cannot take one for the end of file
    // with bytes still in the kernel (libuv#4992).
    this.#slave = this.#openSlave(file);
  }

  /** Without the slave the last output could be lost, so a failure kills the child. */
  #openSlave(file: string): number {
    try {
      return openSync(this.device, constants.O_RDWR | constants.O_NOCTTY);
    } catch (error) {
      this.kill('SIGKILL');
      this.close();
      throw errors.spawnFailed(file, error);
    }
  }

  onStart(listener: () => void): void {
    listener();
  }

  onBytes(listener: (bytes: Uint8Array) => void): void {
    this.#socket.on('data', listener);
  }

  onExit(listener: (status: ExitStatus) => void): void {
    this.#terminal.onExit(({ exitCode, signal }) => {
      this.#exited = true;
      listener({ exitCode, signal: signal ?? 0 });
    });
  }

  pausePushing(): void {
    // pause() would leave a chunk in the stream's own buffer; only the handle knows no buffer.
    handleOf(this.#socket)?.readStop();
  }

  resumePushing(): void {
    if (!this.#stopped) handleOf(this.#socket)?.readStart();
  }

  stopPushing(): void {
    this.#stopped = true;
    this.pausePushing();
    // Otherwise a stream that has just begun to flow starts the handle again at the next tick.
    this.#socket._read = () => undefined;
  }

  read(buffer: Uint8Array, start: number): PtyRead {
    // A closed number may belong to another file by now.
    if (this.#closed) return END;
    try {
      const count = readSync(this.#master, buffer, start, buffer.length - start, null);
      return count === 0 ? END : { type: 'bytes', count };
    } catch (error) {
      switch (errnoCode(error)) {
        case 'EAGAIN':
          return EMPTY;
        case 'EIO': // Linux: no process has the slave open any more.
          return END;
        default:
          throw error;
      }
    }
  }

  write(bytes: Uint8Array): number {
    if (this.#exited || this.#closed) return 0;
    try {
      return writeSync(this.#master, bytes);
    } catch (error) {
      const code = errnoCode(error);
      if (code === 'EAGAIN' || code === 'EIO') return 0;
      throw error;
    }
  }

  resize({ cols, rows }: TerminalSize): void {
    if (!this.#exited && !this.#closed) this.#terminal.resize(cols, rows);
  }

  kill(signal: NodeJS.Signals): void {
    // Just after the fork the child may not lead its group yet; then it is the only process to signal.
    if (!killGroup(this.pid, signal) && !this.#exited) killProcess(this.pid, signal);
  }

  releaseSlave(): void {
    if (this.#slave === undefined) return;
    closeSync(this.#slave);
    this.#slave = undefined;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.releaseSlave();
    this.#socket.destroy();
  }
}

/** node-pty gives a child its terminal three times; a shell, which the program then takes the place of, gives it a file. */
function redirected({ file, args, ...options }: PtySpawn, stdin: string): PtySpawn {
  return { ...options, file: '/bin/sh', args: ['-c', 'exec "$@" <"$0"', stdin, file, ...args], stdin: undefined };
}

function start(
  file: string,
  args: readonly string[],
  options: { env: Readonly<Record<string, string>>; cwd: string; cols: number; rows: number },
): Terminal {
  // node-pty closes nothing in the child it starts.
  closeOnExec();
  try {
    return spawn(file, [...args], {
      ...options,
      env: { ...options.env },
      ...(options.env['TERM'] === undefined ? {} : { name: options.env['TERM'] }),
      // Makes node-pty set IUTF8, so that line editing erases characters; the decoding it brings is undone at once.
      encoding: 'utf8',
    });
  } catch (error) {
    throw errors.spawnFailed(file, error);
  }
}

/**
 * Private fields of node-pty 1.1.0 that a capture without loss needs. The version is pinned exactly, and the contract
 * suite fails loudly where a later one differs.
 */
function takeOver(terminal: object): { socket: ReadStream; fd: number; device: string } {
  const inside = terminal as {
    _socket?: ReadStream & { _readableState?: { decoder: unknown; encoding: unknown } };
    _emittedClose?: boolean;
    fd?: number;
    ptsName?: string;
  };
  const socket = inside._socket;
  const state = socket?._readableState;
  if (
    socket === undefined ||
    state === undefined ||
    handleOf(socket) === undefined ||
    inside._emittedClose === undefined ||
    inside.fd === undefined ||
    inside.ptsName === undefined
  ) {
    throw errors.ptyUnavailable(
      'this node-pty is not the one orch was built for',
      'install orch again: npm install -g orch-pty',
    );
  }
  // Otherwise the socket is destroyed 200 ms after the child's exit, with its unread output.
  inside._emittedClose = true;
  // Bytes are not decoded: node-pty sets an encoding at the start, which is removed here before the first read.
  state.decoder = null;
  state.encoding = null;
  return { socket, fd: inside.fd, device: inside.ptsName };
}

function handleOf(socket: ReadStream): Handle | undefined {
  return (socket as { _handle?: Handle | null })._handle ?? undefined;
}

interface Handle {
  readStart(): void;
  readStop(): void;
}
