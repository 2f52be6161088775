import type { EscapeToken } from '../core/escape-sequences.js';

/** DEC private modes that a shell's terminal has on; all others are off (xterm, ctlseqs). */
const ON_BY_DEFAULT: ReadonlySet<number> = new Set([7, 25]);

/**
 * DEC private modes a program may leave behind, and that a person would then meet at the prompt: cursor keys, reverse
 * video, origin, wrap, cursor and its blinking, mouse (9–1016), focus, paste brackets, synchronized output, colour
 * scheme and size reports.
 */
const UNDONE: readonly number[] = [
  2026, 1, 5, 6, 7, 9, 12, 25, 45, 66, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1015, 1016, 2004, 2031, 2048,
];

/** Modes whose state is known and may be asked for (DECRQM); those that save the cursor or switch screens included. */
const KNOWN: ReadonlySet<number> = new Set([...UNDONE, 47, 1047, 1048, 1049]);
/** The last is the most: it restores the cursor, too. */
const ALTERNATE_SCREEN: readonly number[] = [47, 1047, 1049];
/** The protocol lets a terminal forget the oldest flags of a stack that grows too long; none keeps so many. */
const KITTY_STACK = 256;

/** DECRQM's answer for a mode (VT510 manual, DECRPM). */
export type ModeReport = 'unknown' | 'set' | 'reset';

/**
 * What a program has done to its terminal, followed through its output, so that it can be undone when the program
 * dies without doing so, and told when it asks.
 */
export class TerminalModes {
  readonly #dec = new Map<number, boolean>();
  readonly #ansi = new Map<number, boolean>();
  /** Kitty's keyboard flags: the stack of each screen (the protocol keeps them apart). */
  #kitty: { normal: number[]; alternate: number[] } = { normal: [], alternate: [] };
  #margins = false;
  #keypad = false;
  /** Which of G0 to G3 (`(`, `)`, `*`, `+`) hold another set than ASCII; shifts (SO, LS2) put the last three to use. */
  readonly #charsets = new Set<string>();
  #cursorStyle = false;
  #otherKeys = false;
  #link = false;
  #progress = false;
  readonly #colours = new Set<string>();

  apply(token: EscapeToken): void {
    switch (token.type) {
      case 'csi':
        this.#csi(token.prefix, token.params, token.intermediates, token.final);
        return;
      case 'esc':
        this.#esc(token.intermediates, token.final);
        return;
      case 'osc':
        this.#osc(Buffer.from(token.payload).toString('latin1'));
        return;
      default:
        return;
    }
  }

  /** What DECRQM is told of a DEC private mode. */
  decMode(mode: number): ModeReport {
    if (!KNOWN.has(mode)) return 'unknown';
    return this.#isOn(mode) ? 'set' : 'reset';
  }

  /** What DECRQM is told of an ANSI mode: insert (4) and new line (20) are known. */
  ansiMode(mode: number): ModeReport {
    if (mode !== 4 && mode !== 20) return 'unknown';
    return this.#ansi.get(mode) === true ? 'set' : 'reset';
  }

  /** The keyboard flags in force on the screen in use (kitty keyboard protocol, `CSI ? u`). */
  get kittyFlags(): number {
    return this.#stack.at(-1) ?? 0;
  }

  /** The sequences that put the terminal back; empty when nothing is to be undone. */
  undo(): string {
    const parts: string[] = [];
    if (this.#isOn(2026)) parts.push('\x1b[?2026l');
    if (this.#stack.length > 0) parts.push(`\x1b[<${this.#stack.length}u`);
    // The margins are reset on the screen they were set on; doing so moves the cursor.
    if (this.#margins) parts.push('\x1b7\x1b[r\x1b8');
    const screen = ALTERNATE_SCREEN.findLast((mode) => this.#isOn(mode));
    if (screen !== undefined) {
      parts.push(`\x1b[?${screen}l`);
      if (this.#kitty.normal.length > 0) parts.push(`\x1b[<${this.#kitty.normal.length}u`);
    }
    for (const mode of UNDONE) {
      const usual = ON_BY_DEFAULT.has(mode);
      if (mode !== 2026 && this.#isOn(mode) !== usual) parts.push(`\x1b[?${mode}${usual ? 'h' : 'l'}`);
    }
    for (const [mode, on] of this.#ansi) if (on) parts.push(`\x1b[${mode}l`);
    if (this.#otherKeys) parts.push('\x1b[>4m');
    if (this.#keypad) parts.push('\x1b>');
    for (const set of this.#charsets) parts.push(`\x1b${set}B`);
    if (this.#charsets.size > 0) parts.push('\x0f');
    if (this.#cursorStyle) parts.push('\x1b[0 q');
    if (this.#link) parts.push('\x1b]8;;\x1b\\');
    if (this.#progress) parts.push('\x1b]9;4;0\x1b\\');
    for (const reset of this.#colours) parts.push(`\x1b]${reset}\x1b\\`);
    return parts.join('');
  }

  get #stack(): number[] {
    return ALTERNATE_SCREEN.some((mode) => this.#isOn(mode)) ? this.#kitty.alternate : this.#kitty.normal;
  }

  #isOn(mode: number): boolean {
    return this.#dec.get(mode) ?? ON_BY_DEFAULT.has(mode);
  }

  #csi(prefix: string, params: readonly number[], intermediates: string, final: string): void {
    switch (`${prefix}${intermediates}${final}`) {
      case '?h':
      case '?l':
        for (const mode of params) this.#setDec(mode, final === 'h');
        return;
      case 'h':
      case 'l':
        for (const mode of params) if (mode === 4 || mode === 20) this.#ansi.set(mode, final === 'h');
        return;
      case '>m':
        if (params[0] === 4) this.#otherKeys = (params[1] ?? 0) !== 0;
        return;
      case 'r':
        this.#margins = params.some((row) => row > 0);
        return;
      case ' q':
        this.#cursorStyle = (params[0] ?? 0) !== 0;
        return;
      case '>u':
        this.#stack.push(params[0] ?? 0);
        if (this.#stack.length > KITTY_STACK) this.#stack.shift();
        return;
      case '<u':
        this.#stack.splice(Math.max(0, this.#stack.length - Math.max(1, params[0] ?? 1)));
        return;
      case '=u':
        this.#setKitty(params[0] ?? 0, params[1] ?? 1);
        return;
      case '!p': // DECSTR
        this.#reset();
        return;
      default:
        return;
    }
  }

  /** Modes that matter to nobody are not kept: an agent could name any number of them. */
  #setDec(mode: number, on: boolean): void {
    if (!KNOWN.has(mode)) return;
    // One screen by three names: whichever is used to leave it, it is left.
    if (ALTERNATE_SCREEN.includes(mode) && !on) for (const name of ALTERNATE_SCREEN) this.#dec.set(name, false);
    else this.#dec.set(mode, on);
  }

  /** `CSI = flags ; mode u`: 1 replaces the flags, 2 adds to them, 3 takes from them. */
  #setKitty(flags: number, mode: number): void {
    const stack = this.#stack;
    const now = stack.pop() ?? 0;
    stack.push(mode === 2 ? now | flags : mode === 3 ? now & ~flags : flags);
  }

  #esc(intermediates: string, final: string): void {
    if (intermediates === '') {
      if (final === '=' || final === '>') this.#keypad = final === '=';
      if (final === 'c') this.#reset('hard'); // RIS
    } else if (/^[()*+]$/.test(intermediates)) {
      if (final === 'B') this.#charsets.delete(intermediates);
      else this.#charsets.add(intermediates);
    }
  }

  /** DECSTR leaves the screen, the mouse and the keyboard flags as they are; RIS leaves nothing. */
  #reset(how: 'soft' | 'hard' = 'soft'): void {
    this.#ansi.clear();
    this.#margins = this.#keypad = false;
    this.#charsets.clear();
    if (how === 'soft') {
      for (const mode of [1, 6, 25]) this.#dec.delete(mode);
      return;
    }
    this.#dec.clear();
    this.#kitty = { normal: [], alternate: [] };
    this.#cursorStyle = this.#otherKeys = this.#link = this.#progress = false;
    this.#colours.clear();
  }

  #osc(payload: string): void {
    const [command = '', first = '', second = ''] = payload.split(';');
    if (command === '8') this.#link = second !== '';
    else if (command === '9' && first === '4') this.#progress = second !== '0';
    else if (/^1[0-2]$/.test(command) && first !== '?') this.#colours.add(`1${command}`);
    else if (/^11[0-2]$/.test(command)) this.#colours.delete(command);
    else if (command === '4' && second !== '?') this.#colours.add('104');
    else if (command === '104' && first === '') this.#colours.delete('104');
  }
}
