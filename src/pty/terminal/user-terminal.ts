import { readlinkSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { Clock } from '../../core/clock.js';
import { errors } from '../../core/errors.js';
import { type TerminalSize, terminalSize } from '../../core/terminal/size.js';
import { spawnSync, type SpawnSyncReturns } from '../../core/process/spawn.js';
import type { ByteSink } from './byte-sink.js';
import { descriptorSink } from './descriptor-sink.js';
import { Guardian } from './guardian.js';
import { TerminalOutput } from './terminal-output.js';

const STDIN = 0;
const STDOUT = 1;

/**
 * cfmakeraw(3), in stty's words. `raw` alone leaves the echo and, unlike setRawMode, it ends output processing too:
 * what the agent's own terminal has turned into CR LF already must not be turned again.
 */
const RAW = ['raw', '-echo', '-iexten'] as const;

/** Events of the user's keyboard and window. */
export interface UserTerminalEvents {
  /** Bytes typed or pasted; false asks for a pause until {@link UserTerminal.resumeInput}. */
  readonly onInput: (bytes: Uint8Array) => boolean;
  readonly onResize: (size: TerminalSize) => void;
  /** Nothing will be typed any more: the terminal has hung up, or stdin was closed. */
  readonly onInputEnd?: () => void;
}

/** Wait for a stop to take effect, ms; later it does not come, because no shell could continue this process. */
const STOP_MS = 100;

/** The size of the terminal on stdout; undefined where there is none or it reports no size. */
export function attachedSize(): TerminalSize | undefined {
  if (!isatty(STDOUT)) return undefined;
  const [cols, rows] = process.stdout.getWindowSize();
  return terminalSize(cols, rows);
}

/**
 * The user's own terminal, lent to the agent: raw, so that every key and every byte goes through as it is, and put back
 * as it was (settings and modes) when disposed, when the process exits, and by a guardian when it is
 * killed.
 */
export class UserTerminal implements ByteSink {
  readonly #clock: Clock;
  readonly #events: UserTerminalEvents;
  readonly #output: TerminalOutput;
  readonly #settings: string;
  readonly #guardian: Guardian;
  #restored = false;

  /** Takes the terminal over at once. Throws PTY_UNAVAILABLE where stty(1) does not work on it. */
  constructor(clock: Clock, events: UserTerminalEvents) {
    this.#clock = clock;
    this.#events = events;
    this.#settings = stty('-g').trim();
    this.#guardian = new Guardian(clock, this.#settings, { input: devicePath(STDIN), output: devicePath(STDOUT) });
    this.#output = new TerminalOutput(descriptorSink(STDOUT, clock), (undo) => {
      this.#guardian.remember(undo);
    });
    stty(...RAW);
    // Creates the stream before our SIGWINCH listener: it reads the new size at that signal, and our listener asks it.
    attachedSize();
    process.once('exit', this.#restore);
    process.on('SIGWINCH', this.#resized);
    process.on('SIGCONT', this.#continued);
    process.stdin.on('data', this.#typed);
    process.stdin.on('error', this.#inputEnded); // A terminal that hung up; SIGHUP says so too.
    process.stdin.on('end', this.#inputEnded);
  }

  write(bytes: Uint8Array): number {
    return this.#output.write(bytes);
  }

  whenWritable(run: () => void): void {
    this.#output.whenWritable(run);
  }

  flush(): Promise<void> {
    return this.#output.flush();
  }

  /** Sets a text that is written in addition to its modes' undo when the terminal is given back. */
  undoBesides(text: string): void {
    this.#output.undoBesides(text);
  }

  /** See TerminalOutput. */
  get undo(): string {
    return this.#output.undo;
  }

  resumeInput(): void {
    process.stdin.resume();
  }

  /**
   * Gives the terminal back and stops the process group of this process, as the key for that would have; resolves when it goes on
   * and has the terminal again, whose picture is gone, and whose size may be another.
   */
  async suspend(): Promise<void> {
    this.#output.rest();
    stty(this.#settings);
    await new Promise<void>((resolve) => {
      const goOn = (): void => {
        timer.cancel();
        process.off('SIGCONT', goOn);
        resolve();
      };
      const timer = this.#clock.after(STOP_MS, goOn);
      process.on('SIGCONT', goOn);
      process.kill(0, 'SIGTSTP');
    });
    // What was heard first when it went on may have been the end.
    if (!this.#restored) stty(...RAW);
  }

  /** Gives the terminal back. Idempotent. */
  [Symbol.dispose](): void {
    process.off('exit', this.#restore);
    process.off('SIGWINCH', this.#resized);
    process.off('SIGCONT', this.#continued);
    process.stdin.off('data', this.#typed);
    process.stdin.off('end', this.#inputEnded);
    process.stdin.pause();
    this.#restore();
  }

  readonly #typed = (bytes: Buffer): void => {
    if (!this.#events.onInput(bytes)) process.stdin.pause();
  };

  readonly #inputEnded = (): void => {
    this.#events.onInputEnd?.();
  };

  readonly #resized = (): void => {
    const size = attachedSize();
    if (size !== undefined) this.#events.onResize(size);
  };

  /** After a stop from outside (kill -STOP, and fg) the shell has its own settings in place: take over again. */
  readonly #continued = (): void => {
    stty(...RAW);
    this.#resized();
  };

  readonly #restore = (): void => {
    if (this.#restored) return;
    this.#restored = true;
    this.#output[Symbol.dispose]();
    stty(this.#settings);
    this.#guardian[Symbol.dispose]();
  };
}

/** How often stty(1) is started for one change: a signal to the process group, which we have listened to, kills it with its default. */
const STTY_STARTS = 5;

function stty(...args: readonly string[]): string {
  let { status, signal, stdout, stderr, error } = startStty(args);
  for (let starts = 1; signal !== null && starts < STTY_STARTS; starts++)
    ({ status, signal, stdout, stderr, error } = startStty(args));
  if (status === 0) return stdout;
  // A terminal that has hung up has no settings any more to be put back.
  if (stderr.includes('Input/output error')) return '';
  throw errors.ptyUnavailable(
    `stty does not work on this terminal: ${error?.message ?? (signal === null ? stderr.trim() : `it was killed by ${signal}`)}`,
    'install coreutils, or give orch no terminal: … < /dev/null | cat',
  );
}

function startStty(args: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync('stty', args, {
    stdio: ['inherit', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C' },
    encoding: 'utf8',
  });
}

function devicePath(fd: number): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '/dev/tty'; // macOS
  }
}
