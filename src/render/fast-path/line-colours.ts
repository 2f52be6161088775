import { ESC } from '../../core/terminal/codes.js';

/** SGR sequences as they stand: those that text stands behind, and those behind all text. */
export interface LineColours {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
}

/**
 * Those of whole lines (see WholeLines) that matter for what comes behind them: what stands in front of a reset does not,
 * where there is text between. Of many resets in a row only the last few are tried.
 */
export function lineColours(lines: Uint8Array): LineColours {
  if (!lines.includes(ESC)) return { applied: [], pending: [] };
  const text = Buffer.from(lines.buffer, lines.byteOffset, lines.length).toString('latin1');
  let from = text.length;
  for (let tries = 0; tries < RESET_TRIES && from > 0; tries++) {
    from = Math.max(0, text.lastIndexOf('\x1b[0m', from - 1), text.lastIndexOf('\x1b[m', from - 1));
    const colours = coloursOf(text.slice(from));
    if (colours.applied.length > 0) return colours;
  }
  return coloursOf(text);
}

function coloursOf(text: string): LineColours {
  const applied: string[] = [];
  let pending: string[] = [];
  for (const [part] of text.matchAll(PARTS)) {
    if (part.endsWith('m') && part.startsWith('\x1b')) pending.push(part);
    else {
      applied.push(...pending);
      pending = [];
    }
  }
  return { applied, pending };
}

/** Sequences, and text; EL, too, is done with the colours in front of it. */
const PARTS = /\x1b\[[\d;:]*[mK]|[ -~]+/g;
/** Each reads on from a reset to the end: more would take longer than reading all. */
const RESET_TRIES = 3;
