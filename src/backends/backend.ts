/** A program orch knows how to run. Data first: what differs between agents is said here, never in the recorder. */
export type Backend = {
  /** As given to `-b` and written into the manifest. */
  readonly name: string;
  /** What it is, in a few words, for lists and help. */
  readonly summary: string;
  /** What to do where the program is missing, for `errors.commandNotFound`; absent where nothing can be said. */
  readonly install?: string;
} & Prompting;

/** Whether there is no run without a prompt, the program has one of its own, or it takes none at all. */
type Prompting =
  | { readonly prompt: 'required'; readonly invoke: (prompt: string, options: InvocationOptions) => Invocation }
  | {
      readonly prompt: 'optional';
      readonly invoke: (prompt: string | undefined, options: InvocationOptions) => Invocation;
    }
  | { readonly prompt: 'none'; readonly invoke: () => Invocation };

/** What a run asks of a backend, beyond the prompt. */
export interface InvocationOptions {
  /** The Node that runs orch, for backends that are embedded programs. */
  readonly execPath: string;
  /** How many times faster than life the demo plays (default 1); 0 waits for nothing. No other backend plays anything. */
  readonly speed?: number;
}

/** What to execute: a program and its arguments, exactly as the program will see them. */
export interface Invocation {
  readonly file: string;
  readonly args: readonly string[];
}
