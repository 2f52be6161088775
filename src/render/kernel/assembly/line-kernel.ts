/**
 * AssemblyScript, compiled to WebAssembly: plain-kernel.ts is the same in TypeScript, and says why each thing is as it is.
 * A change to one is a change to the other; their contract compares them byte by byte.
 */

/** Room behind what is read and written, for steps that reach beyond it. */
const SLACK: i32 = 64;
const STEP: i32 = 16;

/** The sizes are those of ../line-kernel.ts. */
const MAX_LINES: i32 = 32768;
/** Tabs and rewritten rows make more bytes than were read. */
const OUTPUT_BYTES: i32 = 786432;
/** Of raw bytes that can be seen. */
const MAX_LINE: i32 = 65536;
const MAX_SEQUENCE: i32 = 64;
const WIDTHS: u32 = 0x20000;

export const input: usize = memory.data(524288 + 64);
export const output: usize = memory.data(786432 + 64);
export const widths: usize = memory.data(0x20000);
export const inputEnds: usize = memory.data(131072);
export const outputEnds: usize = memory.data(131072);
export const rowEnds: usize = memory.data(131072);
export const savings: usize = memory.data(131072);
export const blanks: usize = memory.data(131072);

/** Why reading ended: see LineKernel. */
const INPUT_ENDED: i32 = 0;
const UNKNOWN: i32 = 1;
const FULL: i32 = 2;
export let stop: i32 = 0;
export let restart: usize = 0;

/** What `readLine` found besides its end. */
let outEnd: usize = 0;
let lineRows: i32 = 0;
let lineSaved: i32 = 0;
let lineBlanks: i32 = 0;

export function read(length: i32, cols: i32): i32 {
  const end: usize = input + length;
  v128.store(end, i8x16.splat(0));
  let at: usize = input;
  let out: usize = output;
  let line: i32 = 0;
  let rows: i32 = 0;
  let saved: i32 = 0;
  stop = INPUT_ENDED;
  restart = input;
  while (at < end) {
    if (line == MAX_LINES) {
      stop = FULL;
      break;
    }
    const next = readLine(at, end, cols, out);
    if (next == at) {
      if (stop == FULL && line == 0) stop = UNKNOWN;
      break;
    }
    at = next;
    restart = at;
    out = outEnd;
    rows += lineRows;
    saved += lineSaved;
    const entry: usize = line << 2;
    store<i32>(inputEnds + entry, <i32>(at - input));
    store<i32>(outputEnds + entry, <i32>(out - output));
    store<i32>(rowEnds + entry, rows);
    store<i32>(savings + entry, saved);
    store<i32>(blanks + entry, lineBlanks);
    line++;
  }
  return line;
}

function readLine(from: usize, end: usize, cols: i32, start: usize): usize {
  const room: usize = output + OUTPUT_BYTES;
  let at = from;
  let out = start;
  let col: i32 = 0;
  let row: i32 = 0;
  let wide = false;
  let gapFrom: usize = 0;
  let gapEnd: usize = 0;
  let text = start;
  let older = start;
  let olderEnd = start;
  let olderCols: i32 = 0;
  let textAt = from;
  let begun = from;
  for (;;) {
    const run = at;
    for (;;) {
      const bytes = v128.load(at);
      v128.store(out, bytes);
      const others = i8x16.bitmask(v128.or(i8x16.le_s(bytes, i8x16.splat(0x1f)), i8x16.eq(bytes, i8x16.splat(0x7f))));
      if (others == 0) {
        at += STEP;
        out += STEP;
        continue;
      }
      const printable = <usize>ctz(others);
      at += printable;
      out += printable;
      break;
    }
    if (at > run) {
      col += <i32>(at - run);
      if (col > cols) {
        if (text != start) return unknown(from);
        const wraps = (col - 1) / cols;
        row += wraps;
        col -= wraps * cols;
      }
    }
    const byte = load<u8>(at);
    if (byte == 0x1b && load<u8>(at + 1) == 0x5b) {
      const others = i8x16.bitmask(i8x16.gt_u(i8x16.sub(v128.load(at + 2), i8x16.splat(0x30)), i8x16.splat(0x0b)));
      // Most sequences are short colours.
      if (others != 0) {
        const last = at + 2 + <usize>ctz(others);
        if (load<u8>(last) == 0x6d && last < end) {
          at = last + 1;
          continue;
        }
      }
    }
    if (at >= end) return from;
    if (<i32>(at - begun) > MAX_LINE && byte != 0x1b) return unknown(from);
    if (byte == 0x0d) {
      at++;
      while (load<u8>(at) == 0x0d) at++;
      if (at >= end) return from;
      if (load<u8>(at) == 0x0a) break;
    } else if (byte == 0x0a) {
      if (col > 0) return unknown(from);
      break;
    } else if (byte >= 0x80) {
      wide = true;
      do {
        const first = load<u8>(at);
        let code: u32;
        let length: usize;
        if (first < 0xe0) {
          if (first < 0xc2) return unknown(from);
          if (at + 2 > end) return from;
          const second = load<u8>(at + 1);
          if ((second & 0xc0) != 0x80) return unknown(from);
          code = ((<u32>first & 0x1f) << 6) | (<u32>second & 0x3f);
          if (code < 0xa0) return unknown(from);
          length = 2;
        } else if (first < 0xf0) {
          if (at + 3 > end) return from;
          const second = load<u8>(at + 1);
          const third = load<u8>(at + 2);
          if ((second & 0xc0) != 0x80 || (third & 0xc0) != 0x80) return unknown(from);
          code = ((<u32>first & 0x0f) << 12) | ((<u32>second & 0x3f) << 6) | (<u32>third & 0x3f);
          if (code < 0x800 || (code & 0xf800) == 0xd800) return unknown(from);
          length = 3;
        } else {
          if (at + 4 > end) return from;
          const second = load<u8>(at + 1);
          const third = load<u8>(at + 2);
          const fourth = load<u8>(at + 3);
          if (first > 0xf4 || (second & 0xc0) != 0x80 || (third & 0xc0) != 0x80 || (fourth & 0xc0) != 0x80)
            return unknown(from);
          code =
            ((<u32>first & 0x07) << 18) |
            ((<u32>second & 0x3f) << 12) |
            ((<u32>third & 0x3f) << 6) |
            (<u32>fourth & 0x3f);
          if (code < 0x10000 || code >= WIDTHS) return unknown(from);
          length = 4;
        }
        const width = <i32>load<u8>(widths + code);
        if (width == 0) return unknown(from);
        if (col + width > cols) {
          if (text != start || (col < cols && gapEnd == out)) return unknown(from);
          row++;
          col = 0;
        }
        col += width;
        store<u32>(out, load<u32>(at));
        at += length;
        out += length;
      } while (load<u8>(at) >= 0x80 && <i32>(at - begun) <= MAX_LINE);
      continue;
    } else if (byte == 0x1b) {
      if (at + 1 >= end) return from;
      if (load<u8>(at + 1) != 0x5b) return unknown(from);
      let last = at + 2;
      let letter = load<u8>(last);
      while (letter >= 0x30 && letter <= 0x3b) letter = load<u8>(++last);
      if (<i32>(last - at) > MAX_SEQUENCE) return unknown(from);
      if (last >= end) return from;
      const digits = <i32>(last - at) - 2;
      at = last + 1;
      if (letter == 0x6d) continue;
      const parameter: u8 = digits == 0 ? 0x30 : digits == 1 ? load<u8>(last - 1) : 0xff;
      if (letter == 0x4b) {
        if (row > 0 || col >= cols) return unknown(from);
        if (parameter == 0x30) olderCols = 0;
        else if (parameter == 0x32) {
          if (text + col + (end - at) > room) return full(from);
          memory.fill(text, 0x20, col);
          out = text + col;
          gapFrom = text;
          gapEnd = out;
          olderCols = 0;
        } else return unknown(from);
        continue;
      }
      if (letter != 0x47 || (parameter != 0x30 && parameter != 0x31)) return unknown(from);
    } else if (byte == 0x09) {
      if (col >= cols || olderCols > col) return unknown(from);
      const tab = min((col | 7) + 1, cols - 1);
      if (out + (tab - col) + (end - at) > room) return full(from);
      if (gapEnd != out) gapFrom = out;
      while (col < tab) {
        store<u8>(out++, 0x20);
        col++;
      }
      gapEnd = out;
      at++;
      continue;
    } else if (ignored(byte)) {
      if (col >= cols) return unknown(from);
      at++;
      continue;
    } else return unknown(from);
    // The cursor goes back to the first column.
    if (row > 0) return unknown(from);
    if (olderCols <= col) {
      begun = textAt;
      restart = textAt;
    } else {
      if (!joinOlder(older, olderEnd, col, out, room - (end - at))) return full(from);
      out = outEnd;
      col = olderCols;
    }
    older = text;
    olderEnd = out;
    olderCols = col;
    text = out;
    textAt = at;
    col = 0;
    gapEnd = 0;
  }
  if (text != start) {
    if (olderCols > col) {
      if (!joinOlder(older, olderEnd, col, out, room - (end - at))) return full(from);
      out = outEnd;
    }
    memory.copy(start, text, out - text);
    out = start + (out - text);
    gapEnd = 0;
  }
  const written = gapEnd == out ? gapFrom : out;
  lineBlanks = 0;
  if (out > start && (load<u8>(out - 1) <= 0x20 || load<u8>(out - 1) >= 0x80)) {
    out = trimmed(start, out);
    lineBlanks = written > out ? <i32>(written - out) : 0;
    if (lineBlanks > 0 && row > 0 && !areSpaces(out, written)) return unknown(from);
  }
  lineSaved = wide ? savedUnits(start, out) : 0;
  lineRows = row + 1;
  store<u8>(out, 0x0a);
  outEnd = out + 1;
  return at + 1;
}

function unknown(from: usize): usize {
  stop = UNKNOWN;
  return from;
}

function full(from: usize): usize {
  stop = FULL;
  return from;
}

function ignored(byte: u8): bool {
  return (
    byte < 0x08 || (byte >= 0x10 && byte <= 0x17) || byte == 0x19 || (byte >= 0x1c && byte <= 0x1f) || byte == 0x7f
  );
}

/** Puts what stands in `older` from column `col` on behind `out`; false where there is no room for it. */
function joinOlder(older: usize, olderEnd: usize, col: i32, out: usize, room: usize): bool {
  let from = older;
  let left = col;
  while (left > 0 && from < olderEnd) {
    const first = load<u8>(from);
    let width = 1;
    if (first < 0x80) from++;
    else {
      let length: usize = 2;
      let code: u32 = ((<u32>first & 0x1f) << 6) | (<u32>load<u8>(from + 1) & 0x3f);
      if (first >= 0xf0) {
        length = 4;
        code =
          ((<u32>first & 0x07) << 18) |
          ((<u32>load<u8>(from + 1) & 0x3f) << 12) |
          ((<u32>load<u8>(from + 2) & 0x3f) << 6) |
          (<u32>load<u8>(from + 3) & 0x3f);
      } else if (first >= 0xe0) {
        length = 3;
        code = ((<u32>first & 0x0f) << 12) | ((<u32>load<u8>(from + 1) & 0x3f) << 6) | (<u32>load<u8>(from + 2) & 0x3f);
      }
      width = <i32>load<u8>(widths + code);
      from += length;
    }
    left -= width;
  }
  const length = olderEnd - from;
  if (out + length + 1 > room) return false;
  // The second half of a wide character that was written over is blank.
  if (left < 0) store<u8>(out++, 0x20);
  memory.copy(out, from, length);
  outEnd = out + length;
  return true;
}

/** Where the text from `start` to `end` ends without the blanks at its end: what String.prototype.trimEnd takes. */
function trimmed(start: usize, end: usize): usize {
  for (let blank = 1; blank > 0; end -= blank) {
    while (end > start && load<u8>(end - 1) == 0x20) end--;
    blank = 0;
    if (end == start || load<u8>(end - 1) < 0x80) break;
    if (load<u16>(end - 2) == 0xa0c2) blank = 2;
    else if (isBlank(load<u8>(end - 3), load<u8>(end - 2), load<u8>(end - 1))) blank = 3;
  }
  return end;
}

function areSpaces(from: usize, to: usize): bool {
  for (let at = from; at < to; at++) if (load<u8>(at) != 0x20) return false;
  return true;
}

function isBlank(first: u8, second: u8, third: u8): bool {
  if (first == 0xe2) {
    if (second == 0x80) return third <= 0x8a || third == 0xa8 || third == 0xa9 || third == 0xaf;
    return second == 0x81 && third == 0x9f;
  }
  if (first == 0xe3) return second == 0x80 && third == 0x80;
  if (first == 0xe1) return second == 0x9a && third == 0x80;
  return first == 0xef && second == 0xbb && third == 0xbf;
}

/** How many code units of UTF-16 less than bytes that is. */
function savedUnits(from: usize, to: usize): i32 {
  let saved: i32 = 0;
  let at = from;
  for (; at + STEP <= to; at += STEP) {
    const bytes = v128.load(at);
    saved += popcnt(i8x16.bitmask(i8x16.lt_s(bytes, i8x16.splat(-64))));
    saved -= popcnt(i8x16.bitmask(i8x16.ge_u(bytes, i8x16.splat(-16))));
  }
  for (; at < to; at++) {
    const byte = load<u8>(at);
    if ((byte & 0xc0) == 0x80) saved++;
    else if (byte >= 0xf0) saved--;
  }
  return saved;
}

/** Puts a CR in front of each LF that has none; `before` is the byte in front of the input. Gives how many bytes that makes. */
export function expandLineFeeds(length: i32, before: i32): i32 {
  const end: usize = input + length;
  let at: usize = input;
  let out: usize = output;
  let last: u8 = <u8>before;
  while (at < end) {
    const bytes = v128.load(at);
    v128.store(out, bytes);
    const feeds = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(0x0a)));
    const step: usize = feeds == 0 ? <usize>STEP : <usize>ctz(feeds);
    if (at + step >= end) {
      out += end - at;
      break;
    }
    if (step > 0) last = load<u8>(at + step - 1);
    at += step;
    out += step;
    if (feeds == 0) continue;
    if (last != 0x0d) store<u8>(out++, 0x0d);
    store<u8>(out++, 0x0a);
    last = 0x0a;
    at++;
  }
  return <i32>(out - output);
}
