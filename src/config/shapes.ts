import { BYTE_SIZE } from '../core/text/byte-size.js';
import { parseDuration } from '../core/text/duration.js';
import { nearestWord } from '../core/text/nearest-word.js';
import { compilePattern, type Pattern } from '../core/pattern/pattern.js';
import { PatternRefused } from '../core/pattern/pattern-refused.js';
import { mistyped, nameOf, refuse, type Value } from './value.js';

/** A fragment of a JSON schema (draft 7, which editors support). */
type JsonSchema = Readonly<Record<string, unknown>>;

/** The shape of a value: `read` checks it, and `schema` describes it to editors. Both accept the same. */
export interface Shape<T> {
  readonly schema: JsonSchema;
  /** @throws OrchError CONFIG_INVALID */
  read(value: Value): T;
}

/** A key of an {@link object}. */
export interface KeyShape<T, Required extends boolean = boolean> {
  readonly shape: Shape<T>;
  readonly required: Required;
  /** Its purpose, for editors and for the error where a required one is missing. */
  readonly what: string;
}

type Keys = Readonly<Record<string, KeyShape<unknown>>>;

type ValuesOf<K extends Keys> = {
  readonly [Name in keyof K]: K[Name] extends KeyShape<infer T, infer Required>
    ? Required extends true
      ? T
      : T | undefined
    : never;
};

export function required<T>(shape: Shape<T>, what: string): KeyShape<T, true> {
  return { shape, required: true, what };
}

export function optional<T>(shape: Shape<T>, what: string): KeyShape<T, false> {
  return { shape, required: false, what };
}

/** A text that `pattern` (a regular expression without flags) matches. */
export function textLike(pattern: RegExp, expected: string): Shape<string> {
  return {
    schema: { type: 'string', pattern: pattern.source },
    read: (value) => {
      if (value.type === 'text' && pattern.test(value.text)) return value.text;
      const isUnquoted = (value.type === 'number' || value.type === 'boolean') && pattern.test(value.text);
      throw mistyped(value, expected + (isUnquoted || value.type === 'map' ? hintOfQuotes(value) : ''));
    },
  };
}

/** A text that is not empty. */
export const text = textLike(/^[^\0]+$/, 'a text');

/** A text that is not blank and has no line break. */
export const line = textLike(/^[^\0\r\n]*[^\0\s][^\0\r\n]*$/, 'one line of text');

/** An argument of a program, as written: numbers need no quotes. May be empty. */
export const argument: Shape<string> = {
  schema: { type: ['string', 'number', 'boolean'], pattern: '^[^\\0]*$' },
  read: (value) => {
    if (value.type === 'nothing' || value.type === 'list' || value.type === 'map') {
      throw mistyped(value, `a text${hintOfQuotes(value)}`);
    }
    if (value.text.includes('\0'))
      throw refuse(value, `${nameOf(value)} holds a NUL byte`, 'programs cannot receive one');
    return value.text;
  },
};

export function oneOf<const Choice extends string>(choices: readonly Choice[]): Shape<Choice> {
  return {
    schema: { enum: choices },
    read: (value) => {
      const found = value.type === 'text' ? choices.find((choice) => choice === value.text) : undefined;
      if (found === undefined) throw mistyped(value, alternatives(choices));
      return found;
    },
  };
}

export const yesOrNo: Shape<boolean> = {
  schema: { type: 'boolean' },
  read: (value) => {
    if (value.type !== 'boolean') throw mistyped(value, 'true or false');
    return value.text.toLowerCase() === 'true';
  },
};

/** A whole number as flags take it, in digits. */
export function wholeNumber(min: number): Shape<string> {
  return {
    schema: { type: 'integer', minimum: min, maximum: MOST },
    read: (value) => {
      const found = value.type === 'number' ? Number(value.text) : NaN;
      if (Number.isInteger(found) && found >= min && found <= MOST) return String(found);
      throw mistyped(value, `a whole number from ${min} on`);
    },
  };
}

/** The largest number of nine digits, the most that flags accept. */
const MOST = 999_999_999;

/** A duration in the spelling of flags. */
export const duration: Shape<string> = {
  schema: {
    anyOf: [
      { type: 'integer', minimum: 0, maximum: MOST },
      { type: 'string', pattern: '^\\d{1,9}(\\.\\d{1,9})?(ms|s|m|h|d)?$' },
    ],
  },
  read: (value) => {
    if (value.type === 'number' && Number.isInteger(Number(value.text))) return wholeNumber(0).read(value);
    if (value.type === 'text' && parseDuration(value.text) !== undefined) return value.text;
    throw mistyped(value, 'seconds such as 10, or a text such as 2.5s, 10m or 1h');
  },
};

/** 1 to 65,535, the range of struct winsize. */
const CELLS = '([1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d\\d|655[0-2]\\d|6553[0-5])';

/** A terminal size in the spelling of flags. */
export const size = textLike(new RegExp(`^${CELLS}x${CELLS}$`), 'columns and rows such as 120x40');

/** A number of bytes, with its unit. */
export const byteSize = textLike(BYTE_SIZE, 'a size such as 500MB, 10GB or 1.5GiB');

/** A regular expression of JavaScript, with the flag `u`, that can be matched in linear time. */
export const regex: Shape<Pattern> = {
  schema: { type: 'string', format: 'regex', minLength: 1 },
  read: (value) => {
    const source = value.type === 'text' ? value.text : '';
    if (source === '') throw mistyped(value, `a regular expression${hintOfQuotes(value)}`);
    try {
      return compilePattern({ source, flags: 'u' });
    } catch (error) {
      if (!(error instanceof PatternRefused)) throw error;
      if (error.fix !== undefined) throw refuse(value, `${nameOf(value)} cannot be used: ${error.message}`, error.fix);
      const what = `${nameOf(value)} is not a regular expression: ${error.message}`;
      throw refuse(value, what, "use JavaScript's syntax with the flag u; a backslash makes a character literal");
    }
  },
};

/** A list of at least `min` items; `expected` names them, in the plural. */
export function listOf<T>(item: Shape<T>, expected: string, min = 0): Shape<readonly T[]> {
  return {
    schema: { type: 'array', items: item.schema, ...(min === 0 ? {} : { minItems: min }) },
    read: (value) => {
      if (value.type !== 'list') throw mistyped(value, `a list of ${expected}`);
      if (value.items.length < min)
        throw refuse(value, `${nameOf(value)} is empty`, `it must be a list of ${expected}`);
      return value.items.map((child) => item.read(child));
    },
  };
}

/** The rule for the keys of a {@link mapOf}. */
export interface KeyRule {
  readonly pattern: RegExp;
  /** Completes "a key here is …". */
  readonly expected: string;
  /** Names that are taken, and by what. */
  readonly reserved?: { readonly names: readonly string[]; readonly by: string };
}

/** A map whose keys are the user's own names; empty where there is no value. */
export function mapOf<T>(item: Shape<T>, { pattern, expected, reserved }: KeyRule): Shape<ReadonlyMap<string, T>> {
  const names = reserved?.names ?? [];
  return {
    schema: {
      type: ['object', 'null'],
      propertyNames: { pattern: pattern.source, ...(names.length === 0 ? {} : { not: { enum: names } }) },
      additionalProperties: item.schema,
    },
    read: (value) => {
      const entries = entriesOf(value);
      for (const entry of entries) {
        if (!pattern.test(entry.key)) throw refuse(entry, `${nameOf(entry)} is not a known key`, `one is ${expected}`);
        if (names.includes(entry.key)) {
          throw refuse(entry, `${nameOf(entry)} is ${reserved?.by ?? 'taken'}`, 'choose another name');
        }
      }
      return new Map(entries.map(({ key, value: child }) => [key, item.read(child)]));
    },
  };
}

/** A map of known keys. It may be left empty where no key is required. */
export function object<K extends Keys>(keys: K): Shape<ValuesOf<K>> {
  const known = Object.entries(keys);
  const names = known.map(([name]) => name);
  const needed = known.filter(([, key]) => key.required);
  return {
    schema: {
      type: needed.length === 0 ? ['object', 'null'] : 'object',
      properties: Object.fromEntries(
        known.map(([name, key]) => [name, { description: key.what, ...key.shape.schema }]),
      ),
      ...(needed.length === 0 ? {} : { required: needed.map(([name]) => name) }),
      additionalProperties: false,
    },
    read: (value) => {
      const found = new Map(entriesOf(value).map((entry) => [entry.key, entry]));
      for (const entry of found.values()) {
        if (names.includes(entry.key)) continue;
        throw refuse(entry, `${nameOf(entry)} is not a known key`, suggestion(entry.key, names));
      }
      for (const [name, key] of needed) {
        if (!found.has(name)) throw refuse(value, `${nameOf(value)} has no ${name}`, `add it: ${key.what}`);
      }
      const values = known.map(([name, key]) => {
        const entry = found.get(name);
        return [name, entry === undefined ? undefined : key.shape.read(entry.value)] as const;
      });
      // Each key of K was read by its own shape, or is optional and missing.
      return Object.fromEntries(values) as ValuesOf<K>;
    },
  };
}

/** A map, or a simpler value in its place; an empty value counts as a map. */
export function simplyOr<A, B>(simple: Shape<A>, map: Shape<B>): Shape<A | B> {
  return {
    schema: { anyOf: [simple.schema, map.schema] },
    read: (value) => (value.type === 'map' || value.type === 'nothing' ? map.read(value) : simple.read(value)),
  };
}

/** A value of this shape, converted by `read`, which may refuse what a schema cannot express. */
export function checked<A, B>(shape: Shape<A>, read: (found: A, value: Value) => B): Shape<B> {
  return { schema: shape.schema, read: (value) => read(shape.read(value), value) };
}

/** Suggests the allowed name that may have been meant, and lists all of them. */
export function suggestion(typed: string, names: readonly string[]): string {
  const meant = nearestWord(typed, names);
  return `${meant === undefined ? 'use' : `did you mean ${meant}? Else use`} ${alternatives(names)}`;
}

/** `a, b or c` */
function alternatives(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}

function entriesOf(value: Value) {
  if (value.type === 'nothing') return [];
  if (value.type !== 'map') throw mistyped(value, 'a map of keys and values');
  return value.entries;
}

/** A hint for a value that YAML reads as another type because it has no quotes. */
function hintOfQuotes(value: Value): string {
  if (value.type === 'number' || value.type === 'boolean') return `, in quotes: "${value.text}"`;
  const only = value.type === 'map' && value.entries.length === 1 ? value.entries[0] : undefined;
  if (only === undefined) return '';
  return only.value.type === 'nothing' ? `, in quotes: "{${only.key}}"` : ", in quotes where it holds ': '";
}
