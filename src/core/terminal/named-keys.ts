import { controlCharacter } from './key-sequences.js';

/** A key with the modifiers that are held. */
export interface NamedKey {
  /** One of the names below, or one character. */
  readonly base: string;
  readonly shift: boolean;
  readonly alt: boolean;
  readonly ctrl: boolean;
}

/** What a program has asked of its terminal's keyboard. */
export interface KeyboardModes {
  /** Cursor keys are sent as SS3 (DECCKM). */
  readonly applicationCursor: boolean;
  /** Of kitty's keyboard protocol: 1 tells keys with modifiers apart, 8 sends all keys as sequences. */
  readonly kittyFlags: number;
}

/** The key that `name` stands for, such as `enter`, `ctrl-c`, `shift-tab`, `alt-b`, `f5`, `y`; undefined where none has that name. */
export function namedKey(name: string): NamedKey | undefined {
  const [, modifiers = '', rest = ''] = /^((?:ctrl-|alt-|shift-)*)(.+)$/.exec(name) ?? [];
  const base = ALIASES.get(rest) ?? rest;
  if (!NAMES.has(base) && !/^[!-~]$/.test(base)) return undefined;
  const held = modifiers.split('-').slice(0, -1);
  if (new Set(held).size < held.length) return undefined;
  return { base, shift: held.includes('shift'), alt: held.includes('alt'), ctrl: held.includes('ctrl') };
}

/** What a terminal sends for a key, as xterm and kitty do; undefined: in these modes it has no bytes of its own. */
export function keyBytes(key: NamedKey, modes: KeyboardModes): string | undefined {
  const letter = CURSOR.get(key.base) ?? FUNCTION.get(key.base);
  if (letter !== undefined) return lettered(key, letter, modes);
  const number = NUMBERED.get(key.base);
  if (number !== undefined) return `\x1b[${number}${isPlain(key) ? '' : `;${modifiersOf(key)}`}~`;
  return modes.kittyFlags === 0 ? traditional(key) : ofKitty(key, modes.kittyFlags);
}

const CURSOR: ReadonlyMap<string, string> = new Map([
  ['up', 'A'],
  ['down', 'B'],
  ['right', 'C'],
  ['left', 'D'],
  ['home', 'H'],
  ['end', 'F'],
]);
const FUNCTION: ReadonlyMap<string, string> = new Map(['P', 'Q', 'R', 'S'].map((letter, at) => [`f${at + 1}`, letter]));
const NUMBERED: ReadonlyMap<string, number> = new Map([
  ['insert', 2],
  ['delete', 3],
  ['page-up', 5],
  ['page-down', 6],
  ...[15, 17, 18, 19, 20, 21, 23, 24].map((number, at): [string, number] => [`f${at + 5}`, number]),
]);
const CHARACTERS: ReadonlyMap<string, string> = new Map([
  ['enter', '\r'],
  ['tab', '\t'],
  ['escape', '\x1b'],
  ['backspace', '\x7f'],
  ['space', ' '],
  ['comma', ','],
]);
const NAMES: ReadonlySet<string> = new Set(
  [CURSOR, FUNCTION, NUMBERED, CHARACTERS].flatMap((table: ReadonlyMap<string, unknown>) => [...table.keys()]),
);
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['esc', 'escape'],
  ['return', 'enter'],
  ['pageup', 'page-up'],
  ['pagedown', 'page-down'],
  ['del', 'delete'],
]);
/** These send their old bytes to a program that has asked to tell keys apart, so that a shell left in that state can be used. */
const KEPT_BY_KITTY: ReadonlySet<string> = new Set(['enter', 'tab', 'backspace']);
const ALL_AS_SEQUENCES = 8;

function lettered(key: NamedKey, letter: string, { applicationCursor, kittyFlags }: KeyboardModes): string {
  const modifiers = isPlain(key) ? '' : `;${modifiersOf(key)}`;
  // Its F3 would be the answer to where the cursor is.
  if (kittyFlags > 0 && key.base === 'f3') return `\x1b[13${modifiers}~`;
  if (modifiers !== '') return `\x1b[1${modifiers}${letter}`;
  if (kittyFlags > 0) return `\x1b[${letter}`;
  return applicationCursor || FUNCTION.has(key.base) ? `\x1bO${letter}` : `\x1b[${letter}`;
}

function traditional({ base, shift, alt, ctrl }: NamedKey): string | undefined {
  const escape = alt ? '\x1b' : '';
  if (base === 'tab' && shift && !ctrl) return `${escape}\x1b[Z`;
  if (base === 'backspace' && ctrl && !shift) return `${escape}\x08`;
  const character = CHARACTERS.get(base) ?? base;
  if (!ctrl && !shift) return `${escape}${character}`;
  if (!ctrl && /^[a-z]$/.test(character)) return `${escape}${character.toUpperCase()}`;
  const control = shift ? undefined : controlCharacter(character === ' ' ? '@' : character);
  return control === undefined ? undefined : `${escape}${control}`;
}

function ofKitty(key: NamedKey, flags: number): string | undefined {
  const { base, shift, alt, ctrl } = key;
  const isAll = (flags & ALL_AS_SEQUENCES) !== 0;
  const character = CHARACTERS.get(base) ?? base;
  const isText = !CHARACTERS.has(base) || base === 'space' || base === 'comma';
  if (!isAll && (isText ? !alt && !ctrl : KEPT_BY_KITTY.has(base) && isPlain(key))) {
    return shift ? traditional(key) : character;
  }
  return `\x1b[${character.charCodeAt(0)}${isPlain(key) ? '' : `;${modifiersOf(key)}`}u`;
}

function isPlain({ shift, alt, ctrl }: NamedKey): boolean {
  return !shift && !alt && !ctrl;
}

/** Modifiers count from 1. */
function modifiersOf({ shift, alt, ctrl }: NamedKey): number {
  return 1 + (shift ? 1 : 0) + (alt ? 2 : 0) + (ctrl ? 4 : 0);
}
