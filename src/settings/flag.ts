import type { Variables } from './environment.js';
import { optionFlags } from './option-flags.js';
import type { ConfigKind, Spelling, FlagKind } from './value-kind.js';

/** A flag: its notation, its reader, and its default. */
export interface Flag<T, Default = T | undefined> {
  /** In the notation of help: `-b, --backend <backend>`. */
  readonly flags: string;
  /** For help, the man page and shells. */
  readonly description: string;
  /** The accepted values, where they are an enumeration. */
  readonly choices?: readonly string[];
  /** Its spelling in orch.yml and files of prompts, under its name in camel case; undefined: they cannot set it. */
  readonly inConfig?: { readonly spelling: Spelling; readonly what: string } | undefined;
  /** Reads its value from the environment; undefined: no variable sets it. */
  readonly variables?: ((env: Variables) => T | undefined) | undefined;
  /** The value where neither flag, file nor environment sets one. */
  readonly default: Default;
  /**
   * The value of the occurrences in `given`, in their order; true is one without a text. Undefined where there are none.
   *
   * @throws OrchError BAD_ARGUMENT
   */
  read(given: readonly (string | true)[]): T | undefined;
}

/** Flags by the name of their setting, in the order of help; a nested table is a group that is passed on together. */
export interface FlagTable {
  readonly [key: string]: Flag<unknown, unknown> | FlagTable;
}

/** The given value of each flag of a table; undefined where it was not given. */
export type Given<Table extends FlagTable> = {
  readonly [Key in keyof Table]: Table[Key] extends Flag<infer T, unknown>
    ? T | undefined
    : Table[Key] extends FlagTable
      ? Given<Table[Key]>
      : never;
};

/** The value of each flag of a table: what was given, else its default. */
export type Values<Table extends FlagTable> = {
  readonly [Key in keyof Table]: Table[Key] extends Flag<infer T, infer Default>
    ? T | Default
    : Table[Key] extends FlagTable
      ? Values<Table[Key]>
      : never;
};

interface FlagHelp {
  readonly flags: string;
  readonly description: string;
}

interface Described<T> extends FlagHelp {
  readonly variables?: (env: Variables) => T | undefined;
}

/** A flag with a value. `config`: its description in orch.yml's schema, where orch.yml may set it. */
export function flag<T>(
  kind: ConfigKind<T>,
  help: Described<T> & { readonly config?: string; readonly default: T },
): Flag<T, T>;
export function flag<T>(kind: ConfigKind<T>, help: Described<T> & { readonly config?: string }): Flag<T, undefined>;
export function flag<T>(kind: FlagKind<T>, help: Described<T> & { readonly default: T }): Flag<T, T>;
export function flag<T>(kind: FlagKind<T>, help: Described<T>): Flag<T, undefined>;
export function flag<T>(
  kind: FlagKind<T> & Partial<ConfigKind<T>>,
  help: Described<T> & { readonly config?: string; readonly default?: T },
): Flag<T> {
  const { flags, description, config, variables } = help;
  const name = flagName({ flags });
  return {
    flags,
    description,
    ...(kind.choices === undefined ? {} : { choices: kind.choices }),
    inConfig:
      config === undefined || kind.spelling === undefined ? undefined : { spelling: kind.spelling, what: config },
    variables,
    default: help.default,
    read: (given) => {
      const text = given.findLast((value) => value !== true);
      return text === undefined ? undefined : kind.read(text, name);
    },
  };
}

/** A flag without a value. `config`: its description in orch.yml's schema, where orch.yml may set it, to true or false. */
export function switchFlag({ config, ...help }: FlagHelp & { readonly config?: string }): Flag<true, false> {
  return {
    ...help,
    inConfig: config === undefined ? undefined : { spelling: { type: 'switch' }, what: config },
    default: false,
    read: (given) => (given.length === 0 || given.at(-1) === SWITCHED_OFF ? undefined : true),
  };
}

/** What orch.yml has in place of a switch that is not given. */
export const SWITCHED_OFF = 'false';

/** A flag that may be given several times: each value counts. */
export function listFlag<T>(kind: FlagKind<T>, help: FlagHelp): Flag<readonly T[], readonly T[]> {
  const name = flagName(help);
  return {
    ...help,
    default: [],
    read: (given) =>
      given.length === 0 ? undefined : given.flatMap((text) => (text === true ? [] : [kind.read(text, name)])),
  };
}

/** `--kill-after` */
function flagName(flag: { readonly flags: string }): string {
  return `--${optionFlags(flag).long}`;
}

/** A flag's name in files: `killAfter`. */
export function configKey(flag: { readonly flags: string }): string {
  return optionFlags(flag).long.replace(/-[a-z]/g, ([, letter = '']) => letter.toUpperCase());
}

/** The flags of a table, groups flattened, in its order. */
export function flagsOf(table: FlagTable): readonly Flag<unknown, unknown>[] {
  return Object.values(table).flatMap((entry) => (isFlag(entry) ? [entry] : flagsOf(entry)));
}

/** The given value of each flag of a table, as `valueOf` returns it. */
export function givenFor<Table extends FlagTable>(
  table: Table,
  valueOf: <T>(flag: Flag<T, unknown>) => T | undefined,
): Given<Table> {
  // Each value was asked for by its own flag.
  return mapped(table, [], valueOf) as Given<Table>;
}

/** Merges layers flag by flag: the first layer that gives a value wins. */
export function merged<Table extends FlagTable>(table: Table, layers: readonly Given<Table>[]): Given<Table> {
  // Each value is one of the same flag in a layer.
  return mapped(table, layers, (_, values) => firstGiven(values)) as Given<Table>;
}

/** The given values, completed by the defaults. */
export function completed<Table extends FlagTable>(table: Table, given: Given<Table>): Values<Table> {
  // Each value is the flag's own, or its default.
  return mapped(table, [given], (flag, values) => firstGiven(values) ?? flag.default) as Values<Table>;
}

/** Whether anything is given in a group. */
export function isAnyGiven(group: Readonly<Record<string, unknown>>): boolean {
  return Object.values(group).some((value) => value !== undefined);
}

type Layer = Readonly<Record<string, unknown>>;

function mapped(
  table: FlagTable,
  layers: readonly Layer[],
  valueOf: (flag: Flag<unknown, unknown>, values: readonly unknown[]) => unknown,
): Layer {
  const entries = Object.entries(table).map(([key, entry]) => {
    const values = layers.map((layer) => layer[key]);
    // Where the table has a group, so has each layer.
    return [key, isFlag(entry) ? valueOf(entry, values) : mapped(entry, values as readonly Layer[], valueOf)];
  });
  return Object.fromEntries(entries) as Layer;
}

function firstGiven(values: readonly unknown[]): unknown {
  return values.find((value) => value !== undefined);
}

function isFlag(entry: Flag<unknown, unknown> | FlagTable): entry is Flag<unknown, unknown> {
  return typeof entry['read'] === 'function';
}
