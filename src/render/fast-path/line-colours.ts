import { ESC } from '../../core/terminal/codes.js';

/** The SGR sequences of whole lines (see WholeLines) that matter for what comes behind them: those from the last reset on. */
export function lineColours(lines: Uint8Array): readonly string[] {
  if (!lines.includes(ESC)) return [];
  const text = Buffer.from(lines.buffer, lines.byteOffset, lines.length).toString('latin1');
  const from = Math.max(0, text.lastIndexOf('\x1b[0m'), text.lastIndexOf('\x1b[m'));
  return text.slice(from).match(SGR) ?? [];
}

const SGR = /\x1b\[[\d;:]*m/g;
