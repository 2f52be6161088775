import { EscapeScanner, type EscapeToken } from '../../core/terminal/escape-sequences.js';
import { decModes, isOnAtFirst } from '../../core/terminal/modes.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import { frameToAnsi } from '../../render/pictures/print-frame.js';
import { Screen } from '../../render/screen/screen.js';
import { Utf8Text } from '../../render/model/utf8-text.js';
import type { PlacedChunk } from '../../formats/model/written-recording.js';

/** Follows a recording up to a place, and then draws the screen there, so that what comes behind it finds it as it was. */
export class RedrawnScreen {
  readonly #screen: Screen;
  readonly #scanner = new EscapeScanner({ text: true });
  #utf8 = new Utf8Text();
  /** Bytes of a sequence that has not ended. */
  #open: Uint8Array = NOTHING;
  #pen: string[] = [];
  #margins = '';
  /** DEC private modes of {@link DRAWN_MODES} that are not as they begin. */
  readonly #modes = new Set<number>();
  #hasBegun = false;

  constructor(size: TerminalSize) {
    this.#screen = new Screen(size, { styles: true });
  }

  feed(chunk: PlacedChunk): void {
    switch (chunk.type) {
      case 'output':
      case 'redraw':
        this.#hasBegun = true;
        this.#follow(chunk.bytes);
        this.#screen.write(chunk.bytes);
        return;
      case 'resize':
        // As terminals do.
        this.#margins = '';
        this.#screen.resize(chunk);
        return;
      case 'missing':
        for (const token of this.#scanner.end()) this.#token(token);
        this.#open = NOTHING;
        this.#utf8 = new Utf8Text();
        this.#screen.skip(chunk.bytes);
        return;
      case 'iteration':
      case 'exit':
        return;
    }
  }

  /** What draws it on a terminal as a program begins with it, of the same size; nothing where nothing was printed. */
  draw(): Uint8Array {
    if (!this.#hasBegun) return NOTHING;
    const frame = this.#screen.frame();
    const { row, col } = frame.cursor;
    const text = [
      this.#screen.onAlternate ? '\x1b[?1049h' : '',
      frameToAnsi(frame).slice(0, -1).replaceAll('\n', '\r\n'),
      this.#margins,
      `\x1b[${row + 1};${col + 1}H`,
      ...[...this.#modes].map((mode) => `\x1b[?${mode}${isOnAtFirst(mode) ? 'l' : 'h'}`),
      ...this.#pen,
    ].join('');
    return Buffer.concat([Buffer.from(text), this.#open]);
  }

  dispose(): void {
    this.#screen.dispose();
  }

  /** Keeps what of a sequence or a character has not ended yet. */
  #follow(bytes: Uint8Array): void {
    const held = Buffer.concat([this.#open, bytes]);
    let ended = this.#scanner.offset - this.#open.length;
    for (const token of this.#scanner.push(bytes)) {
      this.#token(token);
      // A control acts inside a sequence, which is reported later.
      if (token.type !== 'control') ended = token.end - (token.type === 'text' ? this.#utf8.waiting : 0);
    }
    const left = this.#scanner.offset - ended;
    this.#open = left > MAX_OPEN_BYTES ? NOTHING : Uint8Array.from(held.subarray(held.length - left));
  }

  #token(token: EscapeToken): void {
    if (token.type === 'text') {
      this.#utf8.push(token.bytes);
      return;
    }
    this.#utf8.flush();
    if (token.type === 'esc' && token.intermediates === '' && token.final === 'c') this.#reset();
    if (token.type !== 'csi') return;
    switch (`${token.prefix}${token.intermediates}${token.final}`) {
      case 'm':
        if (token.params.length === 0 || token.params[0] === 0) this.#pen = [];
        this.#pen.push(`\x1b[${token.rawParams}m`);
        if (this.#pen.length > MAX_PEN) this.#pen.shift();
        return;
      case 'r':
        this.#margins = token.params.length === 0 ? '' : `\x1b[${token.rawParams}r`;
        return;
      case '!p':
        this.#reset();
        return;
      case '?h':
      case '?l':
        for (const mode of token.params) this.#mode(mode, token.final === 'h');
        return;
      default:
        return;
    }
  }

  #mode(mode: number, on: boolean): void {
    if (!DRAWN_MODES.has(mode)) return;
    if (on === isOnAtFirst(mode)) this.#modes.delete(mode);
    else this.#modes.add(mode);
  }

  #reset(): void {
    this.#pen = [];
    this.#margins = '';
    this.#modes.clear();
  }
}

const NOTHING = new Uint8Array(0);
/** What changes the picture. Others are for who types. */
const DRAWN_MODES: ReadonlySet<number> = new Set(decModes(({ drawn }) => drawn === true));
/** Colours and attributes that were set one by one since the last reset: there are not more kinds. */
const MAX_PEN = 16;
/** What is longer is data, and nothing of it is shown. */
const MAX_OPEN_BYTES = 4096;
