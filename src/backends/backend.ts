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
} & Meaning &
  Prompting;

/** What the program means by what it prints and by how it ends; where nothing is said, exit code 0 is done, others failed. */
export interface Meaning {
  readonly signs?: Signs | undefined;
  /** By exit code, 0 to 255. */
  readonly exitCodes?: ReadonlyMap<number, Outcome> | undefined;
  /** How long it may print nothing, where no flag says it, ms. */
  readonly idleTimeoutMs?: number | undefined;
  /** What to type when it has said that it is done, so that it ends; else it gets SIGTERM. */
  readonly leave?: string | undefined;
}

/** What a line says, as a person would read it: one that any of the patterns matches. */
interface Signs {
  readonly done?: readonly RegExp[] | undefined;
  /** It waits for a person. */
  readonly waiting?: readonly RegExp[] | undefined;
  readonly failed?: readonly RegExp[] | undefined;
}

/** What one run of a program came to. */
type Outcome = 'done' | 'failed' | 'unfinished' | 'timeout';

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
}

/** What a run asks of a backend, beyond the prompt. */
export interface InvocationOptions {
  /** The Node that runs orch, for backends that are embedded programs. */
  readonly execPath: string;
  /** The file the prompt was read from, for modes that can hand over more than an argument may hold; absolute. */
  readonly promptFile?: string | undefined;
  /** How many times faster than life the demo plays (default 1); 0 waits for nothing. No other backend plays anything. */
  readonly speed?: number;
}

/** What to execute: a program, its arguments exactly as it will see them, and variables besides the user's. */
export interface Invocation {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A program that `file` starts, and that has to be there. */
  readonly needs?: string;
}
