import { errors, type OrchError } from '../core/errors.js';

/** A position in a document. */
export interface DocumentPlace {
  /** `orch.yml:7:5`: file, line and column, from 1. */
  readonly at: string;
  /** `backends.mine.command[0]`; empty for the whole document. */
  readonly path: string;
}

/** A value of a configuration document: a JSON value, and its position. */
export type Value = DocumentPlace & Content;

type Content =
  | { readonly type: 'nothing' }
  | { readonly type: 'text'; readonly text: string }
  /** As written: `1.10` may be a version, not 1.1. */
  | { readonly type: 'number' | 'boolean'; readonly text: string }
  | { readonly type: 'list'; readonly items: readonly Value[] }
  /** Keys are unique. */
  | { readonly type: 'map'; readonly entries: readonly Entry[] };

/** A key, with its position, and its value. */
export interface Entry extends DocumentPlace {
  readonly key: string;
  readonly value: Value;
}

/** Longer texts are shown by their beginning. */
const SHOWN_CHARACTERS = 40;

/** The error for a wrong value at a position: `what` is wrong, and `fix` says what is allowed. */
export function refuse({ at }: DocumentPlace, what: string, fix: string): OrchError {
  return errors.configInvalid(at, what, fix);
}

/** A value that is not what it must be: `expected` completes "it must be …". */
export function mistyped(value: Value, expected: string): OrchError {
  return refuse(value, `${nameOf(value)} is ${described(value)}`, `it must be ${expected}`);
}

/** The name of a position in a sentence. */
export function nameOf({ path }: DocumentPlace): string {
  return path === '' ? 'the document' : path;
}

/** The value of a key in a map; undefined where there is none. */
export function valueOf(value: Value, key: string): Value | undefined {
  return value.type === 'map' ? value.entries.find((entry) => entry.key === key)?.value : undefined;
}

function described(value: Value): string {
  switch (value.type) {
    case 'nothing':
      return 'empty';
    case 'text':
      return `'${value.text.length > SHOWN_CHARACTERS ? `${value.text.slice(0, SHOWN_CHARACTERS)}…` : value.text}'`;
    case 'number':
    case 'boolean':
      return value.text;
    case 'list':
      return 'a list';
    case 'map':
      return 'a map';
  }
}
