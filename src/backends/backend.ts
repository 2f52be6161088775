import type { Behaviour } from './behaviour.js';

/** A program orch knows how to run. Differences between agents are data here, never code in the recorder. */
export type Backend = {
  /** As given to `-b` and written into the manifest. */
  readonly name: string;
  /** A short description for lists and help. */
  readonly summary: string;
  /** The program, as a shell would look for it; absent where it belongs to orch, or is any. */
  readonly program?: string;
  /** What to do where the program is missing, for `errors.commandNotFound`; absent where nothing can be said. */
  readonly install?: string;
} & Prompting;

/** Whether a prompt is required, has a default of the program's own, or is not taken at all. */
type Prompting =
  | { readonly prompt: 'required'; readonly modes: readonly Mode<string>[] }
  | { readonly prompt: 'optional'; readonly modes: readonly Mode<string | undefined>[] }
  | { readonly prompt: 'none'; readonly modes: readonly Mode<undefined>[] };

/** One way to run a backend. */
export interface Mode<Prompt> {
  /** As given to `--mode`. */
  readonly name: string;
  /** A short description. */
  readonly summary: string;
  /** The default for attended runs, unattended ones, or both; absent: only when it is named. */
  readonly suits?: 'attached' | 'unattended' | 'both';
  /** It can be had to ask before it changes or runs anything, or does neither. */
  readonly asks?: true;
  readonly invoke: (prompt: Prompt, options: InvocationOptions) => Invocation;
  /**
   * Goes on with a session of the agent, by the agent's own id of it; undefined: it cannot. The result is undefined where that needs a
   * prompt.
   */
  readonly resume?: (session: string, prompt: string | undefined, options: InvocationOptions) => Invocation | undefined;
  /** Undefined: it prints, ends by itself, and its exit code says how. */
  readonly behaviour?: Behaviour;
}

/** Options of an invocation, besides the prompt. */
export interface InvocationOptions {
  /** The Node that runs orch, for backends that are embedded programs. */
  readonly execPath: string;
  /** It asks before it changes or runs anything, and is refused what no one allows; by default it works without asking. */
  readonly ask?: boolean | undefined;
  /** Speed factor of the demo (default 1); 0 waits for nothing. Other backends ignore it. */
  readonly speed?: number;
}

/** What to execute: a program, its arguments exactly as it will see them, and variables besides the user's. */
export interface Invocation {
  readonly file: string;
  /** A function of the path of the file that holds the prompt, where they name that. */
  readonly args: readonly string[] | ((promptFile: string) => readonly string[]);
  /** The file that holds the prompt is its standard input. */
  readonly stdin?: 'prompt';
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments, in front of the others, that give the agent's session this id: a new UUID for each run. */
  readonly session?: (id: string) => readonly string[];
  /** A program that `file` starts, and that must exist. */
  readonly needs?: string;
  /** The arguments shown to people instead, where the real ones hold internals: the backend's name and the prompt. */
  readonly shown?: readonly string[];
}

/** A longer prompt, in bytes, is passed by a file: an argument may have 128 KiB on Linux, and all of them 1 MiB on macOS. */
const MAX_ARGUMENT_BYTES = 100_000;

/** Whether a prompt fits an argument. */
export function fitsArgument(prompt: string): boolean {
  return Buffer.byteLength(prompt) <= MAX_ARGUMENT_BYTES && !prompt.includes('\0');
}
