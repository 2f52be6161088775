import { EscapeScanner, type EscapeToken } from '../../../core/terminal/escape-sequences.js';
import { Utf8Text } from '../../../render/model/utf8-text.js';

/** A key that was pressed, or text that was pasted. */
export type Key =
  | { readonly type: 'character'; readonly character: string }
  | { readonly type: 'named'; readonly name: KeyName }
  | { readonly type: 'paste'; readonly text: string };

type KeyName =
  | 'left'
  | 'right'
  | 'up'
  | 'down'
  | 'shift-left'
  | 'shift-right'
  | 'shift-up'
  | 'shift-down'
  | 'home'
  | 'end'
  | 'enter'
  | 'escape'
  | 'backspace'
  | 'interrupt'
  | 'suspend';

/** Kept of a paste, in UTF-16 units; it is only ever a pattern to look for. */
const MAX_PASTE = 1000;

/**
 * Reads keys out of what a terminal sends (xterm, ctlseqs, "PC-Style Function Keys"), cut anywhere. What is no key of ours,
 * such as a late answer to another program's query, is passed over as a whole.
 */
export class KeyReader {
  #scanner = new EscapeScanner({ text: true });
  readonly #utf8 = new Utf8Text();
  #pasted: string | undefined;
  /** ESC O begins a key of one more character. */
  #isApplicationKey = false;

  /** Something has begun that may be a key by itself: ask again with `settle` when nothing has come for a while. */
  get isOpen(): boolean {
    return this.#isApplicationKey || !this.#scanner.inGround;
  }

  read(bytes: Uint8Array): readonly Key[] {
    return this.#scanner.push(bytes).flatMap((token) => this.#keys(token));
  }

  /** Nothing has followed: what has begun was the key ESC, or Alt and O, which is none of ours. */
  settle(): readonly Key[] {
    this.#isApplicationKey = false;
    if (!this.isOpen) return [];
    this.#scanner = new EscapeScanner({ text: true });
    return this.#pasted === undefined ? [{ type: 'named', name: 'escape' }] : [];
  }

  #keys(token: EscapeToken): readonly Key[] {
    switch (token.type) {
      case 'text':
        return this.#text(Buffer.from(this.#utf8.push(token.bytes).text).toString());
      case 'csi':
        return this.#csi(`${token.prefix}${token.rawParams}${token.intermediates}${token.final}`);
      case 'esc':
        this.#isApplicationKey = token.intermediates === '' && token.final === 'O';
        return [];
      case 'ignored':
        // An ESC that the next one has cut off.
        return token.end - token.start === 1 && this.#pasted === undefined ? named('escape') : [];
      case 'control':
        return keyOf(String.fromCharCode(token.code));
      default:
        return [];
    }
  }

  #text(text: string): readonly Key[] {
    if (this.#pasted !== undefined && !text.includes(INTERRUPT)) {
      this.#pasted = (this.#pasted + text).slice(0, MAX_PASTE);
      return [];
    }
    // Should the end of a paste never come, the user is not locked in.
    this.#pasted = undefined;
    const characters = Array.from(text);
    const first = this.#isApplicationKey && LETTER.test(text) ? characters.shift() : undefined;
    if (text !== '') this.#isApplicationKey = false;
    return [...(first === undefined ? [] : named(CSI_KEYS.get(first))), ...characters.flatMap(keyOf)];
  }

  #csi(sequence: string): readonly Key[] {
    if (sequence === '200~') this.#pasted ??= '';
    if (sequence === '201~' && this.#pasted !== undefined) {
      const text = this.#pasted;
      this.#pasted = undefined;
      return [{ type: 'paste', text }];
    }
    return this.#pasted === undefined ? named(CSI_KEYS.get(sequence)) : [];
  }
}

function keyOf(character: string): readonly Key[] {
  const name = CONTROL_KEYS.get(character);
  if (name !== undefined) return named(name);
  return /^\P{Cc}$/u.test(character) ? [{ type: 'character', character }] : [];
}

function named(name: KeyName | undefined): readonly Key[] {
  return name === undefined ? [] : [{ type: 'named', name }];
}

const INTERRUPT = '\x03';
const LETTER = /^[A-Za-z]/;

const CONTROL_KEYS: ReadonlyMap<string, KeyName> = new Map([
  ['\r', 'enter'],
  ['\n', 'enter'],
  ['\x7f', 'backspace'],
  ['\b', 'backspace'],
  [INTERRUPT, 'interrupt'],
  ['\x1a', 'suspend'],
]);

const CSI_KEYS: ReadonlyMap<string, KeyName> = new Map([
  ['A', 'up'],
  ['B', 'down'],
  ['C', 'right'],
  ['D', 'left'],
  ['1;2A', 'shift-up'],
  ['1;2B', 'shift-down'],
  ['1;2C', 'shift-right'],
  ['1;2D', 'shift-left'],
  ['H', 'home'],
  ['F', 'end'],
  ['1~', 'home'],
  ['4~', 'end'],
]);
