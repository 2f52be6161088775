import type { EscapeToken } from '../../core/terminal/escape-sequences.js';
import { decModes, isOnAtFirst } from '../../core/terminal/modes.js';

/** DEC private modes a program may leave behind. */
const UNDONE: readonly number[] = decModes(({ undone }) => undone !== undefined);
/** Left and right margins (DECLRMM); resetting it resets them, and moves the cursor. */
const SIDE_MARGINS = 69;

/** Modes whose state DECRQM can report; those that save the cursor or switch screens included. */
const KNOWN: ReadonlySet<number> = new Set(
  decModes(({ undone, screen }) => undone === 'reported' || screen === 'alternate' || screen === 'save-cursor'),
);
/** Without those that move the cursor at once, and the one that holds the picture back: its end comes with the next frame. */
const REDONE: ReadonlySet<number> = new Set(
  decModes(({ undone, screen }) => undone !== undefined && screen !== 'move' && screen !== 'synchronized'),
);
const FOLLOWED: ReadonlySet<number> = new Set([...KNOWN, ...UNDONE, SIDE_MARGINS]);
/** ANSI modes, with a shell's default: keyboard locked, insert, no local echo, new line. */
const ANSI_DEFAULTS: ReadonlyMap<number, boolean> = new Map([
  [2, false],
  [4, false],
  [12, true],
  [20, false],
]);
/** Number of XTMODKEYS resources, 0 to 7 (xterm, ctlseqs). */
const KEY_RESOURCES = 8;
/** Sets of 96 characters are designated for the same three by other letters. */
const CHARSET_OF_96: ReadonlyMap<string, string> = new Map([
  ['-', ')'],
  ['.', '*'],
  ['/', '+'],
]);
/** Longer than any terminal's stack of titles or pointers. */
const MAX_STACK = 16;
/**
 * Tab stops as they were, at every eighth column: set one by one, up to column 512, and by DECST8C where that is known. In a
 * narrower terminal the last are all one, in the last column, and that is cleared again. A program's own DECST8C proves nothing: the
 * terminal may not know it.
 */
const TABS_RESET = `\x1b7\r\x1b[3g${'\x1b[8C\x1bH'.repeat(64)}\x1b[999C\x1b[g\x1b8\x1b[?5W`;
/** Modes that switch to the alternate screen; the last one also restores the cursor. */
const ALTERNATE_SCREEN: readonly number[] = decModes(({ screen }) => screen === 'alternate');
/** Longer than any terminal's stack: the protocol lets a terminal drop the oldest flags. */
const KITTY_STACK = 256;

/** DECRQM's answer for a mode (VT510 manual, DECRPM). */
export type ModeReport = 'unknown' | 'set' | 'reset';

/**
 * The terminal modes that a program has set, followed through its output, so that they can be undone when the program
 * dies without doing so, and reported when it asks.
 */
export class TerminalModes {
  readonly #dec = new Map<number, boolean>();
  readonly #ansi = new Map<number, boolean>();
  /** Kitty's keyboard flags: the stack of each screen (the protocol keeps them apart). */
  #kitty: { normal: number[]; alternate: number[] } = { normal: [], alternate: [] };
  /** Of scrolling (DECSTBM), as they were set; empty where they are those of the screen. */
  #margins = '';
  #keypad = false;
  /** Which of G0 to G3 (`(`, `)`, `*`, `+`) hold another set than ASCII, and what put it there; shifts (SO, LS2) put the last three to use. */
  readonly #charsets = new Map<string, string>();
  #cursorStyle = 0;
  readonly #keys = new Map<number, string>();
  #tabs = false;
  #protects = false;
  #sendsC1 = false;
  #otherEncoding = false;
  #pointerHides = false;
  #pointer = { changed: false, pushed: 0 };
  /** Titles of the window, and of its icon, that were pushed (XTWINOPS 22) and not popped (23). */
  #titles = { window: 0, icon: 0 };
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

  /** The DECRQM report of a DEC private mode. */
  decMode(mode: number): ModeReport {
    if (!KNOWN.has(mode)) return 'unknown';
    return this.#isOn(mode) ? 'set' : 'reset';
  }

  /** Whether `token` sets a title while the previous one is not saved. */
  losesTitle(token: EscapeToken): boolean {
    if (token.type !== 'osc') return false;
    const [command = '', title] = Buffer.from(token.payload).toString('latin1').split(';', 2);
    const { window, icon } = this.#titles;
    if (title === undefined) return false;
    return (
      (command === '0' && Math.min(window, icon) === 0) ||
      (command === '1' && icon === 0) ||
      (command === '2' && window === 0)
    );
  }

  /** Titles were saved by the caller, and are to be restored at the end. */
  titlesSaved(): void {
    this.#moveTitles(0, 1);
  }

  /** The DECRQM report of an ANSI mode: insert (4) and new line (20) are known. */
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
    const sequences: string[] = [];
    if (this.#isOn(2026)) sequences.push('\x1b[?2026l');
    if (this.#stack.length > 0) sequences.push(`\x1b[<${this.#stack.length}u`);
    // The margins are reset on the screen they were set on; doing so moves the cursor.
    const sides = this.#isOn(SIDE_MARGINS);
    if (this.#margins !== '' || sides) {
      sequences.push(`\x1b7${this.#margins === '' ? '' : '\x1b[r'}${sides ? `\x1b[?${SIDE_MARGINS}l` : ''}\x1b8`);
    }
    const screen = ALTERNATE_SCREEN.findLast((mode) => this.#isOn(mode));
    if (screen !== undefined) {
      sequences.push(`\x1b[?${screen}l`);
      if (this.#kitty.normal.length > 0) sequences.push(`\x1b[<${this.#kitty.normal.length}u`);
    }
    for (const mode of UNDONE) {
      const usual = isOnAtFirst(mode);
      if (mode !== 2026 && this.#isOn(mode) !== usual) sequences.push(`\x1b[?${mode}${usual ? 'h' : 'l'}`);
    }
    for (const [mode, usual] of ANSI_DEFAULTS) {
      if ((this.#ansi.get(mode) ?? usual) !== usual) sequences.push(`\x1b[${mode}${usual ? 'h' : 'l'}`);
    }
    for (const resource of this.#keys.keys()) sequences.push(`\x1b[>${resource}m`);
    if (this.#tabs) sequences.push(TABS_RESET);
    if (this.#protects) sequences.push('\x1b[0"q');
    if (this.#sendsC1) sequences.push('\x1b F');
    if (this.#otherEncoding) sequences.push('\x1b%G');
    if (this.#pointerHides) sequences.push('\x1b[>1p');
    if (this.#keypad) sequences.push('\x1b>');
    for (const set of this.#charsets.keys()) sequences.push(`\x1b${set}B`);
    if (this.#charsets.size > 0) sequences.push('\x0f');
    if (this.#cursorStyle !== 0) sequences.push('\x1b[0 q');
    if (this.#link) sequences.push('\x1b]8;;\x1b\\');
    if (this.#progress) sequences.push('\x1b]9;4;0\x1b\\');
    for (const reset of this.#colours) sequences.push(`\x1b]${reset}\x1b\\`);
    const { changed, pushed } = this.#pointer;
    if (changed || pushed > 0) sequences.push('\x1b]22;<\x1b\\'.repeat(pushed), '\x1b]22;\x1b\\');
    const { window, icon } = this.#titles;
    const both = Math.min(window, icon);
    sequences.push('\x1b[23;0t'.repeat(both), '\x1b[23;1t'.repeat(icon - both), '\x1b[23;2t'.repeat(window - both));
    return sequences.join('');
  }

  /**
   * The sequences that set the modes of keyboard, mouse, cursor and scrolling on a terminal as a shell has it. Which screen is in
   * use, and where the cursor is, is for who draws that; margins move the cursor.
   */
  redo(): string {
    const sequences = [...this.#dec].flatMap(([mode, on]) =>
      REDONE.has(mode) && on !== isOnAtFirst(mode) ? [`\x1b[?${mode}${on ? 'h' : 'l'}`] : [],
    );
    for (const [mode, on] of this.#ansi)
      if (on !== ANSI_DEFAULTS.get(mode)) sequences.push(`\x1b[${mode}${on ? 'h' : 'l'}`);
    for (const flags of this.#stack) sequences.push(`\x1b[>${flags}u`);
    for (const keys of this.#keys.values()) sequences.push(`\x1b[>${keys}`);
    if (this.#keypad) sequences.push('\x1b=');
    if (this.#sendsC1) sequences.push('\x1b G');
    for (const set of this.#charsets.values()) sequences.push(`\x1b${set}`);
    if (this.#cursorStyle !== 0) sequences.push(`\x1b[${this.#cursorStyle} q`);
    if (this.#margins !== '') sequences.push(`\x1b[${this.#margins}r`);
    return sequences.join('');
  }

  get #stack(): number[] {
    return ALTERNATE_SCREEN.some((mode) => this.#isOn(mode)) ? this.#kitty.alternate : this.#kitty.normal;
  }

  #isOn(mode: number): boolean {
    return this.#dec.get(mode) ?? isOnAtFirst(mode);
  }

  #csi(prefix: string, params: readonly number[], intermediates: string, final: string): void {
    const [first = 0, second = 0] = params;
    switch (`${prefix}${intermediates}${final}`) {
      case '?h':
      case '?l':
        for (const mode of params) this.#setDec(mode, final === 'h');
        return;
      case 'h':
      case 'l':
        for (const mode of params) if (ANSI_DEFAULTS.has(mode)) this.#ansi.set(mode, final === 'h');
        return;
      case '>m':
        this.#setKeys(params, second !== 0, 'm');
        return;
      case '>n':
        this.#setKeys([params[0] ?? 2], true, 'n');
        return;
      case 'g':
      case 'W':
        this.#tabs = true;
        return;
      case 't':
        if (first === 22 || first === 23) this.#moveTitles(second, first === 22 ? 1 : -1);
        return;
      case '"q': // DECSCA
        this.#protects = first === 1;
        return;
      case '>p': // XTSMPOINTER
        this.#pointerHides = (params[0] ?? 1) !== 1;
        return;
      case 'r':
        this.#margins = params.some((row) => row > 0) ? params.join(';') : '';
        return;
      case ' q':
        this.#cursorStyle = first;
        return;
      case '>u':
        this.#stack.push(first);
        if (this.#stack.length > KITTY_STACK) this.#stack.shift();
        return;
      case '<u':
        this.#stack.splice(Math.max(0, this.#stack.length - Math.max(1, first)));
        return;
      case '=u':
        this.#setKitty(first, params[1] ?? 1);
        return;
      case '!p': // DECSTR
        this.#reset();
        return;
      default:
        return;
    }
  }

  /** Unknown modes are not kept: an agent could name any number of them. */
  #setDec(mode: number, on: boolean): void {
    if (!FOLLOWED.has(mode)) return;
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
    switch (intermediates) {
      case '':
        if (final === '=' || final === '>') this.#keypad = final === '=';
        if (final === 'H') this.#tabs = true; // HTS
        if (final === 'c') this.#reset('hard'); // RIS
        return;
      case ' ': // S7C1T, S8C1T
        if (final === 'F' || final === 'G') this.#sendsC1 = final === 'G';
        return;
      case '%':
        if (final === '@' || final === 'G') this.#otherEncoding = final === '@';
        return;
      default: {
        const set = CHARSET_OF_96.get(intermediates);
        if (set !== undefined) this.#charsets.set(set, `${intermediates}${final}`);
        else if (/^[()*+]$/.test(intermediates)) {
          if (final === 'B') this.#charsets.delete(intermediates);
          else this.#charsets.set(intermediates, `${intermediates}${final}`);
        }
      }
    }
  }

  /** XTMODKEYS, or XTMODKEYS with nothing to modify by. */
  #setKeys(params: readonly number[], modified: boolean, final: 'm' | 'n'): void {
    const [resource] = params;
    if (resource === undefined || resource >= KEY_RESOURCES) return;
    if (modified) this.#keys.set(resource, `${params.join(';')}${final}`);
    else this.#keys.delete(resource);
  }

  /** `which`: 1 the icon's title, 2 the window's, 0 both. */
  #moveTitles(which: number, by: 1 | -1): void {
    const { window, icon } = this.#titles;
    const moved = (depth: number): number => Math.min(Math.max(0, depth + by), MAX_STACK);
    this.#titles = { window: which === 1 ? window : moved(window), icon: which === 2 ? icon : moved(icon) };
  }

  /** DECSTR leaves the screen, the mouse and the keyboard flags as they are; RIS leaves nothing. */
  #reset(how: 'soft' | 'hard' = 'soft'): void {
    this.#ansi.clear();
    this.#margins = '';
    this.#keypad = false;
    this.#charsets.clear();
    this.#protects = false;
    if (how === 'soft') {
      for (const mode of [1, 6, 25, SIDE_MARGINS]) this.#dec.delete(mode);
      return;
    }
    this.#dec.clear();
    this.#kitty = { normal: [], alternate: [] };
    this.#cursorStyle = 0;
    this.#tabs = this.#link = this.#progress = false;
    this.#keys.clear();
    this.#colours.clear();
  }

  #osc(payload: string): void {
    const [command = '', first = '', second = ''] = payload.split(';');
    if (command === '8') this.#link = second !== '';
    else if (command === '9' && first === '4') this.#progress = second !== '0';
    else if (/^1[0-9]$/.test(command) && first !== '?') this.#colours.add(`1${command}`);
    else if (/^11[0-9]$/.test(command)) this.#colours.delete(command);
    else if (command === '22') this.#setPointer(first);
    else if (command === '4' && second !== '?') this.#colours.add('104');
    else if (command === '104' && first === '') this.#colours.delete('104');
  }

  /** OSC 22: a shape, or nothing for the default; kitty's `>` pushes the previous one, `<` pops it. */
  #setPointer(shape: string): void {
    const { pushed, changed } = this.#pointer;
    if (shape.startsWith('?')) return;
    if (shape.startsWith('>')) this.#pointer = { changed, pushed: Math.min(pushed + 1, MAX_STACK) };
    else if (shape.startsWith('<')) this.#pointer = { changed, pushed: Math.max(0, pushed - 1) };
    else this.#pointer = { changed: shape !== '', pushed };
  }
}
