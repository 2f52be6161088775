import { assertNever } from '../core/assert-never.js';
import { linkSequence, readLink } from './model/link.js';
import {
  type CsiSequence,
  EscapeScanner,
  type EscapeToken,
  type EscSequence,
  type StringSequence,
} from '../core/terminal/escape-sequences.js';
import { DEC_MODES } from '../core/terminal/modes.js';
import { MAX_PARAM } from '../core/terminal/size.js';
import { Utf8Text } from './model/utf8-text.js';

/**
 * Shows a raw recording on the terminal of a viewer: bytes in, bytes out, with only what is known to be harmless left in.
 *
 * It is an allow-list. Text, colours, cursor movement and erasing pass, rebuilt from what was understood, never copied.
 * Everything else is dropped: queries (the answer would be typed into the viewer's shell), clipboard, titles, every
 * DCS/APC/PM/SOS, mouse, paste and keyboard modes, window operations, erasing the viewer's scrollback. A full reset
 * becomes a soft one and a cleared screen.
 */
export class SafeView {
  readonly #scanner = new EscapeScanner({ text: true });
  readonly #utf8 = new Utf8Text();
  readonly #alternateScreen: boolean;
  readonly #left = new Set<Resettable>();
  #out: Uint8Array[] = [];

  /** `alternateScreen`: let the recording switch to it, as a replay should; without, full-screen programs paint in place. */
  constructor(options: { readonly alternateScreen?: boolean } = {}) {
    this.#alternateScreen = options.alternateScreen ?? false;
  }

  /** What of `chunk` may be printed. A sequence or character that is not complete waits for the next chunk. */
  push(chunk: Uint8Array): Uint8Array {
    for (const token of this.#scanner.push(chunk)) this.#token(token);
    return this.#take();
  }

  /** Ends what is open and turns off whatever the recording left on: colours, margins, hidden cursor, a hyperlink… */
  end(): Uint8Array {
    for (const token of this.#scanner.end()) this.#token(token);
    this.#emit(this.#utf8.flush().text);
    for (const [name, reset] of RESETS) if (this.#left.has(name)) this.#emitAscii(reset);
    this.#left.clear();
    return this.#take();
  }

  #token(token: EscapeToken): void {
    if (token.type === 'text') {
      this.#emit(printable(this.#utf8.push(token.bytes).text, this.#left));
      return;
    }
    this.#emit(this.#utf8.flush().text);
    switch (token.type) {
      case 'control':
        this.#emit(printable(Uint8Array.of(token.code), this.#left));
        return;
      case 'esc':
        this.#emitAscii(this.#safeEscape(token));
        return;
      case 'csi':
        this.#emitAscii(this.#safeCsi(token));
        return;
      case 'osc':
        this.#emitAscii(this.#safeLink(token));
        return;
      case 'dcs':
      case 'apc':
      case 'pm':
      case 'sos':
      case 'title':
      case 'ignored':
        return;
      default:
        assertNever(token);
    }
  }

  #safeEscape({ intermediates, final }: EscSequence): string {
    const name = intermediates + final;
    if (name === 'c') return RIS_IN_PLACE;
    if (CHARSETS.has(name)) this.#left.add('charset');
    return CHARSETS.has(name) || SAFE_ESCAPES.has(name) ? `\x1b${name}` : '';
  }

  #safeCsi(sequence: CsiSequence): string {
    const { prefix, params, rawParams, intermediates, final } = sequence;
    if (intermediates !== '') return intermediates === '!' && final === 'p' && prefix === '' ? '\x1b[!p' : '';
    if (final === 'h' || final === 'l') return this.#safeModes(sequence);
    if (prefix !== '') return prefix === '?' && (final === 'J' || final === 'K') ? erase(prefix, params, final) : '';
    switch (final) {
      case 'm':
        this.#left.add('style');
        return `\x1b[${rawParams}m`;
      case 'J':
      case 'K':
        return erase(prefix, params, final);
      case 'r':
        this.#left.add('margins');
        return `\x1b[${clamp(params)}r`;
      case 's':
      case 'u':
        return params.length === 0 ? `\x1b[${final}` : '';
      default:
        return MOVES.has(final) ? `\x1b[${clamp(params)}${final}` : '';
    }
  }

  #safeModes({ prefix, params, final }: CsiSequence): string {
    let out = '';
    for (const param of params) {
      const name = `${prefix}${param}`;
      const mode = safeMode(prefix, param);
      if (mode === undefined || (mode === 'alternate' && !this.#alternateScreen)) continue;
      if (final === RESTING_STATE[mode]) this.#left.delete(mode);
      else this.#left.add(mode);
      out += `\x1b[${name}${final}`;
    }
    return out;
  }

  /** Without its id. One that leads nowhere safe ends the one before, or its label would lead there. */
  #safeLink(token: StringSequence): string {
    const opened = readLink(token);
    if (opened === undefined) return '';
    const { link } = opened;
    if (link === undefined && !this.#left.has('link')) return '';
    if (link === undefined) this.#left.delete('link');
    else this.#left.add('link');
    return linkSequence(link && { uri: link.uri });
  }

  #emitAscii(text: string): void {
    if (text !== '') this.#out.push(Buffer.from(text, 'latin1'));
  }

  #emit(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#out.push(bytes);
  }

  #take(): Uint8Array {
    const [first, second] = this.#out;
    const bytes = first !== undefined && second === undefined ? first : Buffer.concat(this.#out);
    this.#out = [];
    return bytes;
  }
}

type Resettable =
  | 'style'
  | 'charset'
  | 'margins'
  | 'cursor'
  | 'wrap'
  | 'insert'
  | 'synchronized'
  | 'link'
  | 'alternate';

/** In the order in which they are safe: DECSTBM moves the cursor, so it is saved around it. */
const RESETS: ReadonlyMap<Resettable, string> = new Map([
  ['synchronized', '\x1b[?2026l'],
  ['alternate', '\x1b[?1049l'],
  ['link', '\x1b]8;;\x1b\\'],
  ['style', '\x1b[0m'],
  ['charset', '\x1b(B\x1b)B\x0f'],
  ['margins', '\x1b7\x1b[r\x1b8'],
  ['insert', '\x1b[4l'],
  ['wrap', '\x1b[?7h'],
  ['cursor', '\x1b[?25h'],
]);

/** What of modes is only about the picture. */
function safeMode(prefix: string, mode: number): Resettable | undefined {
  if (prefix === '') return mode === 4 ? 'insert' : undefined;
  const screen = prefix === '?' ? DEC_MODES.get(mode)?.screen : undefined;
  switch (screen) {
    case 'wrap':
    case 'cursor':
    case 'synchronized':
    case 'alternate':
      return screen;
    default:
      return undefined;
  }
}

const RESTING_STATE: Readonly<Record<Resettable, string>> = {
  style: '',
  charset: '',
  margins: '',
  link: '',
  cursor: 'h',
  wrap: 'h',
  insert: 'l',
  synchronized: 'l',
  alternate: 'l',
};

/** ICH, cursor moves, CHT, IL, DL, DCH, SU, SD, ECH, CBT, HPA, HPR, REP, VPA, VPR, HVP, TBC. */
const MOVES: ReadonlySet<string> = new Set('@ABCDEFGHILMPSTXZ`abdefg');

/** DECSC, DECRC, IND, NEL, HTS, RI. */
const SAFE_ESCAPES: ReadonlySet<string> = new Set(['7', '8', 'D', 'E', 'H', 'M']);

/** US-ASCII, UK and DEC line drawing into G0 and G1. */
const CHARSETS: ReadonlySet<string> = new Set(['(B', '(A', '(0', ')B', ')A', ')0']);

const RIS_IN_PLACE = '\x1b[!p\x1b[H\x1b[2J';

function clamp(params: readonly number[]): string {
  return params.map((param) => (param === 0 ? '' : String(Math.min(param, MAX_PARAM)))).join(';');
}

/** ED 3 would erase the viewer's own scrollback. */
function erase(prefix: string, [what = 0]: readonly number[], final: string): string {
  return what <= 2 ? `\x1b[${prefix}${what}${final}` : '';
}

/** Keeps BS, HT, LF, VT, FF, CR, SO and SI of the C0 controls; ENQ asks for an answer, BEL rings, the rest is noise. */
function printable(bytes: Uint8Array, left: Set<Resettable>): Uint8Array {
  const dropped = bytes.findIndex(isDropped);
  if (bytes.includes(SHIFT_OUT)) left.add('charset');
  return dropped === -1 ? bytes : bytes.filter((byte) => !isDropped(byte));
}

function isDropped(byte: number): boolean {
  return byte === 0x7f || (byte < 0x20 && (byte < 0x08 || byte > SHIFT_IN));
}

const SHIFT_OUT = 0x0e;
const SHIFT_IN = 0x0f;
