import type { Clock } from '../../core/clock.js';
import { type ChildProcess, spawn } from '../../core/process/spawn.js';

/**
 * Outlives orch, and puts the terminal back when orch dies without doing so (kill -9). It reads what would have to be
 * printed line by line, the newest last; `end` sends it away, the end of the file is the accident.
 *
 * `$1`: settings for stty(1), `$2`: the terminal they are for, `$3`: the one that is printed to. A line is a printf(1) format made by {@link printfFormat}.
 * Both are opened at once: when orch has died and its window is closed, the next window may get the number of that terminal.
 */
const SCRIPT = `
exec 3< "$2" 4> "$3" || exit
undo=
while IFS= read -r line; do
  if [ "$line" = end ]; then exit 0; fi
  undo=$line
done
printf "$undo" >&4
stty "$1" <&3
`;

/** Guardians that may end within a second in a row: after that another would not live longer either. */
const MAX_SHORT_LIVES = 5;
const SHORT_LIFE_MS = 1000;

/**
 * A shell process that waits for orch's end. It leads its own session, so that neither the terminal's keys nor its hangup
 * reach it. When it is killed, another takes its place.
 */
export class Guardian implements Disposable {
  readonly #clock: Clock;
  readonly #args: readonly string[];
  #shell: ChildProcess;
  #undo = '';
  #shortLives = 0;
  #isOver = false;

  /** `settings` as `stty -g` printed them; the terminals by their devices' paths. */
  constructor(clock: Clock, settings: string, terminals: { readonly input: string; readonly output: string }) {
    this.#clock = clock;
    this.#args = ['-c', SCRIPT, 'orch-guardian', settings, terminals.input, terminals.output];
    this.#shell = this.#start();
  }

  /** Sets the text that puts the terminal back from now on. */
  remember(undo: string): void {
    if (undo === this.#undo) return;
    this.#undo = undo;
    this.#tell();
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#shell.stdin?.end('end\n');
  }

  #start(): ChildProcess {
    const shell: ChildProcess = spawn('/bin/sh', this.#args, { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    const started = this.#clock.monotonic();
    shell.on('error', () => undefined); // Without a guardian only kill -9 leaves the terminal changed.
    shell.stdin?.on('error', () => undefined);
    shell.once('exit', () => {
      this.#shortLives = this.#clock.monotonic() - started < SHORT_LIFE_MS ? this.#shortLives + 1 : 0;
      if (this.#isOver || this.#shortLives >= MAX_SHORT_LIVES) return;
      this.#shell = this.#start();
      this.#tell();
    });
    shell.unref();
    return shell;
  }

  #tell(): void {
    this.#shell.stdin?.write(`${printfFormat(this.#undo)}\n`);
  }
}

/** `text` as a printf(1) format on one line: everything but letters and digits in octal. */
function printfFormat(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);
}
