import { expect, test } from 'vitest';
import { keyBytes, type KeyboardModes, namedKey } from '../../src/core/terminal/named-keys.js';

const SHELL: KeyboardModes = { applicationCursor: false, kittyFlags: 0 };
/** Tells keys apart; and sends all as sequences. */
const KITTY: KeyboardModes = { applicationCursor: false, kittyFlags: 1 };
const ALL: KeyboardModes = { applicationCursor: true, kittyFlags: 9 };

function bytesOf(name: string, modes: KeyboardModes): string | undefined {
  const key = namedKey(name);
  return key === undefined ? undefined : keyBytes(key, modes);
}

test.each([
  ['enter', '\r', '\r', '\x1b[13u'],
  ['return', '\r', '\r', '\x1b[13u'],
  ['tab', '\t', '\t', '\x1b[9u'],
  ['shift-tab', '\x1b[Z', '\x1b[9;2u', '\x1b[9;2u'],
  ['escape', '\x1b', '\x1b[27u', '\x1b[27u'],
  ['backspace', '\x7f', '\x7f', '\x1b[127u'],
  ['ctrl-backspace', '\x08', '\x1b[127;5u', '\x1b[127;5u'],
  ['space', ' ', ' ', '\x1b[32u'],
  ['ctrl-space', '\0', '\x1b[32;5u', '\x1b[32;5u'],
  ['comma', ',', ',', '\x1b[44u'],
  ['y', 'y', 'y', '\x1b[121u'],
  ['shift-y', 'Y', 'Y', '\x1b[121;2u'],
  ['-', '-', '-', '\x1b[45u'],
  ['ctrl-c', '\x03', '\x1b[99;5u', '\x1b[99;5u'],
  ['ctrl-\\', '\x1c', '\x1b[92;5u', '\x1b[92;5u'],
  ['alt-b', '\x1bb', '\x1b[98;3u', '\x1b[98;3u'],
  ['ctrl-alt-c', '\x1b\x03', '\x1b[99;7u', '\x1b[99;7u'],
  ['alt-enter', '\x1b\r', '\x1b[13;3u', '\x1b[13;3u'],
  ['shift-enter', undefined, '\x1b[13;2u', '\x1b[13;2u'],
  ['up', '\x1b[A', '\x1b[A', '\x1b[A'],
  ['ctrl-left', '\x1b[1;5D', '\x1b[1;5D', '\x1b[1;5D'],
  ['end', '\x1b[F', '\x1b[F', '\x1b[F'],
  ['f1', '\x1bOP', '\x1b[P', '\x1b[P'],
  ['f3', '\x1bOR', '\x1b[13~', '\x1b[13~'],
  ['shift-f3', '\x1b[1;2R', '\x1b[13;2~', '\x1b[13;2~'],
  ['f5', '\x1b[15~', '\x1b[15~', '\x1b[15~'],
  ['f12', '\x1b[24~', '\x1b[24~', '\x1b[24~'],
  ['page-up', '\x1b[5~', '\x1b[5~', '\x1b[5~'],
  ['alt-delete', '\x1b[3;3~', '\x1b[3;3~', '\x1b[3;3~'],
])('%s is sent as a terminal does', (name, shell, kitty, all) => {
  expect([bytesOf(name, SHELL), bytesOf(name, KITTY), bytesOf(name, ALL)]).toEqual([shell, kitty, all]);
});

test('cursor keys are those of the application where a program has asked for them', () => {
  const modes = { ...SHELL, applicationCursor: true };
  expect([bytesOf('up', modes), bytesOf('home', modes), bytesOf('shift-up', modes)]).toEqual([
    '\x1bOA',
    '\x1bOH',
    '\x1b[1;2A',
  ]);
});

test.each(['', 'ctrl-', 'control-c', 'ctrl-ctrl-c', 'f13', 'f0', 'Enter', 'é', 'ab', '\x03', 'ctrl-shift'])(
  'there is no key %j',
  (name) => {
    expect(namedKey(name)).toBeUndefined();
  },
);

test.each(['ctrl-1', 'ctrl-enter', 'ctrl-tab', 'shift-1'])('%s has no bytes of its own in a shell', (name) => {
  expect(namedKey(name)).toBeDefined();
  expect(bytesOf(name, SHELL)).toBeUndefined();
});
