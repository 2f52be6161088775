import { describe, expect, test } from 'vitest';
import { KEYS } from '../../../src/view/replay/help.js';
import { KEYMAP } from '../../../src/view/replay/input/keymap.js';
import type { Key } from '../../../src/view/replay/input/keys.js';
import { Prompt } from '../../../src/view/replay/input/prompt.js';

const typed = (character: string): Key => ({ type: 'character', character });
const backspace: Key = { type: 'named', name: 'backspace' };

describe('the keys of a replay', () => {
  test('each stand once, and all but escape are told of in the help', () => {
    const keys = KEYMAP.flatMap((binding) => Object.keys(binding.keys));
    expect(new Set(keys).size).toBe(keys.length);
    const untold = KEYMAP.filter(({ help }) => help === undefined).flatMap((binding) => Object.keys(binding.keys));
    expect(untold).toEqual(['escape']);
    expect(KEYS).toHaveLength(KEYMAP.length - 1);
  });
});

describe('what is looked for, while it is typed', () => {
  test('grows by characters and by what is pasted, without control characters', () => {
    const prompt = new Prompt();
    expect(prompt.press(typed('a'))).toBe('open');
    expect(prompt.press({ type: 'paste', text: 'b\n\tc' })).toBe('open');
    expect(prompt.text).toBe('abc');
    expect(prompt.press({ type: 'named', name: 'left' })).toBe('open');
    expect(prompt.press({ type: 'named', name: 'enter' })).toBe('entered');
    expect(prompt.text).toBe('abc');
  });

  test('shrinks by whole characters, and is given up with one too many, or with escape', () => {
    const prompt = new Prompt();
    prompt.press(typed('a'));
    prompt.press(typed('😀'));
    prompt.press(backspace);
    expect(prompt.text).toBe('a');
    expect(prompt.press(backspace)).toBe('open');
    expect(prompt.press(backspace)).toBe('cancelled');
    expect(new Prompt().press({ type: 'named', name: 'escape' })).toBe('cancelled');
  });
});
