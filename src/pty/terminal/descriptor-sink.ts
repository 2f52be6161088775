import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { isatty } from 'node:tty';
import type { Clock } from '../../core/clock.js';
import { errnoCode } from '../../core/errors.js';
import { BackOff } from '../input/back-off.js';
import type { ByteSink } from './byte-sink.js';

/**
 * A sink for a descriptor of this process, usually 1, that never blocks it.
 *
 * `process.stdout` is synchronous on terminals and pipes: one without a reader would block the process. The file
 * behind the descriptor is therefore opened once more without blocking, which leaves alone the description that other
 * processes share. A socket cannot be opened again and goes through the event loop; a regular file never blocks.
 */
export function descriptorSink(fd: number, clock: Clock): ByteSink {
  const kind = fstatSync(fd);
  if (kind.isSocket()) return new SocketSink(fd);
  if (kind.isFile()) return new DescriptorSink(fd, clock);
  return new DescriptorSink(openAgain(fd), clock);
}

/** After su(1) the terminal may belong to another user; /dev/tty can be opened by every process of the session. */
function openAgain(fd: number): number {
  const flags = constants.O_WRONLY | constants.O_NOCTTY | constants.O_NONBLOCK;
  for (const path of [`/proc/self/fd/${fd}`, ...(isatty(fd) ? ['/dev/tty'] : []), `/dev/fd/${fd}`]) {
    try {
      return openSync(path, flags);
    } catch {
      // The next name may do.
    }
  }
  return fd;
}

class DescriptorSink implements ByteSink {
  readonly #fd: number;
  readonly #backOff: BackOff;

  constructor(fd: number, clock: Clock) {
    this.#fd = fd;
    this.#backOff = new BackOff(clock);
  }

  write(bytes: Uint8Array): number {
    try {
      const taken = writeSync(this.#fd, bytes);
      if (taken > 0) this.#backOff.reset();
      return taken;
    } catch (error) {
      if (errnoCode(error) === 'EAGAIN') return 0;
      throw error;
    }
  }

  whenWritable(run: () => void): void {
    this.#backOff.again(run);
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  [Symbol.dispose](): void {
    this.#backOff[Symbol.dispose]();
    if (this.#fd > 2) closeSync(this.#fd);
  }
}

class SocketSink implements ByteSink {
  readonly #socket: Socket;
  #error: Error | undefined;
  #busy = false;
  #waiting: (() => void)[] = [];

  constructor(fd: number) {
    this.#socket = new Socket({ fd, readable: false, writable: true });
    this.#socket.on('error', (error) => {
      this.#error = error;
      this.#wake();
    });
  }

  write(bytes: Uint8Array): number {
    if (this.#error !== undefined) throw this.#error;
    if (this.#busy) return 0;
    this.#busy = true;
    // The caller's array is its own again when this returns; the socket may still be writing.
    this.#socket.write(Uint8Array.from(bytes), () => {
      this.#wake();
    });
    return bytes.length;
  }

  whenWritable(run: () => void): void {
    if (this.#busy) this.#waiting.push(run);
    else run();
  }

  flush(): Promise<void> {
    return new Promise((resolve) => {
      this.whenWritable(resolve);
    });
  }

  /** Destroys the socket: an unfinished write, for which no one waits any more, would keep the process running. */
  [Symbol.dispose](): void {
    if (this.#busy) this.#socket.destroy();
    else this.#socket.unref();
  }

  #wake(): void {
    this.#busy = false;
    for (const run of this.#waiting.splice(0)) run();
  }
}
