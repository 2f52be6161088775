import type { CliContext } from './context.js';

/**
 * One command. A file of src/cli/commands exports one (`export const lsCommand: Command = {…}`) and command-table.ts
 * names it, with the `import()` that loads it:
 *
 *     export const runCommand: Command = {
 *       name: 'run',
 *       summary: 'run an agent, show it live and record every byte',
 *       usage: '[options] [prompt...] | [options] -- command [arg...]',
 *       operands: { min: 0, max: Infinity },
 *       takesCommand: true,
 *       options: [{ flags: '-b, --backend <backend>', description: '…' }, { flags: '-q, --quiet', description: '…' }, ...],
 *       examples: [{ line: 'orch run -- make test', does: 'record any command' }],
 *       run: async (line, context) => exitCode,
 *     };
 *
 * The module should import statically only what a normal call needs: it is loaded before anything is parsed. A line
 * that is well-formed never loads commander (parse.ts); help, and everything that is wrong, does (program.ts).
 */
export interface Command {
  readonly name: string;
  /** One line for `orch --help`, without a full stop. */
  readonly summary: string;
  /**
   * What follows the command's name in its help. Shells complete operands called TASK and FILE, and the words of
   * `<bash|zsh|fish>`.
   */
  readonly usage: string;
  /** How many operands it takes, `rest` not counted. */
  readonly operands: { readonly min: number; readonly max: number };
  /** What follows `--` is a command of its own (`rest`), rather than more operands. */
  readonly takesCommand?: true;
  readonly options: readonly OptionSpec[];
  readonly examples: readonly Example[];
  /** Does the work and returns the exit code. An OrchError it throws is printed and ends it with its own exit code. */
  run(line: ParsedLine, context: CliContext): Promise<number>;
}

export interface OptionSpec {
  /**
   * In the notation of help: `-b, --backend <backend>` takes a value, `-q, --quiet` takes none, and
   * `--timestamps[=<format>]` may have one, behind `=` alone. `<id>`, `<file>`, `<folder>` and `<backend>` are what shells
   * complete (completion/value-kind.ts), beside `choices`; they know no other name of a value.
   */
  readonly flags: string;
  readonly description: string;
  /** The values it accepts, where they are few. */
  readonly choices?: readonly string[];
}

export interface Example {
  readonly line: string;
  readonly does: string;
}

/** A parsed command line. What its options mean is for the command to say, once, before it does anything. */
export interface ParsedLine {
  /** As it was given, behind the command's name. */
  readonly words: readonly string[];
  readonly operands: readonly string[];
  /** What follows `--`, for a command that `takesCommand`; undefined when there is no `--`. */
  readonly rest: readonly string[] | undefined;
  readonly options: OptionValues;
}

/** The values of each option, by long name without dashes (`no-ansi`), in their order; true for an option without a value. */
export type GivenOptions = Map<string, (string | true)[]>;

/** The options that were given. Of an option given twice the last value counts, except in `all` and `given`. */
export class OptionValues {
  readonly #values: GivenOptions;

  constructor(values: GivenOptions) {
    this.#values = values;
  }

  /** Whether an option was given. */
  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The value of an option that takes one; undefined when it was not given. */
  text(name: string): string | undefined {
    return this.all(name).at(-1);
  }

  /** All that was given for an option, true where that is no value. */
  given(name: string): readonly (string | true)[] {
    return this.#values.get(name) ?? [];
  }

  /** Every value that was given for an option. */
  all(name: string): readonly string[] {
    return this.given(name).filter((value) => value !== true);
  }
}

/** A command before it is loaded: enough for `orch --help`. */
export interface CommandEntry {
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  readonly load: () => Promise<Command>;
}
