import type { Behaviour } from './behaviour.js';

/** A program orch knows how to run. Data first: what differs between agents is said here, never in the recorder. */
export type Backend = {
  /** As given to `-b` and written into the manifest. */
  readonly name: string;
  /** What it is, in a few words, for lists and help. */
  readonly summary: string;
  /** The program, as a shell would look for it; absent where it is part of orch, or any. */
  readonly program?: string;
  /** What to do where the program is missing, for `errors.commandNotFound`; absent where nothing can be said. */
  readonly install?: string;
} & Prompting;

/** Whether there is no run without a prompt, the program has one of its own, or it takes none at all. */
type Prompting =
  | { readonly prompt: 'required'; readonly modes: readonly Mode<string>[] }
  | { readonly prompt: 'optional'; readonly modes: readonly Mode<string | undefined>[] }
  | { readonly prompt: 'none'; readonly modes: readonly Mode<undefined>[] };

/** One way to run a backend. */
export interface Mode<Prompt> {
  /** As given to `--mode`. */
  readonly name: string;
  /** What it is like, in a few words. */
  readonly summary: string;
  /** Taken by itself where somebody sits before it, where nobody does, or both; absent: only when it is named. */
  readonly suits?: 'attached' | 'unattended' | 'both';
  readonly invoke: (prompt: Prompt, options: InvocationOptions) => Invocation;
  /** Undefined: it prints, ends by itself, and its exit code says how. */
  readonly behaviour?: Behaviour;
}

/** What a run asks of a backend, beyond the prompt. */
export interface InvocationOptions {
  /** The Node that runs orch, for backends that are embedded programs. */
  readonly execPath: string;
  /** How many times faster than life the demo plays (default 1); 0 waits for nothing. No other backend plays anything. */
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
  /** A program that `file` starts, and that has to be there. */
  readonly needs?: string;
  /** What tells people which run it is, where the arguments hold more than that: the backend's name and the prompt. */
  readonly shown?: readonly string[];
}

/** More than this, in bytes, is handed over by a file: an argument may have 128 KiB on Linux, and all of them 1 MiB on macOS. */
const MAX_ARGUMENT_BYTES = 100_000;

/** Whether a prompt can be an argument as it is. */
export function fitsArgument(prompt: string): boolean {
  return Buffer.byteLength(prompt) <= MAX_ARGUMENT_BYTES && !prompt.includes('\0');
}
