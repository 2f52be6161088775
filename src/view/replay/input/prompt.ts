import type { Key } from './keys.js';

/** What is looked for, while it is typed. */
export class Prompt {
  #text = '';

  get text(): string {
    return this.#text;
  }

  /** Takes a key: it is still typed, was given up, or is to be looked for. */
  press(key: Key): 'open' | 'cancelled' | 'entered' {
    if (key.type === 'character') this.#text += key.character;
    else if (key.type === 'paste') this.#text += key.text.replace(/\p{Cc}/gu, '');
    else if (key.name === 'enter') return 'entered';
    else if (key.name === 'escape') return 'cancelled';
    else if (key.name === 'backspace') {
      if (this.#text === '') return 'cancelled';
      this.#text = Array.from(this.#text).slice(0, -1).join('');
    }
    return 'open';
  }
}
