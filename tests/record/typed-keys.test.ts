import { describe, expect, test } from 'vitest';
import { TypedKeys } from '../../src/record/status/typed-keys.js';

const keysOf = (...reads: readonly string[]): readonly string[] => {
  const keys = new TypedKeys('quit');
  return reads.flatMap((read) => keys.read(Buffer.from(read)));
};

describe('keys that are typed to an agent', () => {
  test.each([
    ['a prompt', ['mend it', '\r'], ['text', 'prompt']],
    ['a prompt, letter by letter', ['o', 'k', '\r'], ['text', 'text', 'prompt']],
    ['Enter alone', ['\r'], ['enter']],
    ['a command of the interface', ['/exit', '\r'], ['text', 'enter']],
    ['the word that makes it leave', ['quit\r'], ['text', 'enter']],
    ['a prompt that was cleared by Ctrl-C', ['mend it', '\x03', '\r'], ['text', 'interrupt', 'enter']],
    ['Escape', ['\x1b'], ['escape']],
    ['Escape twice in one read', ['\x1b\x1b'], ['escape', 'escape']],
    ['Alt and a letter', ['\x1bb'], []],
    ['arrows and function keys', ['\x1b[A\x1bOP\x1b[1;5C\x1b[3~'], []],
    ['answers of a terminal', ['\x1b[?62;22c\x1b[5;7R\x1b[I'], []],
    [
      'answers that are strings',
      ['\x1bP>|term(1.2)\x1b\\\x1b]11;rgb:0000/0000/0000\x07\x1b_Gi=1;OK\x1b\\', 'x'],
      ['text'],
    ],
    ['Ctrl-C of kitty', ['\x1b[99;5u', '\x1b[99;5:1u', '\x1b[99::99;69:2u'], ['interrupt', 'interrupt', 'interrupt']],
    ['Ctrl-C let go, of kitty', ['\x1b[99;5:3u'], []],
    ['Ctrl-Shift-C of kitty, which copies', ['\x1b[99;6u'], []],
    ['Ctrl-C of xterm', ['\x1b[27;5;99~'], ['interrupt']],
    ['Escape and Enter of kitty', ['\x1b[27u', '\x1b[13;1:1u'], ['escape', 'enter']],
    ['a paste, whatever is in it', ['\x1b[200~a\x03\r\x1b', 'b\x1b[201~', '\r'], ['text', 'text', 'prompt']],
  ])('%s', (_, reads, keys) => {
    expect(keysOf(...reads)).toEqual(keys);
  });
});
