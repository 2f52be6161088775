import { byteAt } from '../../core/items/element-at.js';
import { CR, DEL, ESC, LF, TAB } from '../../core/terminal/codes.js';
import { cellWidth } from '../../core/terminal/cell-width.js';
import { characterLength, codePointAt } from '../model/utf8-characters.js';
import { INPUT_BYTES, type KernelStop, type LineKernel, MAX_LINES, OUTPUT_BYTES } from './line-kernel.js';

/** The kernel in TypeScript; assembly/line-kernel.ts is the same by the vector. */
export class PlainKernel implements LineKernel {
  readonly input = new Uint8Array(INPUT_BYTES);
  readonly output = new Uint8Array(OUTPUT_BYTES);
  readonly inputEnds = new Int32Array(MAX_LINES);
  readonly outputEnds = new Int32Array(MAX_LINES);
  readonly rowEnds = new Int32Array(MAX_LINES);
  readonly savings = new Int32Array(MAX_LINES);
  readonly blanks = new Int32Array(MAX_LINES);
  stop: KernelStop = 'ended';
  restart = 0;

  /** Of the line that is read: */
  #at = 0;
  #end = 0;
  #cols = 0;
  #col = 0;
  /** How often it has wrapped. */
  #wraps = 0;
  /** Where its text begins in the output; behind that of the row before it was rewritten. */
  #start = 0;
  /** The text since the cursor was in the first column last, and the row as it was then, as far as that can still be seen. */
  #text = 0;
  #out = 0;
  #older = 0;
  #olderEnd = 0;
  #olderCols = 0;
  /** Cells that were not written. */
  #gapFrom = 0;
  #gapEnd = -1;
  /** Blanks at the end that were. */
  #blanks = 0;
  /** Where the text begins in the input, and the line, as far as it can still be seen. */
  #textAt = 0;
  #begun = 0;

  read(length: number, cols: number): number {
    this.#end = length;
    this.#cols = cols;
    this.stop = 'ended';
    let at = 0;
    let out = 0;
    let line = 0;
    let rows = 0;
    let saved = 0;
    this.restart = 0;
    while (at < length) {
      if (line === MAX_LINES) {
        this.stop = 'full';
        break;
      }
      const stop = this.#readLine(at, out);
      if (stop !== undefined) {
        this.stop = stop === 'full' && line === 0 ? 'unknown' : stop;
        break;
      }
      saved += savedUnits(this.output, out, this.#out);
      rows += this.#wraps + 1;
      this.output[this.#out] = LF;
      at = this.#at;
      out = this.#out + 1;
      this.restart = at;
      this.inputEnds[line] = at;
      this.outputEnds[line] = out;
      this.rowEnds[line] = rows;
      this.savings[line] = saved;
      this.blanks[line] = this.#blanks;
      line++;
    }
    return line;
  }

  expandLineFeeds(length: number, before: number): number {
    const { input, output } = this;
    let out = 0;
    for (let at = 0; at < length; at++) {
      const byte = byteAt(input, at);
      if (byte === LF && (at === 0 ? before : input[at - 1]) !== CR) output[out++] = CR;
      output[out++] = byte;
    }
    return out;
  }

  /** Reads the line at `from`, writes it at `start`, and leaves where it ends in `#at` and `#out`; else says why not. */
  #readLine(from: number, start: number): KernelStop | undefined {
    this.#at = from;
    this.#textAt = from;
    this.#begun = from;
    this.#col = 0;
    this.#wraps = 0;
    this.#gapEnd = -1;
    this.#start = start;
    this.#text = start;
    this.#out = start;
    this.#olderCols = 0;
    for (;;) {
      if (!this.#ascii()) return 'unknown';
      if (this.#at >= this.#end) return 'ended';
      const byte = byteAt(this.input, this.#at);
      if (this.#at - this.#begun > MAX_LINE && byte !== ESC) return 'unknown';
      if (byte === CR) {
        do this.#at++;
        while (this.#at < this.#end && this.input[this.#at] === CR);
        if (this.#at >= this.#end) return 'ended';
        if (this.input[this.#at] === LF) return this.#endLine();
      } else if (byte === LF) return this.#col > 0 ? 'unknown' : this.#endLine();
      const stop = byte === CR ? this.#rewrite() : this.#other(byte);
      if (stop !== undefined) return stop;
    }
  }

  /** Copies printable ASCII; false where it wraps on a row that is written again. */
  #ascii(): boolean {
    const { input, output } = this;
    const from = this.#at;
    let at = from;
    for (; at < this.#end; at++) {
      const byte = byteAt(input, at);
      if (byte < 0x20 || byte >= DEL) break;
      output[this.#out++] = byte;
    }
    this.#at = at;
    this.#col += at - from;
    if (this.#col <= this.#cols) return true;
    const wraps = Math.floor((this.#col - 1) / this.#cols);
    this.#wraps += wraps;
    this.#col -= wraps * this.#cols;
    return this.#text === this.#start;
  }

  #other(byte: number): KernelStop | undefined {
    if (byte >= 0x80) return this.#character();
    if (byte === ESC) return this.#sequence();
    if (byte === TAB) return this.#tab();
    // About to wrap: only the character can tell the emulator.
    if (!isIgnored(byte) || this.#col >= this.#cols) return 'unknown';
    this.#at++;
    return undefined;
  }

  #character(): KernelStop | undefined {
    const { input } = this;
    const at = this.#at;
    const first = byteAt(input, at);
    if (first < 0xc2) return 'unknown';
    if (at + (first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4) > this.#end) return 'ended';
    const length = characterLength(input, at);
    if (length === 0) return 'unknown';
    const code = codePointAt(input, at, length);
    // C1 controls; and what is not in the table of widths that a kernel has.
    if (code < 0xa0 || code >= WIDTHS_END) return 'unknown';
    const width = cellWidth(code);
    // It would go into the cell before.
    if (width === 0) return 'unknown';
    if (this.#col + width > this.#cols) {
      // A wide character leaves a cell of the row blank; where those before it were not written, all of them are blanks of the text.
      const leavesGap = this.#col < this.#cols && this.#gapEnd === this.#out;
      if (this.#text !== this.#start || leavesGap) return 'unknown';
      this.#wraps++;
      this.#col = 0;
    }
    this.#col += width;
    this.output.set(input.subarray(at, at + length), this.#out);
    this.#at += length;
    this.#out += length;
    return undefined;
  }

  /** Colours, which are left out; EL, and CHA to the first column. */
  #sequence(): KernelStop | undefined {
    const { input } = this;
    const at = this.#at;
    if (at + 1 >= this.#end) return 'ended';
    if (input[at + 1] !== 0x5b) return 'unknown';
    let last = at + 2;
    while (last < this.#end && isParameter(byteAt(input, last))) last++;
    if (last - at > MAX_SEQUENCE) return 'unknown';
    if (last >= this.#end) return 'ended';
    const final = input[last];
    const parameters = String.fromCharCode(...input.subarray(at + 2, last));
    this.#at = last + 1;
    if (final === 0x6d) return undefined;
    if (final === 0x4b) return this.#eraseInLine(parameters);
    return final === 0x47 && (parameters === '' || parameters === '0' || parameters === '1')
      ? this.#rewrite()
      : 'unknown';
  }

  /** To the right, where only what is to be written over stands; or all of the row. */
  #eraseInLine(parameters: string): KernelStop | undefined {
    if (this.#wraps > 0 || this.#col >= this.#cols) return 'unknown';
    if (parameters === '2') {
      if (!this.#hasRoom(this.#text + this.#col)) return 'full';
      this.#out = this.#text + this.#col;
      this.output.fill(0x20, this.#text, this.#out);
      this.#gapFrom = this.#text;
      this.#gapEnd = this.#out;
    } else if (parameters !== '' && parameters !== '0') return 'unknown';
    this.#olderCols = 0;
    return undefined;
  }

  /** Steps over cells that nothing was written to. */
  #tab(): KernelStop | undefined {
    const col = this.#col;
    if (col >= this.#cols || this.#olderCols > col) return 'unknown';
    const to = Math.min((col | 7) + 1, this.#cols - 1);
    if (!this.#hasRoom(this.#out + to - col)) return 'full';
    if (this.#gapEnd !== this.#out) this.#gapFrom = this.#out;
    this.output.fill(0x20, this.#out, this.#out + to - col);
    this.#out += to - col;
    this.#col = to;
    this.#gapEnd = this.#out;
    this.#at++;
    return undefined;
  }

  /** The cursor goes back to the first column of a row that has not wrapped. */
  #rewrite(): KernelStop | undefined {
    if (this.#wraps > 0) return 'unknown';
    if (this.#olderCols <= this.#col) {
      this.#begun = this.#textAt;
      this.restart = this.#textAt;
    }
    if (!this.#joinOlder()) return 'full';
    this.#older = this.#text;
    this.#olderEnd = this.#out;
    this.#olderCols = Math.max(this.#col, this.#olderCols);
    this.#text = this.#out;
    this.#textAt = this.#at;
    this.#col = 0;
    this.#gapEnd = -1;
    return undefined;
  }

  #endLine(): KernelStop | undefined {
    if (this.#text !== this.#start) {
      if (!this.#joinOlder()) return 'full';
      this.output.copyWithin(this.#start, this.#text, this.#out);
      this.#out -= this.#text - this.#start;
      this.#gapEnd = -1;
    }
    const written = this.#gapEnd === this.#out ? this.#gapFrom : this.#out;
    this.#out = trimmedEnd(this.output, this.#start, this.#out);
    this.#blanks = Math.max(0, written - this.#out);
    // How they wrap depends on their widths, and those of what is left out are not known.
    if (this.#wraps > 0 && this.output.subarray(this.#out, written).some((byte) => byte !== 0x20)) return 'unknown';
    this.#at++;
    return undefined;
  }

  /** Puts what still stands of the older row, to the right of the cursor, behind the text. */
  #joinOlder(): boolean {
    if (this.#olderCols <= this.#col) return true;
    const { output } = this;
    let from = this.#older;
    let left = this.#col;
    while (left > 0 && from < this.#olderEnd) {
      const length = Math.max(1, characterLength(output, from));
      left -= length === 1 ? 1 : cellWidth(codePointAt(output, from, length));
      from += length;
    }
    if (!this.#hasRoom(this.#out + this.#olderEnd - from + 1)) return false;
    // The second half of a wide character that was written over is blank.
    if (left < 0) output[this.#out++] = 0x20;
    output.copyWithin(this.#out, from, this.#olderEnd);
    this.#out += this.#olderEnd - from;
    return true;
  }

  /** Whether all that is left of the input would fit behind `out`. */
  #hasRoom(out: number): boolean {
    return out + this.#end - this.#at <= OUTPUT_BYTES;
  }
}

function isParameter(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x3b;
}

/** Controls that do nothing: all but BS, VT, FF, SO, SI, CAN, SUB and those that are read otherwise. */
function isIgnored(byte: number): boolean {
  return (
    byte < 0x08 || (byte >= 0x10 && byte <= 0x17) || byte === 0x19 || (byte >= 0x1c && byte <= 0x1f) || byte === DEL
  );
}

/** Where text ends without the blanks at its end. */
function trimmedEnd(bytes: Uint8Array, from: number, to: number): number {
  let end = to;
  for (;;) {
    while (end > from && bytes[end - 1] === 0x20) end--;
    const last = characterStart(bytes, from, end);
    if (last === end || byteAt(bytes, last) < 0x80) return end;
    if (String.fromCodePoint(codePointAt(bytes, last, end - last)).trimEnd() !== '') return end;
    end = last;
  }
}

/** Where the last character in front of `end` begins. */
function characterStart(bytes: Uint8Array, from: number, end: number): number {
  let at = end;
  while (at > from && (byteAt(bytes, --at) & 0xc0) === 0x80);
  return at;
}

/** How many UTF-16 code units fewer than bytes that is. */
function savedUnits(bytes: Uint8Array, from: number, to: number): number {
  let saved = 0;
  for (let at = from; at < to; at++) {
    const byte = byteAt(bytes, at);
    if ((byte & 0xc0) === 0x80) saved++;
    else if (byte >= 0xf0) saved--;
  }
  return saved;
}

/** The most raw bytes that a line can be seen to be made of; a longer one is left to the emulator. */
const MAX_LINE = 65_536;
const MAX_SEQUENCE = 64;
/** Behind the last code point that the kernels have a width of: planes 0 and 1. */
const WIDTHS_END = 0x20000;
