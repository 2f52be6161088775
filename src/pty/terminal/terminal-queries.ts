import type { CursorPosition } from '../../core/terminal/cursor-position.js';
import type { EscapeToken } from '../../core/terminal/escape-sequences.js';
import type { TerminalSize } from '../../core/terminal/size.js';
import type { ModeReport, TerminalModes } from './terminal-modes.js';

/** A query of a program to its terminal, whose answer the program may wait for. */
export type TerminalQuery =
  /** DA1, DA2 */
  | { readonly type: 'attributes'; readonly which: 'primary' | 'secondary' }
  /** DSR 5 */
  | { readonly type: 'status' }
  /** DSR 6; `extended` is DEC's own form, `CSI ? 6 n`. */
  | { readonly type: 'cursor'; readonly extended: boolean }
  /** DECRQM; the report is taken when the question is met, for the next byte may change it. */
  | { readonly type: 'mode'; readonly dec: boolean; readonly mode: number; readonly report: ModeReport }
  /** XTVERSION */
  | { readonly type: 'version' }
  /** `CSI ? u` */
  | { readonly type: 'keyboard'; readonly flags: number }
  /** OSC 10 and 11, answered with the terminator they came with. */
  | { readonly type: 'colour'; readonly which: 10 | 11; readonly terminator: 'bel' | 'st' }
  /** XTWINOPS 14 and 18 */
  | { readonly type: 'size'; readonly unit: 'pixels' | 'cells' };

/** The facts that answers are made of. */
export interface TerminalFacts {
  readonly size: TerminalSize;
  /** The version of orch, for XTVERSION. */
  readonly version: string;
}

/** One cell in pixels, as XTWINOPS 14 is answered: a common 8×16 font. */
const CELL_PIXELS = { width: 8, height: 16 } as const;
/** Light on dark: what agents also assume without an answer. */
const COLOURS = { 10: 'rgb:ffff/ffff/ffff', 11: 'rgb:0000/0000/0000' } as const;
const REPORTS: Readonly<Record<ModeReport, number>> = { unknown: 0, set: 1, reset: 2 };

/** The query in `token`, if it is one. `modes` are those in force at that point. */
export function queryIn(token: EscapeToken, modes: TerminalModes): TerminalQuery | undefined {
  if (token.type === 'osc') return colourQuery(Buffer.from(token.payload).toString('latin1'), token.terminator);
  if (token.type !== 'csi') return undefined;
  const [first = 0] = token.params;
  switch (`${token.prefix}${token.intermediates}${token.final}`) {
    case 'c':
      return first === 0 ? { type: 'attributes', which: 'primary' } : undefined;
    case '>c':
      return first === 0 ? { type: 'attributes', which: 'secondary' } : undefined;
    case 'n':
      if (first === 5) return { type: 'status' };
      return first === 6 ? { type: 'cursor', extended: false } : undefined;
    case '?n':
      return first === 6 ? { type: 'cursor', extended: true } : undefined;
    case '?$p':
      return { type: 'mode', dec: true, mode: first, report: modes.decMode(first) };
    case '$p':
      return { type: 'mode', dec: false, mode: first, report: modes.ansiMode(first) };
    case '>q':
      return first === 0 ? { type: 'version' } : undefined;
    case '?u':
      return { type: 'keyboard', flags: modes.kittyFlags };
    case 't':
      if (first === 14) return { type: 'size', unit: 'pixels' };
      return first === 18 ? { type: 'size', unit: 'cells' } : undefined;
    default:
      return undefined;
  }
}

/** The bytes that a terminal sends back (xterm, ctlseqs); {@link cursorReport} answers cursor queries. */
export function answerTo(query: Exclude<TerminalQuery, { type: 'cursor' }>, { size, version }: TerminalFacts): string {
  switch (query.type) {
    case 'attributes': // A VT220 with ANSI colour.
      return query.which === 'primary' ? '\x1b[?62;22c' : '\x1b[>1;10;0c';
    case 'status':
      return '\x1b[0n';
    case 'mode':
      return `\x1b[${query.dec ? '?' : ''}${query.mode};${REPORTS[query.report]}$y`;
    case 'version':
      return `\x1bP>|orch(${version})\x1b\\`;
    case 'keyboard':
      return `\x1b[?${query.flags}u`;
    case 'colour':
      return `\x1b]${query.which};${COLOURS[query.which]}${query.terminator === 'bel' ? '\x07' : '\x1b\\'}`;
    case 'size':
      return query.unit === 'cells'
        ? `\x1b[8;${size.rows};${size.cols}t`
        : `\x1b[4;${size.rows * CELL_PIXELS.height};${size.cols * CELL_PIXELS.width}t`;
  }
}

/** The answer to a cursor query. */
export function cursorReport(extended: boolean, { row, col }: CursorPosition): string {
  return `\x1b[${extended ? '?' : ''}${row};${col}R`;
}

function colourQuery(payload: string, terminator: 'bel' | 'st'): TerminalQuery | undefined {
  const which = /^(10|11);\?$/.exec(payload)?.[1];
  return which === undefined ? undefined : { type: 'colour', which: which === '10' ? 10 : 11, terminator };
}
