import type { Clock } from '../../core/clock.js';
import { KEY_SEQUENCE, PASTE_BEGINS, PASTE_ENDS } from '../../core/terminal/key-sequences.js';
import type { DetachKeys } from '../../settings/detach-keys.js';

/** What a read of the terminal comes to: what is for the agent, and whether the client leaves. */
export interface ReadKeys {
  readonly typed: Uint8Array;
  readonly detaches: boolean;
}

/** Bytes that fingers put into one read, also where a slow line gathers some keys, each press and release of them spelt out. */
const MOST_TYPED_BYTES = 128;
/** What comes this soon behind a longer read belongs to it, ms: a paste comes in reads of any lengths. */
const DATA_MS = 100;

/**
 * Finds the keys by which a client leaves in what is typed: as bytes, and as the keyboard protocols of kitty and xterm
 * (modifyOtherKeys) spell them. The first key is held back until the next one tells; typed twice it goes on once. A key is taken
 * to come in one piece, as terminals send it; what is pasted, in brackets or in reads longer than any of keys, is text or data.
 */
export class DetachKeyReader {
  readonly #keys: DetachKeys;
  readonly #clock: Pick<Clock, 'monotonic'>;
  #dataAt = -Infinity;
  /** Keys of the sequence that were pressed, as they came. */
  #held: string[] = [];
  /** What came between them and is no key: releases, and modifiers by themselves. */
  #between = '';
  #isPasted = false;

  constructor(keys: DetachKeys, clock: Pick<Clock, 'monotonic'>) {
    this.#keys = keys;
    this.#clock = clock;
  }

  read(bytes: Uint8Array): ReadKeys {
    if (this.#keys.length === 0) return { typed: bytes, detaches: false };
    const now = this.#clock.monotonic();
    if (bytes.length > MOST_TYPED_BYTES) this.#dataAt = now;
    const isData = now - this.#dataAt < DATA_MS;
    let typed = '';
    for (const [token] of Buffer.from(bytes).toString('latin1').matchAll(TOKEN)) {
      if (token === PASTE_BEGINS || token === PASTE_ENDS) this.#isPasted = token === PASTE_BEGINS;
      const key = isData || this.#isPasted ? { type: 'other' as const } : keyOf(token);
      if (key.type === 'between' && this.#held.length > 0) this.#between += token;
      else if (key.type === 'character' && key.character === this.#keys[this.#held.length]) {
        this.#held.push(token);
        if (this.#held.length === this.#keys.length) {
          this.#held = [];
          this.#between = '';
          return { typed: Buffer.from(typed, 'latin1'), detaches: true };
        }
      } else {
        const isPrefixAgain = key.type === 'character' && this.#held.length === 1 && key.character === this.#keys[0];
        typed += isPrefixAgain ? `${this.#between}${token}` : `${this.#held.join('')}${this.#between}${token}`;
        this.#held = [];
        this.#between = '';
      }
    }
    return { typed: Buffer.from(typed, 'latin1'), detaches: false };
  }
}

/** A key, or one character. */
const TOKEN = new RegExp(`${KEY_SEQUENCE}|[^]`, 'g');
/** `CSI code:…; modifiers:event; text u`, and xterm's `CSI 27; modifiers; code ~`. */
const KITTY = /^\x1b\[(\d+)(?::[0-9:]*)?(?:;(\d*)(?::(\d))?)?(?:;[0-9:]*)?u$/;
const XTERM = /^\x1b\[27;(\d+);(\d+)~$/;
/** Modifiers count from 1. Those of interest; 64 and 128 are the locks, which change nothing. */
const CTRL = 4;
const LOCKS = 64 | 128;
/** Of kitty's codes these are keys such as Shift and Ctrl themselves. */
const MODIFIER_KEYS = { first: 57_441, last: 57_454 } as const;

type PressedKey =
  | { readonly type: 'character'; readonly character: string }
  | { readonly type: 'between' }
  | { readonly type: 'other' };

function keyOf(token: string): PressedKey {
  if (token.length === 1) return { type: 'character', character: token };
  const [, code, modifiers, event] = KITTY.exec(token) ?? [];
  if (code !== undefined) {
    const isModifier = Number(code) >= MODIFIER_KEYS.first && Number(code) <= MODIFIER_KEYS.last;
    return event === '3' || isModifier ? { type: 'between' } : withModifiers(Number(code), Number(modifiers || 1));
  }
  const [, ofXterm, codeOfXterm] = XTERM.exec(token) ?? [];
  return ofXterm === undefined ? { type: 'other' } : withModifiers(Number(codeOfXterm), Number(ofXterm));
}

function withModifiers(code: number, modifiers: number): PressedKey {
  const held = (modifiers - 1) & ~LOCKS;
  if (held === 0) return { type: 'character', character: String.fromCodePoint(Math.min(code, 0x10ffff)) };
  const isControl = held === CTRL && code >= 0x40 && code < 0x80;
  return isControl ? { type: 'character', character: String.fromCharCode(code & 0x1f) } : { type: 'other' };
}
