import { KEY_SEQUENCE, PASTE_BEGINS, PASTE_ENDS } from '../../core/terminal/key-sequences.js';

/** A person's keys to an agent, by meaning. `prompt`: Enter behind a text that is no command of the interface. */
export type TypedKey = 'interrupt' | 'escape' | 'prompt' | 'enter' | 'text';

/**
 * Finds, in what is typed to an agent, the keys by which a person interrupts it or asks it something: as bytes, and as the
 * keyboard protocols of kitty and xterm (modifyOtherKeys) spell them. What is pasted is text, whatever is in it. A key is
 * taken to come in one piece, as terminals send it; a paste may come in many.
 */
export class TypedKeys {
  readonly #isCommand: (line: string) => boolean;
  #pasting = false;
  /** The beginning of what was typed since the last Enter: enough to tell whether it is a command. */
  #line = '';

  /** `leave`: a word that makes the agent leave, and therefore asks it nothing. */
  constructor(leave: string | undefined) {
    this.#isCommand = (line) => line === '' || line.startsWith('/') || line === leave;
  }

  /** The keys in one read of the terminal, in their order; text counts once for each run of it. */
  read(bytes: Uint8Array): readonly TypedKey[] {
    const keys: TypedKey[] = [];
    for (const [token] of Buffer.from(bytes).toString('latin1').matchAll(TOKEN)) {
      const key = this.#keyOf(token);
      if (key !== undefined && !(key === 'text' && keys.at(-1) === 'text')) keys.push(key);
    }
    return keys;
  }

  #keyOf(token: string): TypedKey | undefined {
    if (token === PASTE_BEGINS || token === PASTE_ENDS) {
      this.#pasting = token === PASTE_BEGINS;
      return undefined;
    }
    if (this.#pasting) return this.#write(token);
    if (token === '\r' || ENTER.test(token)) return this.#enter();
    if (token === '\x03' || CTRL_C.test(token)) {
      this.#line = '';
      return 'interrupt';
    }
    if (token === '\x1b' || ESCAPE.test(token)) return 'escape';
    // Arrows, answers of the terminal, and keys with modifiers write nothing.
    return token.startsWith('\x1b') ? undefined : this.#write(token);
  }

  #write(text: string): 'text' {
    this.#line = (this.#line + text).trimStart().slice(0, LINE_CHARACTERS);
    return 'text';
  }

  #enter(): 'enter' | 'prompt' {
    const key = this.#isCommand(this.#line.trim()) ? 'enter' : 'prompt';
    this.#line = '';
    return key;
  }
}

/** Longer than any word that makes an agent leave. */
const LINE_CHARACTERS = 256;

/** A terminal's answer that is a string (OSC, DCS, APC), a key, a control character, a run of text. */
const TOKEN = new RegExp(
  String.raw`\x1b[\]P_][^\x1b\x07]*(?:\x07|\x1b\\)|${KEY_SEQUENCE}|[\0-\x1f\x7f]|[^\0-\x1f\x7f]+`,
  'g',
);
/** With the control key alone (modifiers count from 1; 64 and 128 are the locks), pressed or repeated (3: let go). */
const CTRL = '(?:5|69|133|197)';
const CTRL_C = new RegExp(`^\\x1b\\[(?:99(?::[0-9:]*)?;${CTRL}(?::[12])?(?:;[0-9:]*)?u|27;5;99~)$`);
const ESCAPE = /^\x1b\[27(?:;(?:1|65|129|193)(?::[12])?)?u$/;
const ENTER = /^\x1b\[13(?:;(?:1|65|129|193)(?::[12])?)?u$/;
