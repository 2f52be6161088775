import { errors, type OrchError } from '../core/errors.js';

/** Where something stands in a document. */
export interface DocumentPlace {
  /** `orch.yml:7:5`: file, line and column, from 1. */
  readonly at: string;
  /** `backends.mine.command[0]`; empty for the whole document. */
  readonly path: string;
}

/** A value of a document that somebody wrote by hand: what JSON has, and where it stands. */
export type Value = DocumentPlace & Content;

type Content =
  | { readonly type: 'nothing' }
  | { readonly type: 'text'; readonly text: string }
  /** As it is written: `1.10` is not 1.1 to whoever wrote it. */
  | { readonly type: 'number' | 'boolean'; readonly text: string }
  | { readonly type: 'list'; readonly items: readonly Value[] }
  /** No key is there twice. */
  | { readonly type: 'map'; readonly entries: readonly Entry[] };

/** A key, at its own place, and its value. */
export interface Entry extends DocumentPlace {
  readonly key: string;
  readonly value: Value;
}

/** Longer texts are told by their beginning. */
const SHOWN_CHARACTERS = 40;

/** What is wrong at a place, and what is allowed there. */
export function refuse({ at }: DocumentPlace, what: string, fix: string): OrchError {
  return errors.configInvalid(at, what, fix);
}

/** A value that is not what it must be: `expected` completes "it must be …". */
export function mistyped(value: Value, expected: string): OrchError {
  return refuse(value, `${nameOf(value)} is ${described(value)}`, `it must be ${expected}`);
}

/** What to call a place in a sentence. */
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
