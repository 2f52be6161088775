import { paletteColour } from '../../core/terminal/palette.js';
import type { CursorPosition } from '../../core/terminal/cursor-position.js';
import type { CsiSequence, EscapeToken, StringSequence } from '../../core/terminal/escape-sequences.js';
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
  /** OSC 10 to 19, and OSC 4 with the number in the palette; each is answered, with the terminator they came with. */
  | { readonly type: 'colours'; readonly which: readonly string[]; readonly terminator: 'bel' | 'st' }
  /** `CSI ? 996 n`: dark or light. */
  | { readonly type: 'scheme' }
  /** XTWINOPS 14, 16 and 18 */
  | { readonly type: 'size'; readonly unit: 'pixels' | 'cell' | 'cells' }
  /** OSC 7501: whether the terminal listens to a program's reports of its status. */
  | { readonly type: 'listening' }
  /** OSC 99 `p=?`: which notifications are shown. */
  | { readonly type: 'notifications'; readonly id: string | undefined; readonly terminator: 'bel' | 'st' }
  /** Kitty's graphics, `a=q`: whether this one could be drawn. `id`: `i=31`, or the number `I` that a client gave it. */
  | { readonly type: 'graphics'; readonly id: string }
  /** XTGETTCAP; the names are in hexadecimal. */
  | { readonly type: 'capabilities'; readonly names: string };

/** The facts that answers are made of. */
export interface TerminalFacts {
  readonly size: TerminalSize;
  /** The version of orch, for XTVERSION. */
  readonly version: string;
}

/** One cell in pixels, as XTWINOPS 14 and 16 are answered: a common 8×16 font. */
const CELL_PIXELS = { width: 8, height: 16 } as const;
const LIGHT = 'rgb:ffff/ffff/ffff';
const DARK = 'rgb:0000/0000/0000';
/** Of OSC 10 to 19, light on dark: what agents also assume without an answer. A selection is dark on light. */
const COLOURS: ReadonlyMap<string, string> = new Map([
  ...([10, 12, 13, 15, 17, 18] as const).map((which): [string, string] => [`${which}`, LIGHT]),
  ...([11, 14, 16, 19] as const).map((which): [string, string] => [`${which}`, DARK]),
]);
/** What an agent waits for before it reports its status (docs/status-and-notify.md). */
const LISTENING = '\x1b]7501;?1\x1b\\';
const REPORTS: Readonly<Record<ModeReport, number>> = { unknown: 0, set: 1, reset: 2 };

/** The query in `token`, if it is one. `modes` are those in force at that point. */
export function queryIn(token: EscapeToken, modes: TerminalModes): TerminalQuery | undefined {
  switch (token.type) {
    case 'osc':
      return oscQuery(payloadOf(token), token.terminator);
    case 'dcs':
      return capabilityQuery(token);
    case 'apc':
      return graphicsQuery(payloadOf(token));
    case 'csi':
      return controlQuery(token, modes);
    default:
      return undefined;
  }
}

function controlQuery(token: CsiSequence, modes: TerminalModes): TerminalQuery | undefined {
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
      if (first === 996) return { type: 'scheme' };
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
      if (first === 16) return { type: 'size', unit: 'cell' };
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
    case 'colours':
      return query.which.map((which) => `\x1b]${which};${colourOf(which)}${END[query.terminator]}`).join('');
    case 'scheme':
      return '\x1b[?997;1n';
    case 'size':
      return sizeReport(query.unit, size);
    case 'listening':
      return LISTENING;
    case 'notifications': // An empty list: none of them.
      return `\x1b]99;${query.id === undefined ? '' : `i=${query.id}:`}p=?;${END[query.terminator]}`;
    case 'graphics':
      return `\x1b_G${query.id};ENOTSUPPORTED:no graphics here\x1b\\`;
    case 'capabilities':
      return `\x1bP0+r${query.names}\x1b\\`;
  }
}

/** The answer to a cursor query. */
export function cursorReport(extended: boolean, { row, col }: CursorPosition): string {
  return `\x1b[${extended ? '?' : ''}${row};${col}R`;
}

const PALETTE = '4;';
const END = { bel: '\x07', st: '\x1b\\' } as const;

function sizeReport(unit: 'pixels' | 'cell' | 'cells', { rows, cols }: TerminalSize): string {
  const { width, height } = CELL_PIXELS;
  switch (unit) {
    case 'pixels':
      return `\x1b[4;${rows * height};${cols * width}t`;
    case 'cell':
      return `\x1b[6;${height};${width}t`;
    case 'cells':
      return `\x1b[8;${rows};${cols}t`;
  }
}

/** `which`: `11`, or `4;7` for the eighth of the palette. */
function colourOf(which: string): string {
  return COLOURS.get(which) ?? xColour(paletteColour(Number(which.slice(PALETTE.length))));
}

/** 0xRRGGBB as X11 has it: `rgb:cdcd/0000/0000`. */
function xColour(value: number): string {
  const channels = value.toString(16).padStart(6, '0').match(/../g) ?? [];
  return `rgb:${channels.map((channel) => channel.repeat(2)).join('/')}`;
}

/** What was kept of a string's payload; empty where that is not all, which no query is long enough for. */
function payloadOf({ payload, payloadBytes }: Pick<StringSequence, 'payload' | 'payloadBytes'>): string {
  return payloadBytes > payload.length ? '' : Buffer.from(payload).toString('latin1');
}

function oscQuery(payload: string, terminator: 'bel' | 'st'): TerminalQuery | undefined {
  const [command = '', ...rest] = payload.split(';');
  if (command === '7501') return payload === '7501;?' ? { type: 'listening' } : undefined;
  if (command === '99') return notificationQuery(rest, terminator);
  const which = command === '4' ? askedOfPalette(rest) : askedInTurn(Number(command), rest);
  return which.length === 0 ? undefined : { type: 'colours', which, terminator };
}

/** `OSC 4 ; 0 ; ? ; 1 ; ?`: pairs of a number and what it is to be, or a question mark. */
function askedOfPalette(words: readonly string[]): readonly string[] {
  return words.flatMap((number, at) =>
    at % 2 === 0 && words[at + 1] === '?' && /^\d{1,3}$/.test(number) && Number(number) < 256
      ? [`${PALETTE}${Number(number)}`]
      : [],
  );
}

/** `OSC 10 ; ? ; ?` asks for 10 and 11. */
function askedInTurn(first: number, words: readonly string[]): readonly string[] {
  return words.flatMap((word, at) => {
    const which = `${first + at}`;
    return word === '?' && COLOURS.has(which) ? [which] : [];
  });
}

/** Metadata are pairs such as `i=NAME`; what is echoed is made of letters that no terminal takes for anything else. */
function notificationQuery([metadata = '']: readonly string[], terminator: 'bel' | 'st'): TerminalQuery | undefined {
  const pairs = metadata.split(':');
  if (!pairs.includes('p=?')) return undefined;
  const id = pairs.map((pair) => /^i=([\w+.-]{1,64})$/.exec(pair)?.[1]).find((found) => found !== undefined);
  return { type: 'notifications', id, terminator };
}

/** One without an id, or with `q=2`, wants no answer. */
function graphicsQuery(payload: string): TerminalQuery | undefined {
  if (!payload.startsWith('G')) return undefined;
  const keys = (payload.slice(1).split(';', 1)[0] ?? '').split(',');
  const id = keys.filter((key) => /^[iI]=\d{1,10}$/.test(key)).join(',');
  return keys.includes('a=q') && !keys.includes('q=2') && id !== '' ? { type: 'graphics', id } : undefined;
}

function capabilityQuery(token: Extract<EscapeToken, { type: 'dcs' }>): TerminalQuery | undefined {
  if (`${token.prefix}${token.rawParams}${token.intermediates}${token.final}` !== '+q') return undefined;
  const names = payloadOf(token);
  return /^[0-9A-Fa-f;]+$/.test(names) ? { type: 'capabilities', names } : undefined;
}
