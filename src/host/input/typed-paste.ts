import { PASTE_BEGINS, PASTE_ENDS } from '../../core/terminal/key-sequences.js';

/** Whether what is typed stands within a bracketed paste, whatever pieces it comes in. */
export class TypedPaste {
  #tail = '';
  #isOpen = false;

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** The next bytes that are typed. */
  read(bytes: Uint8Array): void {
    const text = this.#tail + Buffer.from(bytes).toString('latin1');
    const [begins, ends] = [text.lastIndexOf(PASTE_BEGINS), text.lastIndexOf(PASTE_ENDS)];
    if (begins !== ends) this.#isOpen = begins > ends;
    this.#tail = text.slice(1 - PASTE_BEGINS.length);
  }
}
