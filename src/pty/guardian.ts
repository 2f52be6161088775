import { type ChildProcess, spawn } from '../core/spawn.js';

/**
 * Outlives orch, and puts the terminal back when orch dies without doing so (kill -9). It reads what would have to be
 * printed line by line, the newest last; `end` sends it away, the end of the file is the accident.
 *
 * `$1`: settings for stty(1), `$2`: the terminal they are for, `$3`: the one that is printed to. The line is a printf(1) format made by {@link printfFormat}.
 */
const SCRIPT = `
undo=
while IFS= read -r line; do
  if [ "$line" = end ]; then exit 0; fi
  undo=$line
done
printf "$undo" > "$3"
stty "$1" < "$2"
`;

/**
 * A small shell that waits for orch's end. It leads its own session, so that neither the terminal's keys nor its hangup
 * reach it.
 */
export class Guardian implements Disposable {
  readonly #shell: ChildProcess;
  #undo = '';

  /** `settings` as `stty -g` printed them; the terminals by their devices' paths. */
  constructor(settings: string, terminals: { readonly input: string; readonly output: string }) {
    this.#shell = spawn('/bin/sh', ['-c', SCRIPT, 'orch-guardian', settings, terminals.input, terminals.output], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    this.#shell.on('error', () => undefined); // No guardian: what it guards against still happens rarely.
    this.#shell.stdin?.on('error', () => undefined);
    this.#shell.unref();
  }

  /** What would have to be printed from now on. */
  remember(undo: string): void {
    if (undo === this.#undo) return;
    this.#undo = undo;
    this.#shell.stdin?.write(`${printfFormat(undo)}\n`);
  }

  [Symbol.dispose](): void {
    this.#shell.stdin?.end('end\n');
  }
}

/** `text` as a printf(1) format on one line: everything but letters and digits in octal. */
function printfFormat(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);
}
