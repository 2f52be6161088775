const ANSWER = '\x1b]7501;?';
/** From here on it is no key that a person might have pressed: Escape, and Alt with a bracket, are passed on at once. */
const NO_KEY = '\x1b]7'.length;
/** The longest answer that is waited for, bytes. */
const MAX_BYTES = 64;
const WHOLE = /\x1b\]7501;\?[^\x07\x1b]*(?:\x07|\x1b\\)/g;
const OPEN = /\x1b\]7501;\?[^\x07\x1b]*\x1b?$/;

/**
 * Takes out of what a user's terminal sends its own answers to OSC 7501, by which it says that it listens to reports: orch has answered
 * in its place, and a program takes a second answer for keys. The reports reach that terminal all the same.
 */
export class OwnAnswers {
  /** The beginning of an answer that the last read has cut. */
  #held = '';

  /** What of the next read is for the agent. */
  remove(bytes: Uint8Array): Uint8Array {
    if (this.#held === '' && !bytes.includes(0x1b)) return bytes;
    const read = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    const text = (this.#held + read).replace(WHOLE, '');
    this.#held = openIn(text);
    return Buffer.from(text.slice(0, text.length - this.#held.length), 'latin1');
  }
}

function openIn(text: string): string {
  const open = OPEN.exec(text)?.[0];
  if (open !== undefined) return open.length <= MAX_BYTES ? open : '';
  for (let length = ANSWER.length - 1; length >= NO_KEY; length--)
    if (text.endsWith(ANSWER.slice(0, length))) return ANSWER.slice(0, length);
  return '';
}
