import { cellWidth } from '../../core/terminal/cell-width.js';

/**
 * The table of widths, and what of it goes into the cell before: marks, also where a cursor movement parted them from
 * their character, and what a zero width joiner ties on. `👩‍💻` is one cell of two columns, as programs count and as
 * tmux draws it. The emulator asks it; `preceding` is what it returned for the character before, or 0.
 */
export class ClusterWidths {
  readonly version = 'clusters';

  wcwidth(codepoint: number): 0 | 1 | 2 {
    return isControl(codepoint) ? 0 : cellWidth(codepoint);
  }

  charProperties(codepoint: number, preceding: number): number {
    if (codepoint >= 0x20 && codepoint < 0x7f) return ASCII;
    const width = this.wcwidth(codepoint);
    const before = unpack(preceding);
    const joins = width === 0 || (width === 2 && before.afterJoiner);
    if (!joins) return pack({ width, joins: false, afterJoiner: false, length: 1 });
    // A cell grows no longer than this: what is more takes a cell of its own.
    if (before.length >= MAX_CLUSTER) return pack({ width: 1, joins: false, afterJoiner: false, length: 1 });
    return pack({
      width: Math.max(width, before.width),
      joins: true,
      afterJoiner: codepoint === ZERO_WIDTH_JOINER && before.width > 0,
      length: before.length + 1,
    });
  }
}

function isControl(codepoint: number): boolean {
  return codepoint < 0x20 || (codepoint >= 0x7f && codepoint < 0xa0);
}

/** The longest emoji sequences have 10 code points; stacked marks beyond 30 are no text. */
const MAX_CLUSTER = 30;
const ZERO_WIDTH_JOINER = 0x200d;

interface Properties {
  readonly width: number;
  /** The character goes into the cell before. */
  readonly joins: boolean;
  readonly afterJoiner: boolean;
  /** Code points in the cell. */
  readonly length: number;
}

/** xterm.js packs a bit for joining, two for the width, and leaves the rest to the table. */
function pack({ width, joins, afterJoiner, length }: Properties): number {
  return (length << 4) | (Number(afterJoiner) << 3) | (width << 1) | Number(joins);
}

function unpack(properties: number): Properties {
  return {
    joins: (properties & 1) !== 0,
    width: (properties >> 1) & 3,
    afterJoiner: (properties & 8) !== 0,
    length: properties >> 4,
  };
}

/** What most characters are. */
const ASCII = pack({ width: 1, joins: false, afterJoiner: false, length: 1 });
